package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A future in the place of its value, inside of an expression; and the places where one is meant. */
class ForgottenAwaitTest {
    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import java.util.*;
            class T {
                record User(String name) {}
                interface Users {
                    Future<User> find(long id);
                    Future<User> first();
                }
                @interface Nullable {}
                static Future<String> name() { return async(() -> "Ada"); }
                static Future<String> same() { return name(); }
                static void take(Object o) {}
            """;

    private static List<String> check(String body) throws Exception {
        return Marked.check(List.of(), HEAD + body + "}\n");
    }

    /** {@return what is said of these statements of an async body} */
    private static List<String> body(String statements) throws Exception {
        return check("Future<Object> m(Users users, User user, Future<String> f, boolean x, StringBuilder sb,"
                + " List<User> list, Set<Object> any, Set<Future<String>> futures, Map<String, User> byName) {\n"
                + "return async(() -> {\n" + statements + "return await(f); }); }\n");
    }

    /** By then javac has let go of its trees. */
    @Test
    void ofAClassThatIsWrittenBefore() throws Exception {
        check("""
                Future<String> kept;
                Future<String> kept() { return kept; }
                Future<String> fresh() { return async(() -> await(yieldNow()).toString()); }
                }
                class Later {
                    String m(T t) { return "waits for " + t.kept(); }
                    String n(T t) {
                        return "gives " + t.fresh(); // unused-future
                    }
                """);
    }

    @Test
    void whereItsTextIsTaken() throws Exception {
        List<String> said = body("take(\"Hello, \" + name()); // unused-future\n");
        assertTrue(said.getFirst().contains("only its text is used here, and it is never polled"), said::toString);
        assertTrue(said.getFirst().contains("\n  write await(name())\n"), said::toString);
        body("take(\"a\" + (users.first()) + \"b\"); // unused-future\n");
        body("String s = \"\";\ns += x ? name() : users.find(1); // unused-future\n");
        body("System.out.println(users.first()); // unused-future\n");
        body("IO.println(name()); // unused-future\n");
        body("sb.append(1).append(name()); // unused-future\n");
        body("take(String.valueOf(users.find(1))); // unused-future\n");
        body("take(\"%s, %s\".formatted(1, users.find(1))); // unused-future\n");
        body("take(Objects.toString(name())); // unused-future\n");
        body("take(users.first().toString()); // unused-future\n");
    }

    @Test
    void whereItIsComparedWithSomethingElse() throws Exception {
        body("take(name().equals(\"x\")); // unused-future\n");
        body("take(\"x\".equals(users.first())); // unused-future\n");
        body("take(users.first() == user); // unused-future\n".replace("user)", "(CharSequence) \"x\")"));
        body("take(users.find(1) != null); // unused-future\n");
        body("take(Objects.nonNull(users.find(1))); // unused-future\n");
        body("take(name() == null); // unused-future\n");
        body("take(same() == f); // unused-future\n");
        body("take(name().hashCode()); // unused-future\n");
        body("take(users.first() instanceof CharSequence); // unused-future\n");
        body("take(list.contains(users.first())); // unused-future\n");
        body("take(byName.get(name())); // unused-future\n");
    }

    @Test
    void outsideOfAsyncBodiesItSaysWhatIsPossibleThere() throws Exception {
        List<String> said = check("void main() {\nIO.println(\"Hello, \" + name()); // unused-future\n}\n");
        assertTrue(said.getFirst().contains("run it with Latent.blockOn(…)"), said::toString);
    }

    @Test
    void aFutureThatIsMeant() throws Exception {
        body("take(name()); any.add(name()); any.contains(name()); futures.contains(name());\n");
        body("take(\"f: \" + f); take(f == null); take(f.equals(f)); IO.println(f);\n");
        body("take(name().getClass()); take(name() instanceof Shared); take(1 + 2);\n");
        body(
                "take(\"Hello, \" + await(name())); take(await(users.find(1)) == null); list.remove(0); byName.get(\"x\");\n");
        check("""
                static class Step implements Future<String> {
                    public Poll<String> poll(Context cx) { return Poll.ready(""); }
                    public void drop() {}
                    @Override public String toString() { return "step"; }
                }
                void own() { IO.println("at " + new Step()); }
                interface Code { void run() throws Exception; }
                static void assertThrows(Class<?> type, Code code) {}
                void expected(Users users) { assertThrows(Exception.class, () -> take("x" + users.find(-1))); }
                """);
    }

    @Test
    void aFutureThatWasThereBefore() throws Exception {
        check("""
                record Task(String name, Future<String> result) {}
                interface Cache { @Nullable Future<String> getIfPresent(String key); }
                private Future<String> closing;
                private final Map<String, Future<String>> open = new HashMap<>();
                Future<String> closing() { return closing; }
                Future<String> closingOrNot() { return closing(); }
                Future<String> open(String key) { return open.computeIfAbsent(key, k -> name()); }
                Future<String> either(boolean b) { return b ? closing : name(); }
                void m(Task task, Users users, Cache cache, Future<String> f, Map<String, Future<String>> byName) {
                    take("closing: " + closing() + closingOrNot() + open("x") + either(true));
                    take(closing() == null || closingOrNot() != f || open("x") == f || users.first() == null);
                    take(users.first() == (Object) f || task.result() == f || cache.getIfPresent("x") != null);
                    take(task + " gives " + task.result());
                    take(byName.get("x") == null || byName.remove("x") == f);
                    take(users.first().hashCode());
                }
                """);
    }
}
