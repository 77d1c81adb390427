package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A closing executor still runs the cleanups that are handed to it, though it takes no other work. */
class ClosingTest {
    private final List<String> trace = new CopyOnWriteArrayList<>();

    /** Drops what it holds by {@code drop()}, without a context, so that the cleanup goes to the spawner. */
    private static final class Careless implements Future<Void> {
        private final Future<Void> inner;
        private final CountDownLatch started;

        Careless(Future<Void> inner, CountDownLatch started) {
            this.inner = inner;
            this.started = started;
        }

        @Override
        public Poll<Void> poll(Context cx) throws Exception {
            Poll<Void> poll = inner.poll(cx);
            started.countDown();
            return poll;
        }

        @Override
        public void drop() {
            inner.drop();
        }
    }

    private Future<Void> body() {
        return async(() -> {
            try {
                await(sleep(Duration.ofHours(1)));
            } finally {
                await(sleep(Duration.ofMillis(2)));
                trace.add("cleaned");
            }
        });
    }

    private CountDownLatch spawnOn(Spawner spawner) {
        CountDownLatch started = new CountDownLatch(1);
        spawner.spawn(new Careless(body(), started)).detach();
        return started;
    }

    @Test
    void onTheLocalExecutor() {
        LocalExecutor executor = new LocalExecutor();
        spawnOn(executor);
        executor.runUntilStalled();
        executor.close();
        assertEquals(List.of("cleaned"), trace);
    }

    @Test
    void onTheWorkStealingExecutor() throws Exception {
        WorkStealingExecutor executor = WorkStealingExecutor.create(2);
        spawnOn(executor).await();
        executor.close();
        assertEquals(List.of("cleaned"), trace);
    }

    /** Keeps AsyncCloseable in the picture: a resource that waits to close is a cleanup like any other. */
    @Test
    void withAResource() {
        LocalExecutor executor = new LocalExecutor();
        AsyncCloseable resource = new AsyncCloseable() {
            @Override
            public Future<Void> closeAsync() {
                return async(() -> {
                    await(sleep(Duration.ofMillis(2)));
                    trace.add("closed");
                });
            }

            @Override
            public void close() {}
        };
        executor.spawn(new Careless(
                        async(() -> {
                            try (resource) {
                                await(sleep(Duration.ofHours(1)));
                            }
                        }),
                        new CountDownLatch(1)))
                .detach();
        executor.runUntilStalled();
        executor.close();
        assertEquals(List.of("closed"), trace);
    }
}
