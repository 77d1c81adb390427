package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said depends on what the await stands in instead of an async body. */
class AwaitOutsideAsyncTest {
    private static void says(String source, String why, String fix) throws Exception {
        List<String> said = Marked.check(List.of(), """
                import static dev.latent.Async.*;
                import dev.latent.*;
                import dev.latent.Future;
                import java.util.*;
                class T {
                    static Future<String> f() { return null; }
                """ + source + "}\n");
        assertEquals(1, said.size(), said::toString);
        assertTrue(
                said.getFirst().contains("works on the async body around it, and " + why + " is none\n"),
                said::toString);
        assertTrue(said.getFirst().contains(fix), said::toString);
    }

    @Test
    void inAMethod() throws Exception {
        says(
                "String m() throws Exception {\nreturn await(f()); // await-outside-async\n}\n",
                "the method `m`",
                "let the method return async(() -> …), or wait with Latent.blockOn(…)");
        says(
                "void m() {\nspawn(f()).detach(); // await-outside-async\n}\n",
                "the method `m`",
                "or take a Spawner, as context().spawner() gives it");
    }

    @Test
    void whereAnObjectIsMade() throws Exception {
        String fix = "keep the future, or let an async method await it first and then make the object";
        says("T() throws Exception {\nawait(f()); // await-outside-async\n}\n", "a constructor", fix);
        says(
                "String s;\n{\nif (s == null) s = await(f()); // await-outside-async\n}\nT() throws Exception {}\n",
                "an initialiser",
                fix);
        says(
                "static Object s;\nstatic {\ns = context(); // await-outside-async\n}\n",
                "a static initialiser",
                "pass a Spawner");
        says("Object s =\ncontext(); // await-outside-async\n", "an initialiser", "pass a Spawner");
    }

    @Test
    void inAnOrdinaryLambda() throws Exception {
        says(
                "Object o = (java.util.concurrent.Callable<String>) () ->\nawait(f()); // await-outside-async\n",
                "this lambda of type java.util.concurrent.Callable",
                "write async(() -> …) around it");
        says(
                """
                Future<Void> m(Map<String, String> map) {
                    return async(() -> {
                        map.computeIfAbsent("x", k -> {
                            try {
                                return await(f()); // await-outside-async
                            } catch (Exception e) {
                                return "";
                            }
                        });
                        await(f());
                    });
                }
                """,
                "this lambda of type java.util.function.Function",
                "use a loop instead of the lambda, or a lambda of an @AsyncClosure interface");
        says(
                """
                Future<Void> m(List<String> list) {
                    return async(() -> {
                        list.forEach(s -> spawn(f()).detach()); // await-outside-async
                        await(f());
                    });
                }
                """,
                "this lambda of type java.util.function.Consumer",
                "take `var spawner = context().spawner()` before the lambda, and use the spawner in it");
    }

    @Test
    void anAsyncBodyInAConstructorIsFine() throws Exception {
        assertEquals(List.of(), Marked.check(List.of(), """
                import static dev.latent.Async.*;
                import dev.latent.*;
                class T {
                    final Future<String> first;
                    T(Future<String> f) {
                        super();
                        first = async(() -> await(f));
                    }
                }
                """));
    }
}
