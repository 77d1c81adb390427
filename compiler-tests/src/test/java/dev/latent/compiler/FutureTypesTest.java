package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Futures of futures, and futures of the JDK; beside what javac says itself where the types don't fit. */
class FutureTypesTest {
    private static List<String> said(String imports, String body) throws Exception {
        String source = "import static dev.latent.Async.*;\n" + imports + "\nclass T {\n" + body + "}\n";
        return Javac.compile(List.of(), Map.of("T", source)).diagnostics().stream()
                .filter(d -> d.getMessage(Locale.ROOT).startsWith("[latent:"))
                .map(d -> d.getLineNumber() + " " + d.getMessage(Locale.ROOT).replace("\n", ""))
                .toList();
    }

    private static void says(String imports, String body, String... lines) throws Exception {
        List<String> said = said(imports, body);
        assertEquals(lines.length, said.size(), said::toString);
        for (int i = 0; i < lines.length; i++) {
            assertTrue(said.get(i).startsWith(lines[i]), said::toString);
        }
    }

    private static void ofFuture(String body, String... lines) throws Exception {
        says(
                "import dev.latent.*; import dev.latent.Future; import java.util.*;",
                "@SuppressWarnings(\"latent:null-future\") Future<String> f() { return null; }\n" + body,
                lines);
    }

    @Test
    void bodiesThatReturnAFuture() throws Exception {
        ofFuture(
                "Future<Future<String>> m() { return async(() -> {\nawait(f());\nreturn f(); }); }\n",
                "7 [latent:future-of-future] this body returns a future");
        ofFuture("Object m() {\nreturn async((String s) -> f(), \"x\"); }\n", "6 [latent:future-of-future]");
        ofFuture("Object m(boolean x) {\nreturn select(on(f(), s -> f())); }\n", "6 [latent:future-of-future]");
    }

    @Test
    void bodiesThatJavacHasRefused() throws Exception {
        ofFuture("Future<String> m() {\nreturn async(() -> f()); }\n", "6 [latent:future-of-future]");
        ofFuture(
                "Future<String> m(boolean x) { return async(() -> {\nif (x) return await(f());\nreturn f(); }); }\n",
                "7 [latent:future-of-future]");
    }

    @Test
    void futuresThatMayBeReturned() throws Exception {
        ofFuture("""
                Object a() { return async(() -> { await(f()); return spawn(f()); }); }
                Object b() { return async(() -> { await(f()); return Futures.shared(f()); }); }
                Object c() { return async(() -> { await(f()); return List.of(f()); }); }
                <T> Future<T> d(T value) { return async(() -> { await(f()); return value; }); }
                Object e() { return Futures.then(f(), s -> f()); }
                void take(AsyncFunction<String, Future<String>> maker) {}
                void h() {
                    AsyncCallable<Future<String>> maker = () -> { await(f()); return f(); };
                    take(s -> { await(f()); return f(); });
                }
                Object g() {
                    return async(() -> {
                        java.util.function.Supplier<Future<String>> later = () -> { return f(); };
                        return await(later.get());
                    });
                }
                """);
    }

    @Test
    void aFutureWhereItsValueIsWanted() throws Exception {
        String why =
                "unused-future] this is a Future<String>: it gives the String that is wanted here only when it is awaited";
        ofFuture("String m() {\nreturn f(); }\n", "6 [latent:" + why + "  let the method return async");
        ofFuture(
                "Future<Integer> m() { return async(() -> {\nString s = f();\nCharSequence c = null;\nc = this.f();\n"
                        + "return f().length();\n}); }\n",
                "6 [latent:" + why + "  write await(f())",
                "8 [latent:" + why + "  write await(this.f())",
                "9 [latent:" + why + "  write await(f())");
        ofFuture(
                "@SuppressWarnings(\"latent:null-future\") <T> Future<T> g() { return null; }\nint m() {\nreturn g(); }\n",
                "7 [latent:unused-future] this is a future: it gives what is wanted here only when it is awaited");
        // These are other mistakes.
        ofFuture("Future<Integer> m() { int n = f(); return f(); }\n");
        ofFuture("int m() { List<Future<String>> l = f(); f().lenght(); return l.get(0); }\n");
    }

    @Test
    void theJdksFutureWhereOursIsMeant() throws Exception {
        String imports = "import java.util.concurrent.Future;";
        String why = "2 [latent:wrong-future] this `Future` is java.util.concurrent's, and Latent's is given to it  "
                + "import dev.latent.Future in its place";
        says(imports, "Future<Void> m() { return sleep(null); }\nFuture<Void> n() { return sleep(null); }\n", why);
        says(imports, "Future<String> m() { return async(() -> \"x\"); }\n", why);
        says(imports, "Object m() { Future<Void> f = yieldNow(); return f; }\n", why);
        says(
                "import java.util.concurrent.*;",
                "Future<Void> m() { return yieldNow(); }\n",
                "4 [latent:wrong-future] this `Future` is java.util.concurrent's");
        says(imports, "Future<String> m(java.util.concurrent.ExecutorService e) { return e.submit(() -> \"x\"); }\n");
    }

    @Test
    void aNameThatIsBoth() throws Exception {
        String both = "import dev.latent.*; import java.util.concurrent.*;";
        says(
                both,
                "Future<Void> m() { return yieldNow(); }\nFuture<Void> n() { return yieldNow(); }\n",
                "4 [latent:wrong-future] `Future` is in both packages that are imported here with a star"
                        + "  import dev.latent.Future too");
        says(both, "Executor m() { return null; }\n");
        says(both, "static class Future<T> {}\nFuture<String> m() { return null; }\n");
        says(both + " import dev.latent.Future;", "Future<Void> m() { return yieldNow(); }\n");
    }

    @Test
    void theJdksFutureGivenToOurs() throws Exception {
        String imports = "import dev.latent.*; import dev.latent.Future; import java.util.concurrent.*;";
        says(
                imports,
                "Future<String> m(ExecutorService e) { return async(() -> await(e.submit(() -> \"x\"))); }\n",
                "4 [latent:wrong-future] this is a future of java.util.concurrent, which runs by itself");
        List<String> said = said(imports, "Object m(CompletableFuture<String> e) { return join(yieldNow(), e); }\n");
        assertTrue(said.getFirst().contains("Futures.fromCompletionStage(() -> …)"), said::toString);
        says(imports, "void await(ExecutorService e) {}\nvoid m(ExecutorService e) { await(e); }\n");
    }
}
