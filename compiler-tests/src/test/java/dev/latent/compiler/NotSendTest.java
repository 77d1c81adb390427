package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Owners;
import java.io.File;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Futures that are bound to a thread: what javac says at a spawn, what the weaver records, and what a spawn refuses that javac could not see. */
class NotSendTest {
    private static final String CONN = """
            @NotSend class Conn implements AutoCloseable {
                static Conn open() { return new Conn(); }
                String query(Object q) { return "r" + q; }
                public void close() {}
            }
            class PooledConn extends Conn {}
            """;

    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import java.util.*;
            import java.util.function.*;
            """ + CONN + """
            class T {
                static Future<String> f() { return Futures.ready("x"); }
                static Future<Void> g() { return Futures.done(); }
                void go(Future<?> future) {}
                Spawner spawner;
            """;

    private static final String DEAD = """
            void m(boolean b, Object o) {
                spawner.spawn(async(() -> { Conn c = Conn.open(); String s = c.query(1); await(g()); return s; })).detach();
                spawner.spawn(async(() -> { await(g()); Conn c = Conn.open(); return c.query(1); })).detach();
                spawner.spawn(async(() -> { try (Conn c = Conn.open()) { c.query(1); } await(g()); })).detach();
                spawner.spawn(async(() -> { Conn c = Conn.open(); if (b) { await(g()); } else { c.query(1); } })).detach();
                spawner.spawn(async(() -> { Conn c = Conn.open(); if (b) { await(g()); return ""; } return c.query(1); })).detach();
                spawner.spawn(async(() -> { Conn c = Conn.open(); c.query(1); await(g()); c = Conn.open(); c.query(1); })).detach();
                spawner.spawn(async(() -> { for (int i = 0; i < 3; i++) { Conn c = Conn.open(); c.query(i); await(g()); } })).detach();
                spawner.spawn(async(() -> { Conn c = Conn.open(); while (true) { if (b) { await(g()); break; } c.query(1); } })).detach();
                spawner.spawn(async(() -> {
                    Conn c = Conn.open();
                    try {
                        if (b) {
                            await(g());
                            return "";
                        }
                    } finally {
                        o.hashCode();
                    }
                    return c.query(1);
                })).detach();
                spawner.spawn(async(() -> { Conn c = Conn.open(); return switch (o) {
                    case String s -> { await(g()); yield s; }
                    default -> c.query(1);
                }; })).detach();
                spawner.spawn(async(() -> { Conn c = Conn.open(); String s = c.query(1) + await(f()); await(g()); return s; })).detach();
            }
            """;

    private static final String LIVE = """
            record Pair(Conn conn, int n) {}
            void m(boolean b, Object o) {
                spawner.spawn(async(() -> { try (Conn c = Conn.open()) { await(g()); } })).detach(); // not-send
                spawner.spawn(async(() -> { Conn c = Conn.open(); for (int i = 0; i < 3; i++) { c.query(i); await(g()); } })).detach(); // not-send
                spawner.spawn(async(() -> { Conn c = Conn.open(); do { await(g()); } while (c.query(1) == null); })).detach(); // not-send
                spawner.spawn(async(() -> { Conn c = Conn.open(); try { await(g()); } catch (Exception e) { c.query(1); } })).detach(); // not-send
                spawner.spawn(async(() -> { Conn c = Conn.open(); try { await(g()); } finally { c.query(1); } })).detach(); // not-send
                spawner.spawn(async(() -> { Conn c = Conn.open(); outer: for (;;) { for (;;) { await(g()); if (b) break outer; else continue outer; } } c.query(1); })).detach(); // not-send
                spawner.spawn(async(() -> { if (o instanceof Conn c) { await(g()); c.query(1); } })).detach(); // not-send
                spawner.spawn(async(() -> { if (o instanceof Pair(Conn c, int n)) { await(g()); c.query(n); } })).detach(); // not-send
                spawner.spawn(async(() -> { switch (o) { case Conn c when b -> { await(g()); c.query(1); } default -> {} } })).detach(); // not-send
                spawner.spawn(async(() -> { for (Conn c : List.<Conn>of()) { await(g()); c.query(1); } })).detach(); // not-send
                spawner.spawn(async(() -> { Conn c = Conn.open(); return c.query(await(f())); })).detach(); // not-send
                spawner.spawn(async(() -> { return Conn.open().query(await(f())); })).detach(); // not-send
                spawner.spawn(async(() -> { Conn c = b ? Conn.open() : null; boolean x = c != null && await(f()) == null && c.query(1) == null; })).detach(); // not-send
                spawner.spawn(async(() -> { var c = List.of(new PooledConn()).getFirst(); await(g()); c.query(1); })).detach(); // not-send
                spawner.spawn(async(() -> { Conn c = Conn.open(); await(g()); Supplier<String> s = () -> c.query(1); s.get(); })).detach(); // not-send
            }
            <C extends Conn> Future<Void> generic(Supplier<C> s) {
                return async(() -> { C c = s.get(); await(g()); c.query(1); });
            }
            void n() {
                spawner.spawn(generic(PooledConn::new)).detach(); // not-send
            }
            """;

    private static List<String> check(String body) throws Exception {
        return Marked.check(List.of(), HEAD + body + "}\n");
    }

    @Test
    void aVariableThatLivesAcrossAnAwait() throws Exception {
        List<String> said = check("""
                Future<String> bound() {
                    return async(() -> {
                        Conn c = Conn.open();
                        await(g());
                        return c.query(1);
                    });
                }
                void m() {
                    spawner.spawn(bound()).detach(); // not-send
                }
                """);
        String message =
                "25: [latent:not-send] `c` (Conn, bound to a thread) lives across the await at T.java:20, and spawn may move this future"
                        + " to another thread\n  end its use before the await, or use spawnLocal on an executor of one thread, as"
                        + " LocalExecutor is\n  java -jar ";
        assertEquals(message, said.getFirst().substring(0, message.length()));
    }

    @Test
    void everyWayToSpawn() throws Exception {
        check("""
                Future<String> bound() {
                    return async(() -> {
                        Conn c = Conn.open();
                        await(g());
                        return c.query(1);
                    });
                }
                Future<Void> ways(dev.latent.runtime.WorkStealingExecutor pool, dev.latent.runtime.LocalExecutor one) throws Exception {
                    pool.spawn(bound()).detach(); // not-send
                    pool.toCompletableFuture(bound()); // not-send
                    pool.blockOn(bound()); // not-send
                    one.spawn(bound()).detach();
                    one.toCompletableFuture(bound());
                    one.blockOn(bound());
                    spawner.spawnLocal(bound()).detach();
                    dev.latent.runtime.Latent.blockOn(bound());
                    return async(() -> {
                        spawn(bound()).detach(); // not-send
                        spawnLocal(bound()).detach();
                        context().spawner().spawn(bound()).detach(); // not-send
                        await(scopeDo(s -> {
                            s.spawn(bound()); // not-send
                            s.spawnLocal(bound());
                            await(g());
                        }));
                    });
                }
                """);
    }

    @Test
    void whatTheFutureIsMadeOf() throws Exception {
        check("""
                private Future<String> bound() {
                    return async(() -> {
                        Conn c = Conn.open();
                        await(g());
                        return c.query(1);
                    });
                }
                Future<String> second() { return async(() -> "<" + await(bound()) + ">"); }
                Future<String> third() { var s = second(); return timeout(java.time.Duration.ofSeconds(1), s); }
                <X> Future<X> same(Future<X> x) { return x; }
                void m(boolean b, Spawner local) throws Exception {
                    var f = third();
                    spawner.spawn(f).detach(); // not-send
                    spawner.spawn(b ? f() : (bound())).detach(); // not-send
                    spawner.spawn(join(f(), bound())).detach(); // not-send
                    spawner.spawn(settle(second())).detach(); // not-send
                    spawner.spawn(scope(s -> await(bound()))).detach(); // not-send
                    spawner.spawn(select(on(f(), x -> x), on(g(), x -> await(bound())))).detach(); // not-send
                    spawner.spawn(async(() -> { try (var p = pin(bound())) { await(p); } })).detach(); // not-send
                    spawner.spawn(async(() -> { var h = bound(); await(g()); await(h); })).detach(); // not-send
                    spawner.spawn(async(() -> { spawnLocal(bound()).detach(); await(g()); })).detach();
                    spawner.spawn(same(bound())).detach();
                    spawner.spawn(async(() -> { await(g()); })).detach();
                }
                Future<String> even(int n) { return async(() -> n == 0 ? "even" : await(odd(n - 1))); }
                Future<String> odd(int n) { return async(() -> n == 0 ? "odd" : await(even(n - 1))); }
                Future<String> ping(int n) { return async(() -> n == 0 ? await(pong(n - 1)) : await(f())); }
                Future<String> pong(int n) { return async(() -> n == 0 ? await(ping(n - 1)) : await(bound())); }
                void cycles() {
                    spawner.spawn(even(3)).detach();
                    spawner.spawn(ping(3)).detach(); // not-send
                    spawner.spawn(pong(3)).detach(); // not-send
                }
                """);
    }

    @Test
    void captured() throws Exception {
        List<String> said = check("""
                void m(Conn c, List<Conn> all, Supplier<Conn> later) {
                    spawner.spawn(async(() -> { String s = c.query(1); await(g()); return s; })).detach(); // not-send
                    spawner.spawn(async(() -> { Runnable r = () -> c.query(1); await(g()); r.run(); })).detach(); // not-send
                    spawner.spawn(async(() -> { await(async(() -> { await(g()); c.query(2); })); })).detach(); // not-send
                    spawner.spawn(async(() -> { await(g()); return all.getFirst().query(1); })).detach();
                    spawner.spawn(async(() -> { await(g()); return later.get().query(1); })).detach();
                }
                @NotSend class Window {
                    int width;
                    Future<Integer> width() { return async(() -> { await(g()); return width; }); }
                    Future<Integer> fixed() { return async(() -> { await(g()); return 3; }); }
                    class Part { int x; Future<Integer> x() { return async(() -> { await(g()); return x; }); } }
                }
                void n(Window w, Window.Part p) {
                    spawner.spawn(w.width()).detach(); // not-send
                    spawner.spawn(w.fixed()).detach();
                    spawner.spawn(p.x()).detach();
                }
                """);
        assertTrue(
                said.getFirst().contains("`c` (Conn, bound to a thread) is captured by the async body at T.java:18"),
                said::toString);
        assertTrue(said.get(3).contains("`this` (Window, bound to a thread) is captured"), said::toString);
    }

    @Test
    void deadBeforeTheAwait() throws Exception {
        check(DEAD);
    }

    @Test
    void liveByEveryConstruct() throws Exception {
        check(LIVE);
    }

    /** What the lints find in the source, the weaver finds in the bytecode. */
    @Test
    void framesAgreeWithTheSource() throws Exception {
        assertEquals(Set.of(true), bound(LIVE));
        assertEquals(Set.of(false), bound(DEAD));
    }

    /** {@return whether frames of {@code body} are bound} */
    private static Set<Boolean> bound(String body) throws Exception {
        Javac.Result result = Javac.compile(
                List.of("-g", "-Alatent.lint=not-send:off"),
                Map.of("T", HEAD + body.replaceAll(" // not-send", "") + "}"));
        assertEquals(List.of(), result.errors());
        try (Stream<Path> files = Files.list(result.classes())) {
            List<Path> frames =
                    files.filter(f -> f.toString().contains("$async$")).toList();
            assertTrue(frames.size() >= 11, frames::toString);
            Set<Boolean> bound = new HashSet<>();
            for (Path frame : frames) {
                bound.add(ClassFile.of().parse(frame).methods().stream()
                        .anyMatch(m -> m.methodName().equalsString("notSend")));
            }
            return bound;
        }
    }

    @Test
    void interfacesAndContainersHideItUnlessTheySaySo() throws Exception {
        check("""
                interface Store { Future<String> load(); @NotSend Future<String> loadHere(); @NotSend("the store's cursor") Future<String> next(); }
                class Files implements Store {
                    public Future<String> load() { return async(() -> { Conn c = Conn.open(); await(g()); return c.query(1); }); }
                    public Future<String> loadHere() { return f(); }
                    public Future<String> next() { return f(); }
                }
                void m(Store s, Files t) {
                    spawner.spawn(s.load()).detach();
                    spawner.spawn(t.load()).detach(); // not-send
                    spawner.spawn(s.loadHere()).detach(); // not-send
                    spawner.spawn(s.next()).detach(); // not-send
                    spawner.spawn(async(() -> await(s.next()))).detach(); // not-send
                    spawner.spawn(join(List.of(t.load()))).detach();
                }
                """);
    }

    @Test
    void typesOfOthersByAnOption() throws Exception {
        String source = """
                import static dev.latent.Async.*;
                import dev.latent.*;
                class T {
                    void m(Spawner s, java.util.concurrent.atomic.AtomicInteger label) {
                        s.spawn(async(() -> { await(sleep(java.time.Duration.ZERO)); label.set(3); })).detach();%s
                    }
                }
                """;
        Marked.check(List.of(), source.formatted(""));
        Marked.check(List.of("-Alatent.notsend=a.B, java.lang.Number"), source.formatted(" // not-send"));
    }

    @Test
    void suppressed() throws Exception {
        check("""
                @SuppressWarnings("latent:not-send")
                void m(Conn c) {
                    spawner.spawn(async(() -> { await(g()); c.query(1); })).detach();
                }
                """);
    }

    // ---- several classes
    // ----------------------------------------------------------------------------------------------

    private static final String IMPORTS = "import static dev.latent.Async.*;\nimport dev.latent.*;\n";

    private static final Map<String, String> THREE = Map.of(
            "Conn", IMPORTS + "public " + CONN.replace("class PooledConn extends Conn {}\n", ""),
            "A", IMPORTS + "public class A { public static Future<String> a() { return async(() -> await(B.b())); } }",
            "B", IMPORTS + "public class B { public static Future<String> b() { return C.c(); } }",
            "C", IMPORTS + """
                    public class C {
                        public static Future<String> c() {
                            return async(() -> {
                                Conn conn = Conn.open();
                                await(yieldNow());
                                return conn.query(1);
                            });
                        }
                    }
                    """,
            "User", IMPORTS + "class User { void m(Spawner s) { s.spawn(A.a()).detach(); } }");

    @Test
    void threeClassesInEveryOrder() throws Exception {
        for (List<String> order : List.of(
                List.of("User", "A", "B", "C", "Conn"),
                List.of("Conn", "C", "B", "A", "User"),
                List.of("B", "User", "Conn", "C", "A"))) {
            Map<String, String> sources = new LinkedHashMap<>();
            order.forEach(name -> sources.put(name, THREE.get(name)));
            Javac.Result result = Javac.compile(List.of(), sources);
            assertEquals(1, result.errors().size(), () -> order + ": " + result.errors());
            assertTrue(
                    result.errors()
                            .getFirst()
                            .startsWith(
                                    "User.java:3: [latent:not-send] `conn` (Conn, bound to a thread) lives across the await at"
                                            + " C.java:7, and spawn"),
                    () -> order + ": " + result.errors());
        }
    }

    @Test
    void acrossJars() throws Exception {
        Map<String, String> first = new LinkedHashMap<>();
        List.of("B", "C", "Conn", "A").forEach(name -> first.put(name, THREE.get(name)));
        Javac.Result jar = Javac.compile(List.of(), first);
        assertEquals(List.of(), jar.diagnostics());
        String path = System.getProperty("java.class.path") + File.pathSeparator + jar.classes();
        Javac.Result user = Javac.compile(List.of("-cp", path), Map.of("User", THREE.get("User")));
        assertEquals(1, user.errors().size(), () -> "" + user.errors());
        assertTrue(user.errors().getFirst().contains("lives across the await at C.java:7"), () -> "" + user.errors());
    }

    // ---- at run time
    // --------------------------------------------------------------------------------------------------

    @Test
    void framesKnowAndExecutorsAsk() throws Exception {
        Map<String, String> sources = new LinkedHashMap<>(THREE);
        sources.put("User", IMPORTS + """
                public class User {
                    public static Future<?>[] bound(Conn conn) throws Exception {
                        return new Future<?>[] {
                            C.c(), A.a(),
                            async(() -> { await(yieldNow()); conn.query(1); }),
                            async(() -> { conn.query(1); }),
                            async(() -> Conn.open().query(await(A.a()))),
                            async(() -> { await(join(A.a(), Futures.done())); }),
                            async(() -> { await(join(Futures.done(), settle(A.a()), B.b())); }),
                            async(() -> { var a = A.a(); await(select(a, sleep(java.time.Duration.ofSeconds(1)))); }),
                            async(() -> { var a = A.a(); await(timeout(java.time.Duration.ofSeconds(1), a)); }),
                            join(Futures.done(), A.a()), settle(A.a()), pin(A.a()), timeout(java.time.Duration.ofDays(1), A.a()),
                            scope(s -> await(A.a())), join(java.util.List.of(A.a()))
                        };
                    }
                    public static Future<?>[] free(Object o) throws Exception {
                        return new Future<?>[] {
                            B.b().getClass() == null ? null : async(() -> { await(yieldNow()); }),
                            async(() -> { Conn c = Conn.open(); c.query(1); await(yieldNow()); }),
                            async(() -> { await(yieldNow()); return o; }), Futures.done()
                        };
                    }
                }
                """);
        Javac.Result result = Javac.compile(List.of("-g"), sources);
        assertEquals(List.of(), result.errors());
        ClassLoader loader = result.loader();
        Class<?> conn = loader.loadClass("Conn");
        var make = conn.getDeclaredMethod("open");
        make.setAccessible(true);
        Class<?> user = loader.loadClass("User");
        for (Future<?> f : (Future<?>[]) user.getMethod("bound", conn).invoke(null, make.invoke(null))) {
            String why = assertThrows(IllegalStateException.class, () -> Owners.requireSend(f, "a pool"), f::toString)
                    .getMessage();
            assertTrue(why.contains("(Conn, bound to a thread)"), why);
        }
        for (Future<?> f : (Future<?>[]) user.getMethod("free", Object.class).invoke(null, "x")) {
            Owners.requireSend(f, "a pool");
        }
        Future<?> f = ((Future<?>[]) user.getMethod("bound", conn).invoke(null, make.invoke(null)))[0];
        try (var pool = dev.latent.runtime.WorkStealingExecutor.create(1)) {
            String why = assertThrows(IllegalStateException.class, () -> pool.spawn(f))
                    .getMessage();
            assertTrue(
                    why.startsWith("`conn` (Conn, bound to a thread) lives across the await at C.java:7, and "), why);
            assertThrows(IllegalStateException.class, () -> pool.spawnLocal(f));
            assertThrows(IllegalStateException.class, () -> dev.latent.runtime.Latent.on(Runnable::run)
                    .spawn(f));
        }
        var one = new dev.latent.runtime.LocalExecutor();
        assertEquals("r1", one.blockOn(f));
        Future<?> g = ((Future<?>[]) user.getMethod("bound", conn).invoke(null, make.invoke(null)))[1];
        assertNotNull(one.spawnLocal(g));
        one.runUntilStalled();
        assertFalse(one.liveTasks() > 0);
    }

    @Test
    void eachWayToMoveATask() throws Exception {
        Marked.check(List.of(), HEAD + """
                    Future<String> bound() {
                        return async(() -> { Conn c = Conn.open(); await(g()); return c.query(1); });
                    }
                    static final TaskLocal<String> USER = TaskLocal.create("user");
                    void m(JoinSet<String> set, JoinMap<Integer, String> map, dev.latent.sync.TaskTracker tracker,
                            dev.latent.sync.CancellationToken token, dev.latent.runtime.LocalExecutor local) {
                        set.spawn(bound()); // not-send
                        map.spawn(3, bound()); // not-send
                        tracker.spawn(spawner, bound()).detach(); // not-send
                        spawner.spawn(tracker.track(bound())).detach(); // not-send
                        spawner.spawn(USER.where("x", bound())).detach(); // not-send
                        spawner.spawn(token.runUntilCancelled(bound())).detach(); // not-send
                        set.spawnLocal(bound());
                        map.spawnLocal(3, bound());
                        tracker.spawn(local, bound()).detach();
                        local.spawn(tracker.track(bound())).detach();
                        set.spawn(f());
                        map.spawn(3, f());
                        tracker.spawn(spawner, f()).detach();
                    }
                }
                """);
    }
}
