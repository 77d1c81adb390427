package dev.latent.examples;

import static dev.latent.Async.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.*;
import dev.latent.Future;
import dev.latent.io.Io;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The programs that show how Latent reads. */
class ReadsLikeTest {
    private final List<String> log = new ArrayList<>();

    record Page(String user, List<String> orders) {}

    private Future<String> user(long id) {
        return async(() -> {
            log.add("user " + id);
            await(sleep(ofMillis(5)));
            return "user " + id;
        });
    }

    private Future<List<String>> orders(long id) {
        return async(() -> {
            await(yieldNow());
            return List.of("order of " + id);
        });
    }

    private Future<Page> page(long id) {
        return async(() -> {
            var user = user(id); // nothing runs yet
            var orders = orders(id);
            var both = await(join(user, orders)); // now both run, at the same time, on this task
            return new Page(both.first(), both.second());
        });
    }

    private Future<String> slow() {
        return async(() -> {
            try {
                await(sleep(ofSeconds(60)));
                return "slow";
            } finally {
                log.add("cleaned up");
            }
        });
    }

    private Future<Void> ping() {
        return async(() -> {
            await(yieldNow());
            log.add("ping");
        });
    }

    @Test
    void futuresDoNothingUntilAwaited() throws Exception {
        var page = page(7);
        assertEquals(List.of(), log);
        assertEquals(new Page("user 7", List.of("order of 7")), Latent.blockOn(page));
    }

    @Test
    void droppedBeforeItBegan() {
        page(7).drop();
        assertEquals(List.of(), log);
    }

    @Test
    void aTaskEndsWithItsHandle() throws Exception {
        Latent.blockOn(async(() -> {
            try (var h = spawn(slow())) {
                await(sleep(ofMillis(5)));
                assertTrue(!h.isFinished());
            }
            log.add("left");
        }));
        assertEquals(List.of("cleaned up", "left"), log);
    }

    @Test
    void detached() throws Exception {
        var done = new CompletableFuture<String>();
        Latent.blockOn(async(() -> {
            spawn(async(() -> {
                        done.complete(await(user(1)));
                    }))
                    .detach();
            await(Futures.observe(done));
        }));
        assertEquals("user 1", done.join());
    }

    @Test
    void tooLate() {
        assertThrows(TimeoutException.class, () -> Latent.blockOn(timeout(ofMillis(5), slow())));
        assertEquals(List.of("cleaned up"), log);
    }

    @Test
    void theLoserIsDropped() throws Exception {
        Latent.blockOn(async(() -> {
            switch (await(select(slow(), sleep(ofMillis(5))))) {
                case First(var message) -> log.add(message);
                case Second(var late) -> await(ping());
            }
        }));
        assertEquals(List.of("cleaned up", "ping"), log);
    }

    @Test
    void threeBranches() throws Exception {
        assertEquals("[order of 2]", Latent.blockOn(async(() -> switch (await(select(slow(), orders(2), page(3)))) {
            case First(var text) -> text;
            case Second(var orders) -> orders.toString();
            case Third(var page) -> page.user();
        })));
    }

    @Test
    void arms() throws Exception {
        assertEquals(1, (int) Latent.blockOn(select(on(slow(), text -> text.length()), on(orders(1), orders -> {
            await(ping());
            return orders.size();
        }))));
        assertEquals(List.of("cleaned up", "ping"), log);
    }

    @Test
    void pinned() throws Exception {
        Page page = Latent.blockOn(async(() -> {
            try (var work = pin(async(() -> {
                await(sleep(ofMillis(50)));
                return await(page(7));
            }))) {
                while (true) {
                    switch (await(select(work, sleep(ofMillis(5))))) {
                        case First(var p) -> {
                            return p;
                        }
                        case Second(var late) -> await(ping());
                    }
                }
            }
        }));
        assertEquals("user 7", page.user());
        assertTrue(log.contains("ping"));
    }

