package dev.latent.runtime.streams;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.withTimeout;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.Releasable;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.stream.AsyncStream;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A buffer with a task of its own. */
class BufferTaskTest {
    private final VirtualClock clock = new VirtualClock();
    private final LocalExecutor local = LocalExecutor.builder()
            .world(World.empty().with(Clock.class, clock))
            .build();
    private final List<String> log = new ArrayList<>();
    private final long began = clock.nanoTime();

    private long now() {
        return (clock.nanoTime() - began) / 1_000_000;
    }

    private AsyncStream<Integer> slow(int n) {
        return AsyncStream.generate(out -> {
            try {
                for (int i = 0; i < n; i++) {
                    await(sleep(ofMillis(10)));
                    await(out.emit(i));
                }
            } finally {
                await(sleep(ofMillis(5)));
                log.add("cleaned up at " + now());
            }
        });
    }

    @Test
    void bothSidesWorkAtTheSameTime() throws Exception {
        List<Integer> got = new ArrayList<>();
        local.blockOn(slow(5).buffer(2, local).forEach(i -> {
            await(sleep(ofMillis(10)));
            got.add(i);
        }));
        assertEquals(List.of(0, 1, 2, 3, 4), got);
        assertEquals(60, now());
        assertEquals(0, local.liveTasks());
    }

    @Test
    void aFailureStandsBehindWhatWasTaken() {
        List<Integer> got = new ArrayList<>();
        var failed = assertThrows(
                IOException.class,
                () -> local.blockOn(AsyncStream.of(1, 2, 3)
                        .map(i -> {
                            if (i == 3) {
                                throw new IOException("three");
                            }
                            return i;
                        })
                        .buffer(8, local)
                        .forEach(i -> {
                            await(sleep(ofMillis(1)));
                            got.add(i);
                        })));
        assertEquals("three", failed.getMessage());
        assertEquals(List.of(1, 2), got);
        assertEquals(0, local.liveTasks());
    }

    @Test
    void dropIsACancelWhoseCleanupIsAwaited() throws Exception {
        local.blockOn(async(() -> {
            await(withTimeout(ofMillis(35), slow(100).buffer(2, local).forEach(_ -> await(sleep(ofMillis(1_000))))));
            log.add("dropped at " + now());
        }));
        assertEquals(List.of("cleaned up at 40", "dropped at 40"), log);
        assertEquals(0, local.liveTasks());
    }

    @Test
    void whoTakesAFewEndsTheTask() throws Exception {
        assertEquals(
                List.of(0, 1), local.blockOn(slow(100).buffer(4, local).take(2).toList()));
        assertEquals(1, log.size());
        assertEquals(0, local.liveTasks());
    }

    private record Thing(AtomicInteger open) implements Releasable {
        Thing {
            open.getAndIncrement();
        }

        @Override
        public void close() {
            open.getAndDecrement();
        }
    }

    @Test
    void whatWasTakenAndNotGivenIsClosed() throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger made = new AtomicInteger();
        local.blockOn(withTimeout(
                ofMillis(10),
                AsyncStream.repeat(0)
                        .map(_ -> {
                            made.getAndIncrement();
                            return new Thing(open);
                        })
                        .buffer(3, local)
                        .forEach(thing -> {
                            try (thing) {
                                await(sleep(ofMillis(1_000)));
                            }
                        })));
        assertEquals(5, made.get(), "one was given, three are in the channel, and one waits for a place");
        assertEquals(0, open.get());
    }

    @Test
    void aStreamThatNobodyAsksStartsNoTask() throws Exception {
        var stream = slow(3).buffer(2, local);
        local.runUntilStalled();
        stream.close();
        assertEquals(0, local.liveTasks());
        assertEquals(List.of(), log);
    }

    @Test
    void aClosedExecutorIsTold() throws Exception {
        LocalExecutor closed = new LocalExecutor();
        closed.close();
        assertThrows(
                CancellationException.class,
                () -> local.blockOn(slow(3).buffer(2, closed).toList()));
    }

    @Test
    void onAnotherExecutor() throws Exception {
        try (WorkStealingExecutor pool =
                        WorkStealingExecutor.builder().threads(2).build();
                LocalExecutor here = new LocalExecutor()) {
            List<Integer> want = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                want.add(i);
            }
            assertEquals(
                    want, here.blockOn(AsyncStream.from(want).buffer(16, pool).toList()));
            assertEquals(0, pool.liveTasks());
        }
    }
}
