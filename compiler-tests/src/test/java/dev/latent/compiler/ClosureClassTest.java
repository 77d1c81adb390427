package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.NotWovenException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An async body is a lambda: a class that implements a closure is refused, however it is made, and whatever it does. */
class ClosureClassTest {
    private static final String LAMBDA = "write a lambda in its place";

    private static final String HEAD = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            class T {
                @AsyncClosure interface Twice { int of(int x) throws Exception; }
                interface Thrice extends Twice { }
                @SuppressWarnings("latent:null-future") static Future<Integer> f() { return null; }
            """;

    private static List<String> check(String source) throws Exception {
        return Marked.check(List.of(), HEAD + source + "}\n");
    }

    @Test
    void anAwaitInOneOfEachClosure() throws Exception {
        List<String> said = check("""
                Object callable = new AsyncCallable<Integer>() {
                    public Integer call() throws Exception {
                        return await(f()); // await-outside-async
                    }
                };
                Object runnable = new AsyncRunnable() {
                    public void run() throws Exception {
                        await(f()); // await-outside-async
                    }
                };
                Object function = new AsyncFunction<Integer, Integer>() {
                    public Integer apply(Integer x) throws Exception {
                        return await(f()); // await-outside-async
                    }
                };
                Object consumer = new AsyncConsumer<Integer>() {
                    public void accept(Integer x) throws Exception {
                        await(f()); // await-outside-async
                    }
                };
                Object ours = new Thrice() {
                    public int of(int x) throws Exception {
                        spawn(f()).detach(); // await-outside-async
                        return x;
                    }
                };
                """);
        said.forEach(each -> assertTrue(each.contains(LAMBDA), each));
    }

    @Test
    void anAwaitInEachKindOfClass() throws Exception {
        List<String> said = check("""
                static class Named implements AsyncCallable<Integer> {
                    public Integer call() throws Exception {
                        return await(f()); // await-outside-async
                    }
                }
                record Pair(int x) implements AsyncCallable<Integer> {
                    public Integer call() throws Exception {
                        return await(f()); // await-outside-async
                    }
                }
                enum One implements AsyncCallable<Integer> {
                    ONE;
                    public Integer call() throws Exception {
                        return await(f()); // await-outside-async
                    }
                }
                void m() {
                    class Local implements Twice {
                        public int of(int x) throws Exception {
                            return await(f()); // await-outside-async
                        }
                    }
                }
                """);
        said.forEach(each -> assertTrue(each.contains(LAMBDA), each));
    }

    @Test
    void anAwaitInAnotherMethodOfSuchAClassIsAnyMethods() throws Exception {
        List<String> said = check("""
                static class Named implements AsyncCallable<Integer> {
                    public Integer call() throws Exception {
                        return helper();
                    }
                    private Integer helper() throws Exception {
                        return await(f()); // await-outside-async
                    }
                }
                """);
        assertTrue(said.getFirst().contains("let the method return async(() -> …)"), said.toString());
    }

    @Test
    void oneWithoutAnAwait() throws Exception {
        List<String> said = check("""
                static class Named implements AsyncCallable<Integer> { // closure-class
                    public Integer call() { return 7; }
                }
                record Pair(int x) implements AsyncFunction<Integer, Integer> { // closure-class
                    public Integer apply(Integer y) { return x + y; }
                }
                enum One implements AsyncRunnable { // closure-class
                    ONE;
                    public void run() { }
                }
                enum Many implements AsyncRunnable {
                    ONE { // closure-class
                        public void run() { }
                    };
                }
                static abstract class Above<T> implements Thrice { }
                static class Below extends Above<String> { // closure-class
                    public int of(int x) { return 2 * x; }
                }
                Object anonymous = new AsyncConsumer<Integer>() { // closure-class
                    public void accept(Integer x) { }
                };
                void m() {
                    class Local implements Twice { // closure-class
                        public int of(int x) { return 2 * x; }
                    }
                }
                """);
        said.forEach(each -> assertTrue(each.contains(LAMBDA), each));
        assertTrue(said.getFirst().contains("a class that implements AsyncCallable"), said.toString());
        assertTrue(said.stream().anyMatch(each -> each.contains("implements Thrice")), said.toString());
    }

    @Test
    void whatIsNone() throws Exception {
        check("""
                interface More<A> extends AsyncFunction<A, A> { default int n() { return 1; } }
                static abstract class Above implements AsyncRunnable { }
                static class Other implements java.util.concurrent.Callable<Integer> {
                    public Integer call() { return 7; }
                }
                @SuppressWarnings("latent:closure-class")
                static class Mine implements AsyncCallable<Integer> {
                    public Integer call() { return 7; }
                }
                static Future<Integer> m(More<Integer> more) { return async(more, 1); }
                static Future<Integer> n() { return m(x -> await(f()) + x); }
                """);
    }

    /** A mock, say, or what somebody has suppressed. */
    @Test
    void oneThatIsRunAfterAllSaysSoInOneLine() throws Exception {
        Javac.Result result = Javac.compile(List.of(), Map.of("T", HEAD + """
                @SuppressWarnings("latent:closure-class")
                static class Named implements AsyncCallable<Integer>, Thrice {
                    public Integer call() { return 7; }
                    public int of(int x) { return 7; }
                }
                static Future<Integer> made() { return async(new Named()); }
                static Future<Integer> called() {
                    Thrice closure = new Named();
                    return async(() -> closure.of(1));
                }
                }
                """));
        assertEquals(List.of(), result.errors());
        Class<?> type = result.loader().loadClass("T");
        var made = type.getDeclaredMethod("made");
        made.setAccessible(true);
        isSaid(assertThrows(InvocationTargetException.class, () -> made.invoke(null))
                .getCause());
        var called = type.getDeclaredMethod("called");
        called.setAccessible(true);
        Future<?> future = (Future<?>) called.invoke(null);
        isSaid(assertThrows(NotWovenException.class, () -> new Drive().run(future)));
    }

    private static void isSaid(Throwable refused) {
        assertEquals(NotWovenException.class, refused.getClass());
        assertEquals(
                "an async body is a lambda, and T$Named is a class of its own, which is not woven: " + LAMBDA,
                refused.getMessage());
    }
}
