package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the compiler says: each line that ends with {@code // id} gets just that error, other lines none. */
class DiagnosticsTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import java.util.*;
            import java.util.function.*;
            class T {
                @SuppressWarnings("latent:null-future") static Future<String> f() { return null; }
                interface Res extends AsyncCloseable { }
                static Res res() { return null; }
                @AsyncClosure interface Fn { int go(int a) throws Exception; default int twice() throws Exception { return 2; } }
            """;

    private static void check(String body) throws Exception {
        check(List.of(), HEAD + body + "}\n");
    }

    private static void check(List<String> options, String source) throws Exception {
        List<String> expected = new ArrayList<>();
        String[] lines = source.split("\n");
        for (int i = 0; i < lines.length; i++) {
            Matcher id = Pattern.compile("// ([a-z-]+)$").matcher(lines[i]);
            if (id.find()) {
                expected.add((i + 1) + " " + id.group(1));
            }
        }
        Javac.Result result = Javac.compile(options, Map.of("T", source));
        List<String> got = new ArrayList<>();
        for (String error : result.errors()) {
            Matcher m = Pattern.compile(
                            "T.java:(\\d+): \\[latent:([a-z-]+)] (.+)\n  (.+)\n  java -jar .*latent-compiler.*jar\"? explain \\2")
                    .matcher(error);
            assertTrue(m.matches(), "not <id> <why>, <what to do>, <what tells more>, in " + result.errors());
            got.add(m.group(1) + " " + m.group(2));
        }
        assertEquals(expected, got, () -> "" + result.errors());
    }

    @Test
    void awaitOutsideOfAnAsyncBody() throws Exception {
        check("""
                String field = ((Supplier<String>) () -> "x").get();
                String direct() throws Exception {
                    return await(f()); // await-outside-async
                }
                T() throws Exception {
                    await(f()); // await-outside-async
                }
                static Object s;
                static {
                    s = context(); // await-outside-async
                }
                void ordinaryLambda() {
                    Runnable r = () -> spawn(f()); // await-outside-async
                }
                Future<String> nested() {
                    return async(() -> {
                        Runnable r = () -> {
                            context(); // await-outside-async
                        };
                        class Local {
                            void m() throws Exception {
                                await(f()); // await-outside-async
                            }
                        }
                        return await(f());
                    });
                }
                """);
    }

    /** With this option, which Error Prone wants, the lints see what javac has found errors in. */
    @Test
    void aLambdaOfUnknownTypeMayBeAsync() throws Exception {
        String errors = Javac.compile(List.of("-XDshould-stop.ifError=FLOW"), Map.of("T", HEAD + """
                        Future<String> mistyped() { return asnyc(() -> await(f())); }
                        Object otherArguments() { return async(x -> { try (var r = res()) { } return await(f()); }); }
                        Future<Void> more() { return scopeDo((a, b) -> await(f())); }
                        String outside(Missing m) throws Exception { return m.value() + await(f()); }
                        }
                        """)).errors().stream()
                .filter(e -> e.contains("latent:"))
                .toList()
                .toString();
        assertTrue(errors.startsWith("[T.java:13: [latent:await-outside-async]"), errors);
        assertEquals(errors.indexOf("latent:"), errors.lastIndexOf("latent:"), errors);
    }

    @Test
    void awaitUnderAMonitor() throws Exception {
        check("""
                Future<String> m(Fn fn) {
                    return async(() -> {
                        synchronized (await(f())) {
                            Future<String> fine = async(() -> await(f()));
                            fn.twice();
                            fn.hashCode();
                        }
                        synchronized (this) {
                            if (fn.hashCode() == 3) {
                                fn.go(3); // lock-across-await
                            }
                            return await(f()); // lock-across-await
                        }
                    });
                }
                """);
    }

    @Test
    void asyncCloseOutside() throws Exception {
        check("""
                void m() throws Exception {
                    try (AutoCloseable fine = () -> {};
                            var r = res()) { // async-close-outside-async
                    }
                    Res r = res();
                    try (r) { // async-close-outside-async
                    }
                }
                Future<Void> fine() {
                    return async(() -> {
                        try (Res r = res()) {
                        }
                    });
                }
                """);
    }

    @Test
    void finallyThatLeaves() throws Exception {
        check("""
                Future<String> m(int n) {
                    return async(() -> {
                        outer:
                        for (int i = 0; i < n; i++) {
                            try {
                                await(f());
                            } finally {
                                for (int k = 0; k < 3; k++) {
                                    if (k == 1) continue;
                                    if (k == 2) break;
                                    if (k == 4) continue outer; // finally-leaves
                                }
                                inner: { if (n == 4) break inner; }
                                Supplier<String> s = () -> { return "x"; };
                                if (n == 3) {
                                    return "a"; // finally-leaves
                                }
                                if (n == 4) {
                                    break; // finally-leaves
                                }
                                int z = switch (n) { case 1 -> { yield 3; } default -> 4; };
                            }
                            try {
                                Object o = async(() -> await(f()));
                            } finally {
                                if (n == 7) continue;
                            }
                        }
                        return switch (n) {
                            case 3 -> {
                                try (Res r = res()) {
                                } finally {
                                    yield "x"; // finally-leaves
                                }
                            }
                            default -> "y";
                        };
                    });
                }
                """);
    }

    @Test
    void methodReferences() throws Exception {
        check("""
                static String now() { return "n"; }
                Future<String> m() {
                    AsyncCallable<String> fine = () -> now();
                    return async(T::now); // async-method-reference
                }
                Fn fn() {
                    return Integer::bitCount; // async-method-reference
                }
                Future<Void> words(List<Future<String>> all) {
                    return async(() -> {
                        Supplier<Context> context = Async::context; // await-outside-async
                        AsyncFunction<Future<String>, String> one = Async::await; // async-method-reference
                    });
                }
                """);
        String made = Javac.compile(List.of(), Map.of("T", HEAD + """
                        Object a() { return async(T::f); }
                        Future<String> b() { return async(T::f); }
                        <R> void take(AsyncCallable<R> body) {}
                        void c() { take(T::f); }
                        }
                        """)).errors().toString();
        assertEquals(3, made.split("a lambda that awaits it, \\(\\) -> await\\(T\\.f\\(\\)\\)", -1).length - 1, made);
        assertEquals(2, made.split("write T\\.f\\(\\) without async", -1).length - 1, made);
        Map.of(
                        "T::new",
                        "n -> new T(n)",
                        "int[]::new",
                        "value -> new int[value]",
                        "Integer::toHexString",
                        "i -> Integer.toHexString(i)")
                .forEach((reference, lambda) -> {
                    String errors = refused("Object o = async(" + reference + ", 3); T(int n) { } }");
                    assertTrue(errors.contains("write a lambda, " + lambda), errors);
                });
        String ofFirst = refused("Object o = async(String::length, \"x\"); }");
        assertTrue(ofFirst.contains("write a lambda, it -> it.length()"), ofFirst);
    }

    private static String refused(String rest) {
        try {
            return Javac.compile(List.of(), Map.of("T", HEAD + rest)).errors().toString();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void closuresThatHideAFuturesOwnMethods() throws Exception {
        check("""
                @AsyncClosure interface Dropper { void drop() throws Exception; }
                Dropper d() {
                    return () -> { }; // closure-method-taken
                }
                """);
    }

    @Test
    void withoutAProcessorNothingIsWoven() throws Exception {
        check(List.of("-proc:none"), """
                import static dev.latent.Async.*;
                import dev.latent.*;
                class T {
                    Future<String> m() { return async(() -> "x"); } // not-woven
                }
                """);
        check(List.of("-proc:none"), "class T { Runnable r = () -> {}; }");
    }
}
