package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A future that somebody has taken is not used again; whatever might be right is left alone. */
class UseAfterMoveTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import dev.latent.runtime.*;
            import java.time.Duration;
            import java.util.*;
            import java.util.function.*;
            class T {
                @SuppressWarnings("latent:null-future") static Future<String> f() { return null; }
                static boolean c() { return false; }
                static void log(Object o) {}
                static final Future<String> NEVER = Futures.pending();
                static final Duration SECOND = Duration.ofSeconds(1);
            """;

    private static List<String> check(String body) throws Exception {
        return Marked.check(List.of(), HEAD + body + "}\n");
    }

    private static void body(String statements) throws Exception {
        check("Future<Object> m(Future<String> f, Future<String> g, boolean x, boolean y, int n, List<String> list) {"
                + " return async(() -> {\n" + statements + "return null; }); }\n");
    }

    @Test
    void eachTakerIsNamed() throws Exception {
        List<String> said = check("""
                Future<String> m(Future<String> p, Spawner spawner) {
                    return async(() -> {
                        var a = f();
                        await(a);
                        await(a); // use-after-move
                        var b = f();
                        var both = await(join(b, p));
                        log(await(timeout(SECOND, b))); // use-after-move
                        log(both);
                        var s = f();
                        spawner.spawn(s).detach();
                        spawn(s).detach(); // use-after-move
                        var d = f();
                        d.drop();
                        await(d); // use-after-move
                        return await(p); // use-after-move
                    });
                }
                void twice() throws Exception {
                    var f = f();
                    Latent.blockOn(f);
                    Latent.blockOn(f); // use-after-move
                }
                """);
        assertTrue(
                said.getFirst().contains("`a` was moved into await(…) on line 17, and is used again"), said::toString);
    }

    @Test
    void aFixThatSuitsTheLoop() throws Exception {
        List<String> said = check("""
                Future<String> m(Future<String> f) {
                    return async(() -> {
                        while (true) {
                            try {
                                return await(timeout(SECOND, f)); // use-after-move
                            } catch (java.util.concurrent.TimeoutException e) {
                                log(e);
                            }
                        }
                    });
                }
                """);
        assertTrue(said.getFirst().contains("try (var kept = pin(f))"), said::toString);
    }

    @Test
    void branches() throws Exception {
        body("if (x) await(f);\nawait(f); // use-after-move\n");
        body("if (x) await(f);\nelse await(f);\n");
        body("if (x) await(f);\nif (!x) await(f);\n");
        body("if (x) { await(f); return null; }\nawait(f);\n");
        body("if (x) await(f);\nif (x) return null;\nawait(f);\n");
        body("log(x ? await(f) : await(f));\n");
        body("await(x ? f : g);\nif (y) await(f);\n");
        body("if (x) await(f);\nawait(x ? g : f);\n");
        body("await(f);\nawait(x ? g : f); // use-after-move\n");
        body("await(x ? f : g);\nawait(g); // use-after-move\n");
        body("if (x && await(f) != null) log(1);\nelse if (!x) await(f);\n");
        body("if (await(f) != null || c()) log(1);\nif (x) await(f); // use-after-move\n");
        body("switch (n) {\ncase 1: await(f);\ncase 2: await(f); // use-after-move\nbreak;\ndefault: await(f);\n}\n");
        body("switch (n) {\ncase 1 -> await(f);\ncase 2 -> await(f);\ndefault -> {}\n}\nawait(f); // use-after-move\n");
        body("log(switch (n) {\ncase 1 -> await(f);\ncase 2 -> { yield await(f); }\ndefault -> 3;\n});\n");
        body("synchronized (list) { log(x); }\nlog(join(f, f)); // use-after-move\n");
    }

    @Test
    void loops() throws Exception {
        body("for (int i = 0; i < n; i++) {\nawait(f); // use-after-move\n}\n");
        body("for (String s : list) {\nlog(await(select(f, sleep(SECOND)))); // use-after-move\n}\n");
        body("do {\nawait(f); // use-after-move\n} while (c());\n");
        body("while (true) { await(f); break; }\n");
        body("while (true) { Future<String> h = f(); await(h); }\n".replace("}\n", "if (x) break; }\n"));
        body("for (int i = 0; i < n; i++) { await(f); f = f(); }\n".replace("f = f()", "return null"));
        body("Future<String> h = f();\nwhile (c()) { await(h); h = f(); }\nawait(h);\n");
        body("boolean done = false;\nwhile (!done) { if (c()) { await(f); done = true; } }\n");
        body("for (int i = 0; i < n; i++) { if (i == 0) await(f); else if (i == 1) await(g); }\n");
        body("String s = null;\nfor (String e : list) { if (e.isEmpty()) { s = await(f); break; } }\n"
                + "if (s == null) s = await(f);\nlog(s);\n");
        body("outer:\nfor (String a : list) {\nfor (String b : list) {\nif (a == b) { await(f); break outer; }\n"
                + "if (x) continue outer;\n}\n}\n");
        body("outer:\nfor (String a : list) {\nfor (String b : list) { await(f); continue outer; }\n}\n");
    }

    /** Only who runs the program knows whether there is a second turn, or what it does. */
    @Test
    void loopsWithFlags() throws Exception {
        body("boolean done = false;\nwhile (!done) { await(f); done = true; }\n");
        body("boolean done = false;\ndo { await(f); done = true; } while (!done);\n");
        body("boolean done = false;\nfor (String s : list) { if (done) continue; await(f); done = true; }\n");
        body("boolean first = true;\nwhile (true) { if (!first) break; log(await(f)); first = false; }\n");
        body(
                "boolean done = false;\nwhile (c()) { boolean more = !done; if (more) log(1); else break; await(f); done = true; }\n");
        body("int state = 0;\nwhile (n > 0) {\nswitch (state) {\ncase 0 -> { await(f); state = 1; }\n"
                + "default -> { return null; }\n}\n}\n");
        body("String s = null;\nfor (int i = 0; i < n && s == null; i++) s = await(f);\n");
        body("boolean[] done = {false};\nwhile (!done[0]) { await(f); done[0] = true; }\n");
        body(
                "var done = new java.util.concurrent.atomic.AtomicBoolean();\nwhile (!done.get()) { await(f); done.set(true); }\n");
        body("while (!list.isEmpty()) { await(f); list.clear(); }\n");
        body("for (int i = 0; i < n; i++) { if (i > 0) break; await(f); }\n");
        body("for (int i = 0; i < 1; i++) { await(f); }\n");
        body("do { if (x) break; await(f); } while (false);\n");
        body("for (int i = 0; i < n; i++) { await(f); i = n; }\n");
        check("""
                boolean over;
                void end() { over = true; }
                boolean isOver() { return over; }
                Future<Void> m(Future<String> f, Future<String> g, Future<String> h) {
                    return async(() -> {
                        while (!over) { await(f); over = true; }
                        while (!this.over) { await(g); end(); }
                        while (!isOver()) { await(h); end(); }
                    });
                }
                """);
    }

    @Test
    void loopsWithoutFlags() throws Exception {
        body("while (c()) {\nawait(select(f, f())); // use-after-move\n}\n");
        body("String line;\nwhile ((line = await(f())) != null) {\nlog(line);\nawait(f); // use-after-move\n}\n");
        body("while (true) {\nvar r = await(f()); if (r.isEmpty()) break;\nawait(f); // use-after-move\n}\n");
        body(
                "int sum = 0;\nfor (int i = 0; i < n; i++) {\nsum += await(f).length(); // use-after-move\n}\nlog(sum);\n");
        body("while (n > 0) {\nswitch (await(select(f, sleep(SECOND)))) { // use-after-move\n"
                + "case First(var s) -> { return s; }\ncase Second(_) -> log(1);\n}\n}\n");
        body("for (int i = 0; i < 2; i++) {\nfor (String s : list) log(s);\nawait(f); // use-after-move\n}\n");
    }

    /** Walking each loop twice in each turn of the one around it, this would not end. */
    @Test
    void loopsInLoops() throws Exception {
        body("for (String _ : list) {\n".repeat(30) + "await(f); // use-after-move\n" + "}\n".repeat(30));
        body("while (c()) {\n".repeat(30) + "Future<String> h = f();\nawait(h);\n" + "}\n".repeat(30));
    }

    @Test
    void callsThatNeverReturn() throws Exception {
        body("if (x) { await(f); System.exit(1); }\nawait(f);\n");
        check("""
                static void fail(String why) { throw new AssertionError(why); }
                static <E extends Exception> void sneakyThrow(Exception e) throws E { throw (E) e; }
                Future<Void> m(Future<String> f, boolean x) {
                    return async(() -> {
                        try {
                            if (x) { await(f); fail("why"); }
                        } catch (java.io.IOException e) {
                            log(await(f)); // use-after-move
                            T.<RuntimeException>sneakyThrow(e);
                        }
                        await(f);
                    });
                }
                """.replace("static <E", "@SuppressWarnings(\"unchecked\") static <E"));
    }

    @Test
    void exceptions() throws Exception {
        body("for (int i = 0; i < n; i++) {\ntry {\nreturn await(f); // use-after-move\n"
                + "} catch (Exception e) { log(e); }\n}\n");
        body("try { c(); log(await(f)); } catch (Exception e) { log(await(f)); }\n");
        body("try {\nawait(f);\n} catch (Exception e) {\nawait(f); // use-after-move\n}\n");
        body("try {\nlog(await(timeout(SECOND, f)));\n} catch (java.util.concurrent.TimeoutException e) {\n"
                + "await(f); // use-after-move\n}\n");
        body("try { c(); log(await(f)); } catch (IllegalStateException | java.io.IOException e) { log(await(f)); }\n");
        body("try {\nc();\nlog(await(f));\n} catch (java.sql.SQLException | java.io.IOException e) {\n"
                + "log(await(f)); // use-after-move\n}\n");
        body("try { c(); await(f); } finally { f.drop(); }\n");
        body("try {\nlog(await(f));\n} finally {\nlog(await(f)); // use-after-move\n}\n");
        body("try { if (x) return null; c(); await(g); } finally { if (!x) log(await(f)); }\n");
        body("boolean taken = false;\ntry { c(); taken = true; await(f); } finally { if (!taken) log(await(f)); }\n");
        body("boolean taken = false;\ntry { if (x) { taken = true; return await(f); } c(); }"
                + " finally { if (!taken) log(await(f)); }\n");
        body("boolean ok = false;\ntry { c(); ok = true; } finally { if (!ok) f.drop(); }\nawait(f);\n");
        body("Throwable t = null;\ntry { c(); } catch (RuntimeException e) { t = e; throw e; }"
                + " finally { if (t != null) f.drop(); }\nawait(f);\n");
        body("assert x : await(f);\nawait(f);\n");
        body("try { c(); } finally { f.drop(); }\nawait(f); // use-after-move\n");
        body("try { await(f); } finally { log(1); }\nif (x) log(await(f)); // use-after-move\n");
        body("try { c(); } catch (RuntimeException e) { await(f); throw e; }\nawait(f);\n");
        body("try { c(); } catch (RuntimeException e) { await(f); }\nawait(f); // use-after-move\n");
    }

    /** By then javac has let go of its trees. */
    @Test
    void aClassThatIsWrittenBefore() throws Exception {
        check("""
                static Future<Void> nothing() { return Futures.done(); }
                static Future<Void> fresh() { return async(() -> await(yieldNow())); }
                }
                class Later {
                    Future<Void> m() {
                        return async(() -> {
                            var nothing = T.nothing();
                            await(nothing);
                            await(nothing);
                            var fresh = T.fresh();
                            await(fresh);
                            await(fresh); // use-after-move
                        });
                    }
                """);
    }

    @Test
    void lambdas() throws Exception {
        body("await(f);\nspawn(async(() -> await(f))).detach(); // use-after-move\n");
        body("spawn(async(() -> await(f))).detach();\n");
        body("AsyncCallable<String> one = () -> await(f);\nAsyncCallable<String> other = () -> await(f);\n");
        body("AsyncCallable<String> one = () -> {\nawait(f);\nreturn await(f); // use-after-move\n};\n");
        check("""
                @SuppressWarnings("latent:null-future") Supplier<Future<Void>> field = () -> {
                    var f = f();
                    log(map(f));
                    log(spawnIt(f));
                    return null;
                };
                Object map(Future<String> f) { return Futures.map(f, s -> s); }
                Object spawnIt(Future<String> f) {
                    Object o = Futures.map(f, s -> s);
                    log(new Object() {
                        Object again(Future<String> g) {
                            return List.of(join(List.of(g, f())), settle(g)); // use-after-move
                        }
                    });
                    return o;
                }
                Future<String> returned() {
                    var f = f();
                    log(settle(f));
                    return f; // use-after-move
                }
                """);
    }

    @Test
    void whatManyMayAwait() throws Exception {
        body("var s = Futures.shared(f);\nawait(s);\nawait(s);\n");
        body("Future<String> s = Futures.shared(f);\nawait(s);\nawait(s);\n");
        body("Future<Void> d = x ? Futures.done() : sleep(SECOND);\nawait(d);\nawait(d);\n");
        body(
                "Shared<String> s = Futures.shared(f);\nFuture<String> t = s;\nvar u = t;\nawait(t);\nawait(t);\nawait(u);\nawait(u);\n");
        body("Future<String> p = pin(f);\nawait(select(p, g));\nawait(p);\n");
        body(
                "Future<String> d = switch (n) { case 1 -> NEVER; default -> Futures.ready(\"x\"); };\nawait(d);\nawait(d);\n");
        body("var r = Futures.ready(f);\nawait(f);\nlog(r);\n");
        check("""
                static Future<Void> nothing() { return Futures.done(); }
                Future<Void> m() {
                    return async(() -> {
                        var nothing = nothing();
                        await(nothing);
                        await(nothing);
                    });
                }
                interface Code { void run() throws Exception; }
                static void assertThrows(Class<?> type, Code code) {}
                void twice(Future<String> f) throws Exception {
                    Latent.blockOn(f);
                    assertThrows(IllegalStateException.class, () -> Latent.blockOn(f));
                }
                """);
        body("var d = NEVER;\nFuture<String> e = T.NEVER;\nwhile (c()) await(select(d, e));\n");
        body("try (var p = pin(f)) { while (c()) { await(select(p, sleep(SECOND))); } }\n");
        body("JoinHandle<String> h = spawn(f);\nif (h.isFinished()) await(h);\nh.close();\n");
        body("log(f);\nawait(f);\nlog(f);\nf.drop();\n");
    }

    @Test
    void whatHoldsTasksOrFuturesTakesThemToo() throws Exception {
        check("""
                static final TaskLocal<String> USER = TaskLocal.create("user");
                void m(Spawner spawner, JoinSet<String> set, JoinMap<Integer, String> map, FuturesUnordered<String> all,
                        dev.latent.sync.TaskTracker tracker) {
                    var a = f();
                    set.spawn(a);
                    set.spawn(a); // use-after-move
                    var b = f();
                    map.spawn(3, b);
                    spawner.spawn(b).detach(); // use-after-move
                    var d = f();
                    tracker.spawn(spawner, d).detach();
                    spawner.spawn(d).detach(); // use-after-move
                    var e = f();
                    all.add(e);
                    all.add(e); // use-after-move
                    var g = f();
                    spawner.spawn(USER.where("x", g)).detach();
                    spawner.spawn(g).detach(); // use-after-move
                }
                """);
    }
}
