package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Guards, permits and counted senders that nobody closes. */
class NotClosedTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import dev.latent.channel.*;
            import dev.latent.sync.*;
            import java.util.*;
            class T {
                interface Lease extends Releasable { int id(); }
                interface Pool { Future<Lease> lease(); }
                interface Conn extends AsyncCloseable { Future<Conn> begin(); }
                Guard<Integer> kept;
                static Future<Void> use(Object o) { return Futures.done(); }
            """;

    private static List<String> check(String body) throws Exception {
        return Marked.check(List.of(), HEAD + body + "}\n");
    }

    private static List<String> body(String statements) throws Exception {
        return check("""
                Future<Object> m(AsyncMutex<Integer> m, AsyncRwLock<Integer> rw, AsyncSemaphore s, Channel<String> c,
                        Pool pool, Conn conn, boolean b) {
                    return async(() -> {
                """ + statements + """
                        return await(use(b));
                    });
                }
                """);
    }

    @Test
    void aGuardThatNobodyCloses() throws Exception {
        List<String> said = body("""
                var g = await(m.lock()); // guard-not-closed
                g.set(g.get() + 1);
                Guard<Integer> r = await(rw.read()); // guard-not-closed
                await(use(r.get()));
                var w = await(rw.write()); // guard-not-closed
                Runnable later = () -> w.set(3);
                later.run();
                var permits = (await(s.acquire(2))); // guard-not-closed
                var many = await(c.reserveMany(2)); // guard-not-closed
                await(use(permits.count() + many.left()));
                if (b) {
                    var inner = await(m.lock()); // guard-not-closed
                }
                var _ = await(m.lock()); // guard-not-closed
                """);
        assertTrue(
                said.getFirst().contains("g is never closed, so whoever waits for it waits for ever"), said::toString);
        assertTrue(said.getFirst().contains("write try (var g = await(m.lock())) { … }"), said::toString);
    }

    @Test
    void oneWithoutAName() throws Exception {
        List<String> said = body("""
                await(s.acquire()); // guard-not-closed
                await(m.lock()).set(3); // guard-not-closed
                await(use(await(m.lock()).get())); // guard-not-closed
                """);
        assertTrue(said.getFirst().contains("write try (var guard = await(s.acquire())) { … }"), said::toString);
    }

    @Test
    void onAThread() throws Exception {
        check("""
                void m(AsyncMutex<Integer> m, AsyncSemaphore s) throws InterruptedException {
                    var g = m.lockBlocking(); // guard-not-closed
                    g.set(3);
                    s.acquireBlocking(); // guard-not-closed
                    try (var own = m.lockBlocking()) {
                        own.set(3);
                    }
                    s.acquireBlocking().forget();
                }
                """);
    }

    @Test
    void whatMayBeClosed() throws Exception {
        body("""
                try (var g = await(m.lock())) {
                    g.set(3);
                }
                try (var _ = await(s.acquire())) {
                    await(use(b));
                }
                var closed = await(m.lock());
                try {
                    closed.set(3);
                } finally {
                    closed.close();
                }
                var resource = await(m.lock());
                try (resource) {
                    resource.set(3);
                }
                var passed = await(m.lock());
                await(use(passed));
                kept = await(m.lock());
                Guard<Integer> again = await(m.lock());
                again = null;
                var part = await(m.lock());
                try (var mapped = part.map(n -> n + 1)) {
                    await(use(mapped.get()));
                }
                var forgotten = await(s.acquire());
                forgotten.forget();
                var place = await(c.reserve());
                place.send("x");
                await(c.reserve()).send("x");
                var reference = await(m.lock());
                Runnable close = reference::close;
                close.run();
                if (b) {
                    return await(m.lock());
                }
                """);
    }

    @Test
    void othersOnlyWhereNothingIsDoneWithThem() throws Exception {
        body("""
                var lease = await(pool.lease()); // guard-not-closed
                var used = await(pool.lease());
                await(use(used.id()));
                await(pool.lease());
                var same = await(conn.begin());
                """);
    }

    @Test
    void aSenderThatNobodyCloses() throws Exception {
        List<String> said = check("""
                Future<Void> m() {
                    return async(() -> {
                        var jobs = Channel.<String>bounded(8);
                        try (var inbox = jobs.receiver()) {
                            for (int i = 0; i < 3; i++) {
                                var tx = jobs.newSender(); // sender-not-closed
                                spawn(async(() -> await(tx.send("x")))).detach();
                            }
                            while (await(inbox.next()) instanceof Item(var job)) {
                                await(use(job));
                            }
                        }
                    });
                }
                """);
        assertTrue(
                said.getFirst().contains("tx is never closed, so the channel's receiver never sees the end"),
                said::toString);
        assertTrue(said.getFirst().contains("write try (tx) { … }"), said::toString);
    }

    @Test
    void aSenderOrChannelThatMayBeClosed() throws Exception {
        check("""
                Future<Void> producer(Sender<String> tx) {
                    return async(() -> {
                        try (tx) {
                            await(tx.send("x"));
                        }
                    });
                }
                Future<Void> m(Channel<String> given) {
                    return async(() -> {
                        var jobs = Channel.<String>bounded(8);
                        var owned = jobs.newSender();
                        spawn(async(() -> {
                            try (owned) {
                                await(owned.send("x"));
                            }
                        })).detach();
                        spawn(producer(jobs.newSender())).detach();
                        var passed = jobs.newSender();
                        spawn(producer(passed)).detach();
                        var theirs = given.newSender();
                        await(theirs.send("x"));
                        var closing = Channel.<String>bounded(8);
                        var some = closing.newSender();
                        await(some.send("x"));
                        closing.close();
                        var elsewhere = Channel.<String>bounded(8);
                        var other = elsewhere.newSender();
                        await(other.send("x"));
                        await(use(elsewhere));
                        try (var resource = Channel.<String>bounded(8)) {
                            var inside = resource.newSender();
                            await(inside.send("x"));
                        }
                    });
                }
                """);
    }
}