    private <R> Future<R> retry(int times, AsyncCallable<R> body) {
        return async(() -> {
            for (int i = 1; ; i++) {
                try {
                    return await(async(body));
                } catch (IOException e) {
                    if (i == times) {
                        throw e;
                    }
                    await(sleep(ofMillis(1L << i)));
                }
            }
        });
    }

    @Test
    void anyLambdaCanBeAsync() throws Exception {
        int[] tries = new int[1];
        String got = Latent.blockOn(retry(3, () -> {
            var user = await(user(9));
            if (++tries[0] < 3) {
                throw new IOException("not yet");
            }
            return user + " after " + tries[0];
        }));
        assertEquals("user 9 after 3", got);
        assertThrows(
                IOException.class,
                () -> Latent.blockOn(retry(2, () -> {
                    await(yieldNow());
                    throw new IOException("never");
                })));
    }

    @Test
    void everyExecutor() throws Exception {
        assertEquals("user 7", Latent.blockOn(page(7)).user());
        try (var pool = WorkStealingExecutor.create(2)) {
            assertEquals("user 7", pool.blockOn(page(7)).user());
        }
        try (var loop = new LocalExecutor()) {
            var task = loop.toCompletableFuture(page(7));
            while (!task.isDone()) {
                loop.runUntilStalled();
            }
            assertEquals("user 7", task.join().user());
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertEquals(
                    "user 7",
                    Latent.on(threads).toCompletableFuture(page(7)).join().user());
        }
    }

    private Future<Void> serve(CompletableFuture<Integer> bound) {
        return scopeDo(
                clients -> { // owns every client: leaving it drops them, cleanup included
                    try (var listener = await(TcpListener.bind("127.0.0.1", 0))) {
                        bound.complete(listener.localAddress().getPort());
                        while (true) {
                            var conn = await(listener.accept());
                            clients.spawn(async(() -> {
                                try (conn) {
                                    await(Io.copy(conn, conn));
                                }
                            }));
                        }
                    }
                });
    }

    @Test
    void aServer() throws Exception {
        var bound = new CompletableFuture<Integer>();
        String echoed = Latent.blockOn(async(() -> {
            switch (await(select(serve(bound), client(bound)))) {
                case First(var ended) -> {
                    return "the server ended";
                }
                case Second(var text) -> {
                    return text;
                }
            }
        }));
        assertEquals("hello", echoed);
    }

    private static Future<String> client(CompletableFuture<Integer> bound) {
        return async(() -> {
            int port = await(Futures.observe(bound));
            try (var conn = await(TcpStream.connect("127.0.0.1", port))) {
                await(conn.write(ByteBuffer.wrap("hello".getBytes())));
                var in = ByteBuffer.allocate(5);
                while (in.hasRemaining()) {
                    await(conn.read(in));
                }
                return new String(in.array());
            }
        });
    }

    static final class Countdown implements Future<String> {
        private int left = 3;

        @Override
        public Poll<String> poll(Context cx) {
            if (left-- == 0) {
                return Poll.ready("liftoff");
            }
            cx.waker().wake(); // ask to be polled again
            return Poll.pending();
        }

        @Override
        public void drop() {} // owns nothing
    }

    @Test
    void byHand() throws Exception {
        assertEquals("liftoff", Latent.blockOn(new Countdown()));
        assertEquals("liftoff!", Latent.blockOn(async(() -> await(new Countdown()) + "!")));
    }

    @Test
    void aFailureTellsTheAwaitChain() {
        var failure = assertThrows(IOException.class, () -> Latent.blockOn(outer()));
        var methods = new ArrayList<String>();
        for (var element : failure.getStackTrace()) {
            methods.add(element.getMethodName());
        }
        assertTrue(methods.indexOf("inner") >= 0, methods.toString());
        assertTrue(methods.indexOf("outer") > methods.indexOf("inner"), methods.toString());
    }

    private static Future<Void> outer() {
        return async(() -> {
            await(inner());
        });
    }

    private static Future<Void> inner() {
        return async(() -> {
            await(sleep(ofMillis(1)));
            throw new IOException("out of stock");
        });
    }
}
