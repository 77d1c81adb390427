package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The fix that each of these messages proposes: the program was wrong, says the same javac nothing of it afterwards, and is right. */
class TrapFixesTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import dev.latent.io.*;
            import dev.latent.runtime.*;
            import dev.latent.sync.*;
            import java.nio.ByteBuffer;
            import java.nio.charset.StandardCharsets;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.*;
            public class T {
                static Future<String> load(String key) { return async(() -> { await(yieldNow()); return key; }); }
            """;

    /**
     * A program with a {@code run()} that gives a text.
     *
     * @param found what stands in it, which is wrong
     * @param rule what is said of that
     * @param fix a part of the message
     * @param put what the message proposes in its place
     */
    private static void check(
            String program, String found, Rule rule, String fix, String put, String wrong, String right)
            throws Exception {
        assertTrue(program.contains(found));
        String source = HEAD + program + "}\n";
        List<String> off = List.of("-Alatent.lint=" + rule.id() + ":off");
        Javac.Result said = Javac.compile(List.of(), Map.of("T", source));
        assertEquals(1, said.diagnostics().size(), said.diagnostics()::toString);
        String message = said.diagnostics().getFirst().getMessage(Locale.ROOT);
        assertTrue(message.startsWith("[latent:" + rule.id() + "]"), message);
        assertTrue(message.contains(fix), message);
        assertEquals(wrong, run(Javac.compile(off, Map.of("T", source))));
        Javac.Result fixed = Javac.compile(List.of(), Map.of("T", source.replace(found, put)));
        assertEquals(List.of(), fixed.diagnostics(), fixed.diagnostics()::toString);
        assertEquals(right, run(fixed));
    }

    private static String run(Javac.Result compiled) throws Exception {
        try {
            return (String) compiled.loader().loadClass("T").getMethod("run").invoke(null);
        } catch (InvocationTargetException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }

    @Test
    void theBodyOpensTheResource() throws Exception {
        String fix = "return async(() -> { try (var c = new Conn()) { return await(c.read()); } })";
        check(
                """
                static class Conn implements AutoCloseable {
                    private boolean closed;
                    public void close() { closed = true; }
                    Future<String> read() { return async(() -> { await(yieldNow()); return closed ? "closed" : "open"; }); }
                }
                static Future<String> m() {
                    try (var c = new Conn()) { return c.read(); }
                }
                public static String run() throws Exception { return Latent.blockOn(m()); }
                """,
                "try (var c = new Conn()) { return c.read(); }",
                Rule.FUTURE_LEAVES_BLOCK,
                fix,
                fix + ";",
                "closed",
                "open");
    }

    @Test
    void theBodyCatches() throws Exception {
        String fix = "return async(() -> { try { return await(fails()); } catch (IllegalStateException e) { … } })";
        check(
                """
                static Future<String> fails() { return async(() -> { await(yieldNow()); throw new IllegalStateException(); }); }
                static Future<String> m() {
                    try { return fails(); } catch (IllegalStateException e) { return Futures.ready("caught"); }
                }
                public static String run() throws Exception { return Latent.blockOn(m()); }
                """,
                "try { return fails(); } catch (IllegalStateException e) { return Futures.ready(\"caught\"); }",
                Rule.FUTURE_LEAVES_BLOCK,
                fix,
                fix.replace("…", "return \"caught\";") + ";",
                "IllegalStateException",
                "caught");
    }

    /** Two hits that each wait between the read and the write. */
    @Test
    void aMutexIsHeld() throws Exception {
        check(
                """
                static int hits;
                static final AsyncMutex<int[]> mutex = AsyncMutex.of(new int[1]);
                static Object monitor = new Object();
                static Future<Integer> hit() {
                    synchronized (monitor) { return async(() -> { int n = hits; await(yieldNow()); return hits = n + 1; }); }
                }
                public static String run() throws Exception {
                    var both = Latent.blockOn(join(hit(), hit()));
                    return "" + Math.max(both.first(), both.second());
                }
                """,
                "synchronized (monitor) { return async(() -> { int n = hits; await(yieldNow()); return hits = n + 1; }); }",
                Rule.FUTURE_LEAVES_BLOCK,
                "return async(() -> { try (var held = await(mutex.lock())) { … } })",
                "return async(() -> { try (var held = await(mutex.lock())) {"
                        + " int n = held.get()[0]; await(yieldNow()); return held.get()[0] = n + 1; } });",
                "1",
                "2");
    }

    @Test
    void aFutureThatIsThere() throws Exception {
        check(
                """
                static Future<Void> m() { return null; }
                public static String run() throws Exception { return "" + Latent.blockOn(async(() -> await(m()))); }
                """,
                "return null;",
                Rule.NULL_FUTURE,
                "write Futures.done()",
                "return Futures.done();",
                "NullPointerException",
                "null");
        check(
                """
                static Future<String> m() { return null; }
                public static String run() throws Exception { return Latent.blockOn(async(() -> await(m()) + "!")); }
                """,
                "return null;",
                Rule.NULL_FUTURE,
                "write Futures.ready(…)",
                "return Futures.ready(\"x\");",
                "NullPointerException",
                "x!");
    }

    @Test
    void awaitInPlaceOfBlockOn() throws Exception {
        check(
                """
                static Future<String> m() { return async(() -> Latent.blockOn(load("x"))); }
                public static String run() throws Exception { return Latent.blockOn(m()); }
                """,
                "Latent.blockOn(load(\"x\"))",
                Rule.NESTED_BLOCK_ON,
                "write await(load(\"x\"))",
                "await(load(\"x\"))",
                "IllegalStateException",
                "x");
    }

    /** Two tasks of one thread. */
    @Test
    void aVariableOfTheBody() throws Exception {
        String program = """
                static final ThreadLocal<String> USER = new ThreadLocal<>();
                static final TaskLocal<String> LOCAL = TaskLocal.create("user");
                static Future<String> m(String user) {
                    return async(() -> { USER.set(user); await(yieldNow()); return USER.get(); });
                }
                public static String run() throws Exception {
                    var both = Latent.blockOn(join(m("ann"), m("bob")));
                    return both.first() + both.second();
                }
                """;
        String found = "async(() -> { USER.set(user); await(yieldNow()); return USER.get(); })";
        check(
                program,
                found,
                Rule.THREAD_LOCAL_ACROSS_AWAIT,
                "keep the value in a local variable",
                "async(() -> { String mine = user; USER.set(mine); await(yieldNow()); return mine; })",
                "bobbob",
                "annbob");
        check(
                program,
                found,
                Rule.THREAD_LOCAL_ACROSS_AWAIT,
                "or make it a TaskLocal: await(USER.where(value, future))",
                "async(() -> await(LOCAL.where(user, async(() -> { await(yieldNow()); return LOCAL.get(); }))))",
                "bobbob",
                "annbob");
    }

    @Test
    void oneForMany() throws Exception {
        check(
                """
                static class Store {
                    private final Future<String> connected = load("c");
                    Future<String> get() { return async(() -> await(connected) + "g"); }
                    Future<String> put() { return async(() -> await(connected) + "p"); }
                }
                public static String run() throws Exception {
                    var store = new Store();
                    return Latent.blockOn(async(() -> await(store.get()) + await(store.put())));
                }
                """,
                "Future<String> connected = load(\"c\")",
                Rule.AWAITED_TWICE,
                "a Shared<…> field with Futures.shared(load(\"c\"))",
                "Shared<String> connected = Futures.shared(load(\"c\"))",
                "IllegalStateException",
                "cgcp");
        check(
                """
                static final Map<String, Future<String>> map = new HashMap<>();
                static Future<String> m() { return async(() -> await(map.computeIfAbsent("k", k -> load(k)))); }
                public static String run() throws Exception { return Latent.blockOn(async(() -> await(m()) + await(m()))); }
                """,
                "k -> load(k)",
                Rule.AWAITED_TWICE,
                "Futures.shared(load(k))",
                "k -> Futures.shared(load(k))",
                "IllegalStateException",
                "kk");
    }

    @Test
    void theValuesOfAList() throws Exception {
        check("""
                static Future<String> m() {
                    return async(() -> {
                        var all = List.of(load("a"), load("b"));
                        String text = "";
                        for (var each : all) text += await(each);
                        for (var each : all) text += await(each);
                        return text;
                    });
                }
                public static String run() throws Exception { return Latent.blockOn(m()); }
                """, """
                        for (var each : all) text += await(each);
                        for (var each : all) text += await(each);
                """, Rule.AWAITED_TWICE, "var values = await(join(all))", """
                        var values = await(join(all));
                        for (var each : values) text += each;
                        for (var each : values) text += each;
                """, "IllegalStateException", "abab");
    }

    @Test
    void onThatThread() throws Exception {
        check(
                """
                static final StringBuffer RAN = new StringBuffer();
                static Future<String> work() { return async(() -> { RAN.append("ran"); await(yieldNow()); return ""; }); }
                public static String run() throws Exception {
                    try (var pool = Executors.newSingleThreadExecutor()) {
                        pool.submit(() -> work());
                    }
                    return RAN.toString();
                }
                """,
                "() -> work()",
                Rule.UNUSED_FUTURE,
                "Latent.blockOn(work())",
                "() -> Latent.blockOn(work())",
                "",
                "ran");
    }

    /** The peer reads slowly, and asks for the end meanwhile. */
    @Test
    void whatIsBegunIsFinished() throws Exception {
        String program = """
                static ByteBuffer bytes(String text) { return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)); }
                static Future<Void> session(Duplex peer) {
                    return async(() -> {
                        try (peer) {
                            var in = ByteBuffer.allocate(8);
                            await(select(peer.read(in), peer.write(bytes("ANSWER "))));
                            await(peer.write(bytes("BYE")));
                        }
                    });
                }
                static Future<String> client(Duplex peer) {
                    return async(() -> {
                        try (peer) {
                            await(peer.write(bytes("QUIT")));
                            for (int i = 0; i < 9; i++) await(yieldNow());
                            return new String(await(AsyncBufReader.of(peer).readAll(100)), StandardCharsets.US_ASCII);
                        }
                    });
                }
                public static String run() throws Exception {
                    var ends = Io.duplex(4);
                    return Latent.blockOn(join(session(ends.first()), client(ends.second()))).second();
                }
                """;
        String found = "await(select(peer.read(in), peer.write(bytes(\"ANSWER \"))));";
        String put = "try (var begun = pin(peer.write(bytes(\"ANSWER \")))) {"
                + " if (await(select(peer.read(in), begun)) instanceof First<?, ?, ?, ?>) await(begun); }";
        check(
                program,
                found,
                Rule.USED_HALF_DONE,
                "pin it, try (var begun = pin(…)), and finish it with await(begun) where it was too late",
                put,
                "ANSWBYE",
                "ANSWER BYE");
    }
}
