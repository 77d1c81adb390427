package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Contexts that are used in a poll which is not theirs. */
class ContextAcrossAwaitTest {
    private static List<String> body(String statements) throws Exception {
        return Marked.check(List.of(), """
                import static dev.latent.Async.*;
                import dev.latent.*;
                import dev.latent.Future;
                import java.util.*;
                class T {
                    @SuppressWarnings("latent:null-future") static Future<String> f() { return null; }
                    static boolean c() { return false; }
                    static void use(Object o) {}
                    Context field;
                    Future<Object> m(boolean x, int n, List<String> list) {
                        return async(() -> {
                """ + statements + """
                            return await(f());
                        });
                    }
                }
                """);
    }

    @Test
    void variables() throws Exception {
        List<String> said = body("var cx = context();\nuse(cx);\nawait(f());\nuse(cx); // context-across-await\n");
        assertTrue(
                said.getFirst()
                        .contains("`cx` is the context of an earlier poll, which the await on line 14 has ended"),
                said::toString);
        assertTrue(said.getFirst().contains("var spawner = context().spawner()"), said::toString);
        body(
                "Context cx;\ncx = (context());\nvar same = cx;\nawait(f());\nuse(same.waker()); // context-across-await\n");
        body("var cx = context();\ncx = x ? context() : null;\nawait(f());\nuse(cx);\n");
        body("var cx = context();\nawait(f());\ncx = context();\nuse(cx);\n");
        body(
                "var spawner = context().spawner();\nvar waker = context().waker();\nawait(f());\nuse(spawner); use(waker);\n");
        body("use(context());\nawait(f());\nuse(context());\n");
    }

    @Test
    void paths() throws Exception {
        body("var cx = context();\nif (x) await(f());\nuse(cx); // context-across-await\n");
        body("var cx = context();\nif (x) await(f()); else use(cx);\n");
        body("var cx = context();\nif (x) { await(f()); return null; }\nuse(cx);\n");
        body("var cx = context();\nfor (int i = 0; i < n; i++) {\nuse(cx); // context-across-await\nawait(f());\n}\n");
        body("var cx = context();\nboolean done = false;\nwhile (!done) { use(cx); await(f()); done = true; }\n");
        body(
                "Context cx = null;\nfor (String s : list) { if (cx == null) cx = context(); use(cx); cx = null; await(f()); }\n");
        body("for (int i = 0; i < n; i++) {\nvar cx = context();\nuse(cx);\nawait(f());\n}\n");
        body("var cx = context();\ntry { await(f()); } finally {\nuse(cx); // context-across-await\n}\n");
    }

    @Test
    void fields() throws Exception {
        body("field = context(); // context-across-await\nawait(f());\n");
        body("this.field = context(); // context-across-await\nif (x) await(f());\n".replace("if (x)", ""));
        body("field = context();\nuse(x);\nfield = null;\nawait(f());\n");
    }

    @Test
    void lambdas() throws Exception {
        body(
                "var cx = context();\nspawn(async(() -> {\nuse(cx); // context-across-await\nawait(f());\n})).detach();\n");
        body("var cx = context();\nlist.forEach(s -> use(cx));\nawait(f());\n");
        body("var cx = context();\nawait(f());\nlist.forEach(s -> use(cx)); // context-across-await\n");
        body(
                "spawn(async(() -> {\nvar cx = context();\nawait(f());\nuse(cx); // context-across-await\n})).detach();\n");
    }
}
