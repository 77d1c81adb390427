package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class UnusedTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.function.*;
            class T {
                static class Step implements Future<String> {
                    Step(int n) { super(); }
                    Step() { this(3); }
                    public Poll<String> poll(Context cx) { return Poll.ready(""); }
                    public void drop() {}
                    Step named(String name) { return this; }
                    static Step first() { return new Step(); }
                }
                static Future<String> save() { return new Step(); }
                static Future<String> save(Object o) { return new Step(); }
                static void go(Runnable r) {}
                static void take(Object o) {}
            """;

    private static List<String> check(String body) throws Exception {
        return Marked.check(List.of(), HEAD + body + "}\n");
    }

    @Test
    void asAStatement() throws Exception {
        check("""
                Future<Void> m(JoinHandle<String> h, Step step, int n, AsyncCloseable res) {
                    return async(() -> {
                        save(); // unused-future
                        this.save("x"); // unused-future
                        new Step(); // unused-future
                        Step.first(); // unused-future
                        Futures.map(step, s -> s + "!"); // unused-future
                        async(() -> { }); // unused-future
                        timeout(java.time.Duration.ofSeconds(1), save()); // unused-future
                        h.cancel(); // unused-future
                        res.closeAsync(); // unused-future
                        pin(save()); // unused-future
                        if (n > 3) save(); // unused-future
                        for (int i = 0; i < n; i++, save()) { } // unused-future
                        switch (n) {
                            case 1 -> save(); // unused-future
                            default -> { }
                        }
                        await(save());
                    });
                }
                """);
    }

    @Test
    void asALambdaThatGivesNothing() throws Exception {
        check("""
                void m(List<String> names, Executor executor) {
                    Runnable r = () -> save(); // unused-future
                    AsyncRunnable forgotten = () -> save(); // unused-future
                    names.forEach(n -> save(n)); // unused-future
                    executor.execute(() -> new Step()); // unused-future
                    names.forEach(T::save); // unused-future
                    go(Step::new); // unused-future
                    Consumer<String> c = n -> { save(n); }; // unused-future
                    Supplier<Future<String>> fine = () -> save();
                    Function<String, Object> fineToo = T::save;
                    names.stream().map(T::save).toList(); // unused-future
                    AsyncRunnable awaited = () -> await(save());
                    forgotten.hashCode();
                }
                """);
    }

    @Test
    void asALocalThatNothingReads() throws Exception {
        check("""
                Future<Void> m(boolean b, int n) throws Exception {
                    var unread = save(); // unused-future
                    Future<String> either = b ? save() : (new Step()); // unused-future
                    var _ = save(); // unused-future
                    var written = save(); // unused-future
                    written = null;
                    Future<String> read = save();
                    Future<String> captured = save();
                    Future<String> dropped = save();
                    dropped.drop();
                    Future<String> none = null;
                    Future<String> alias = read;
                    switch (n) {
                        case 1:
                            var here = save();
                        case 2:
                            here = save();
                            return Futures.map(here, s -> null);
                        default:
                            var nowhere = save(); // unused-future
                    }
                    return async(() -> {
                        try (var pinned = pin(read)) {
                            await(captured);
                        }
                    });
                }
                """);
    }

    @Test
    void whatContainersGiveBackAndBuildersGiveOnIsNotMadeHere() throws Exception {
        check("""
                void m(Map<String, Future<String>> map, Deque<Future<String>> queue, Step step) throws Exception {
                    map.put("x", save());
                    map.remove("x");
                    queue.poll();
                    queue.removeFirst();
                    var last = queue.pollLast();
                    step.named("x");
                    Objects.requireNonNull(step);
                    Future<String> f;
                    f = save();
                    take(f);
                }
                """);
    }

    @Test
    void whatIsExpectedToFailIsNotUsed() throws Exception {
        check("""
                interface Code { void run() throws Exception; }
                static void assertThrows(Class<?> type, Code code) {}
                static void assertDoesNotThrow(Code code) {}
                void m() {
                    assertThrows(NullPointerException.class, () -> save(null));
                    assertThrows(NullPointerException.class, () -> {
                        save(null);
                    });
                    assertDoesNotThrow(() -> save(null)); // unused-future
                }
                """);
    }

    @Test
    void aHandleThatNobodyKeeps() throws Exception {
        List<String> said = check("""
                Future<Void> m(Spawner spawner, List<Future<String>> all) {
                    return scopeDo(s -> {
                        spawn(save()); // unused-handle
                        spawner.spawn(save()); // unused-handle
                        all.forEach(spawner::spawn); // unused-handle
                        var handle = spawn(save()); // unused-handle
                        var _ = spawn(save()); // unused-handle
                        spawn(save()).detach();
                        var kept = spawn(save());
                        await(kept);
                        try (var _ = spawn(save()); var owned = spawn(save())) {
                            await(save());
                        }
                        s.spawn(save());
                        all.forEach(s::spawn);
                        var child = s.spawn(save());
                    });
                }
                """);
        assertTrue(said.getFirst().contains(".detach()"), said.toString());
    }

    @Test
    void aStreamThatNobodyDrives() throws Exception {
        List<String> said = check("""
                static dev.latent.stream.AsyncStream<String> rows() { return null; }
                static void assertThrows(Class<?> type, Runnable code) {}
                Future<Void> m(List<String> names, Map<String, dev.latent.stream.AsyncStream<String>> map, boolean b) {
                    return async(() -> {
                        rows(); // unused-stream
                        rows().map(r -> r + "!").filter(r -> b); // unused-stream
                        var unread = rows().take(3); // unused-stream
                        var either = b ? rows() : (rows().skip(3)); // unused-stream
                        names.forEach(n -> rows()); // unused-stream
                        Consumer<Object> c = n -> { rows(); }; // unused-stream
                        Runnable r = T::rows; // unused-stream
                        var read = rows();
                        await(read.toList());
                        await(rows().forEach(row -> await(save(row))));
                        rows().close();
                        map.put("x", rows());
                        map.remove("x");
                        take(rows());
                        Supplier<Object> fine = () -> rows();
                        try (var owned = rows()) {
                            await(owned.next());
                        }
                        assertThrows(IllegalStateException.class, () -> rows().map(row -> row));
                    });
                }
                void plain() { rows(); } // unused-stream
                """);
        assertTrue(said.getFirst().contains("nobody drives this stream, so nothing of it runs"), said::toString);
        assertTrue(said.getFirst().contains("await what ends it, such as forEach(…) or toList()"), said::toString);
        assertTrue(said.getLast().contains("make a future of it"), said::toString);
    }

    @Test
    void whatHasARuleOfItsOwnIsOneMistake() throws Exception {
        check("AsyncRunnable m() { return T::save; } // async-method-reference\n");
        check("void m() { spawn(save()); } // await-outside-async\n");
        check("void m(List<Future<String>> all) { all.forEach(Async::spawn); } // await-outside-async\n");
    }

    @Test
    void aFixThatSuitsTheCall() throws Exception {
        String close = check("void m(JoinHandle<String> h) { h.cancel(); } // unused-future\n")
                .toString();
        assertTrue(close.contains("close()"), close);
        String itself = check("""
                class R implements AsyncCloseable {
                    public Future<Void> closeAsync() { return Futures.done(); }
                    public void close() { closeAsync(); } // unused-future
                }
                """).toString();
        assertTrue(itself.contains("Latent.blockOn(…)"), itself);
        String inner = check("void close(AsyncCloseable r) { r.closeAsync(); } // unused-future\n")
                .toString();
        assertTrue(inner.contains("call close()"), inner);
        String order = check("""
                interface Order { Future<Boolean> cancel(); }
                void m(Order order) { order.cancel(); } // unused-future
                """).toString();
        assertTrue(order.contains("Latent.blockOn(…)"), order);
        String any = check("void m() { save(); } // unused-future\n").toString();
        assertTrue(any.contains("Latent.blockOn(…)"), any);
        String async = check(
                        "Future<Void> m() {\nreturn async(() -> {\nsave(); // unused-future\nawait(save()); }); }\n")
                .toString();
        assertTrue(async.contains("await, spawn or return it"), async);
        String lambda = check(
                        "Future<Void> m(List<String> l) {\nreturn async(() -> {\n"
                                + "l.forEach(T::save); // unused-future\nl.forEach(n -> save(n)); // unused-future\nawait(save()); }); }\n")
                .toString();
        assertTrue(lambda.matches("(?s).*a loop in the async body.*a loop in the async body.*"), lambda);
    }
}
