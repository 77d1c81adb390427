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
                    @SuppressWarnings("latent:null-future") static Future<String> f() { return null; }
                """ + source + "}\n");
        assertEquals(1, said.size(), said::toString);
        assertTrue(
                said.getFirst().matches("(?s).*works on the async body around it, and \\Q" + why + "\\E.* is none\n.*"),
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
    void inAClose() throws Exception {
        says(
                "class R implements AutoCloseable {\npublic void close() throws Exception {\n"
                        + "await(f()); // await-outside-async\n}\n}\n",
                "the method `close`",
                "implement AsyncCloseable, and do it in closeAsync()");
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
                "let it be an AsyncCallable, whose lambda may await");
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
                "get(…) first; if there is nothing, await the value in the async body and put(…) it");
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

    private static void inLambda(String statement, String fix) throws Exception {
        says("""
                interface Step<A, B> { B take(A a) throws Exception; }
                static <A, B> B run(Step<A, B> step) { return null; }
                static <A> List<A> sorted(List<A> list, Comparator<A> by) { return list; }
                static int key(Object o) { return 0; }
                Future<Object> m(List<String> list, Optional<String> one) {
                    return async(() -> {
                """ + statement + "return await(f()); }); }\n", "this lambda", fix);
    }

    @Test
    void wherePeopleTryIt() throws Exception {
        String catching = "try { return key(await(f())); // await-outside-async\n} catch (Exception e) { return 0; }";
        inLambda("list.sort((a, b) -> {" + catching + "});\n", "join(…) the keys, and compare what it gives");
        inLambda(
                "list.sort(Comparator.comparing(s -> {" + catching + "}));\n",
                "await before the lambda and use the value");
        inLambda("list.stream().map(s -> {" + catching + "}).toList();\n", "and await(join(list)); or use a loop");
        inLambda("one.map(s -> {" + catching + "});\n", "use an if on isPresent()");
        inLambda(
                "list.forEach(s -> {"
                        + catching.replaceAll("return (key.*\\);|0;)", "$1").replace("0;", "") + "});\n",
                "use a loop in the async body in place of the lambda");
        inLambda("run(s ->\nawait(f())); // await-outside-async\n", "await before the lambda and use the value in it");
    }

    @Test
    void inAMethodWhoseTypeOthersHaveSet() throws Exception {
        String compare =
                "{\ntry { return await(f()).length(); // await-outside-async\n} catch (Exception e) { return 0; }\n}\n";
        says(
                "Object o = new Comparator<String>() {\npublic int compare(String a, String b) " + compare + "};\n",
                "the method `compare`",
                "join(…) the keys, and compare what it gives");
        says(
                "class Key {\n@Override public int hashCode() " + compare + "}\n",
                "the method `hashCode`",
                "if it is not yours, await before this object is made");
        says(
                "record Names(String s) implements Iterable<String> {\npublic Iterator<String> iterator() {\n"
                        + "try { return List.of(await(f())).iterator(); // await-outside-async\n"
                        + "} catch (Exception e) { return null; }\n}\n}\n",
                "the method `iterator`",
                "if it is not yours, await before this object is made");
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
