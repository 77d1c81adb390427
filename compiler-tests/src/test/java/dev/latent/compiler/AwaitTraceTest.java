package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.WorkStealingExecutor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The trace of a failure is the chain of awaits, each once and in order, and the same whether the bodies were suspended on the way or
 * not. Whole traces are compared, each program run both ways.
 */
class AwaitTraceTest {
    private static final String SHOP = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import java.io.*;
            import java.time.Duration;
            import java.util.*;
            public class Shop {
                public static boolean slow;
                static Future<Void> pause() {
                    return slow ? sleep(Duration.ZERO) : Futures.done();
                }
                static Future<String> reserve() {
                    return async(() -> {
                        await(pause());
                        throw new IOException("out of stock");              // 15
                    });
                }
                static Future<String> checkout() {
                    return async(() -> {
                        await(pause());
                        return "c" + await(reserve());                      // 21
                    });
                }
                public static Future<?> plain() {
                    return async(() -> await(checkout()));                  // 25
                }
                public static Future<?> joined() {
                    return async(() -> await(join(checkout(), pause())));   // 28
                }
                public static Future<?> selected() {
                    return async(() -> await(select(pin(checkout()), pin(Futures.pending()))));  // 31
                }
                public static Future<?> inTime() {
                    return async(() -> await(timeout(Duration.ofDays(1), checkout())));          // 34
                }
                public static Future<?> tooLate() {
                    return async(() -> await(timeout(Duration.ZERO, Futures.pending())));        // 37
                }
                public static Future<?> scoped() {
                    return async(() -> await(scope(s -> {                   // 40
                        s.spawn(checkout());
                        return await(Futures.pending());
                    })));
                }
                public static Future<?> scopeBody() {
                    return async(() -> await(scope(s -> await(checkout()))));                    // 46
                }
                public static Future<?> shared() {
                    return async(() -> {
                        Future<String> f = Futures.shared(checkout());
                        try {
                            await(f);                                       // 52
                        } catch (IOException e) {
                            await(pause());
                        }
                        return await(sharedAgain(f));                       // 56
                    });
                }
                static Future<String> sharedAgain(Future<String> f) {
                    return async(() -> await(f));                           // 60
                }
                public static Future<?> spawned() {
                    return async(() -> {
                        var handle = spawn(checkout());
                        return await(handle);                               // 65
                    });
                }
                public static Future<?> rethrown() {
                    return async(() -> {
                        try {
                            await(checkout());                              // 71
                        } catch (IOException e) {
                            await(pause());
                            throw e;
                        }
                        return null;
                    });
                }
                public static Future<?> rethrower() {
                    return async(() -> await(rethrown()));                  // 80
                }
                public static Future<?> wrapped() {
                    return async(() -> {
                        try {
                            await(checkout());                              // 85
                        } catch (IOException e) {
                            await(pause());
                            throw new IllegalStateException("closed", e);   // 88
                        }
                        return null;
                    });
                }
                public static Future<?> wrapper() {
                    return async(() -> await(wrapped()));                   // 94
                }
                public static Future<?> keptBack() {
                    return async(() -> {
                        Exception e = helper();                             // 98
                        await(pause());
                        throw e;
                    });
                }
                static Exception helper() {
                    try {
                        throw new IOException("kept");                      // 105
                    } catch (IOException e) {
                        return new IllegalStateException("back", e);        // 107
                    }
                }
                public static Future<?> keeper() {
                    return async(() -> await(keptBack()));                  // 111
                }
                public static Future<?> closing() {
                    return async(() -> {
                        try (Closeable c = () -> { throw new IOException("close"); }) {          // 115
                            await(checkout());                              // 116
                        }
                        return null;
                    });
                }
                public static Future<?> madeBefore() {
                    return async(() -> {
                        await(pause());
                        return await(Futures.failed(new IOException("made")));                   // 124
                    });
                }
                static <T> Future<T> wrapByHand(Future<T> inner) {
                    return new Future<T>() {
                        public Poll<T> poll(Context cx) throws Exception {
                            return inner.poll(cx);                          // 130
                        }
                        public void drop() { inner.drop(); }
                    };
                }
                public static Future<?> byHand() {
                    return async(() -> await(wrapByHand(checkout())));      // 136
                }
                public static Future<?> nested() {
                    return async(() -> await(join(joined(), pause())));     // 139
                }
                public static Future<?> caught() {
                    return async(() -> await(join(catches(), pause())));
                }
                static Future<Void> catches() {
                    return async(() -> {
                        try {
                            await(checkout());                              // 147
                        } catch (IOException e) {
                            seen = e.getStackTrace();
                            throw e;
                        }
                        return null;
                    });
                }
                public static StackTraceElement[] seen;
                static Future<Integer> fact(int n) {
                    return async(() -> {
                        if (n == 0) {
                            await(pause());
                            throw new IOException("bottom");                // 160
                        }
                        return n * await(fact(n - 1));                      // 162
                    });
                }
                public static Future<?> recursion() {
                    return async(() -> await(fact(300)));                   // 166
                }
                public static Future<?> recursionRoot() {
                    return fact(300);
                }
                public static Future<?> million() {
                    return fact(1_000_000);
                }
                public static Future<?> noTrace() {
                    return async(() -> {
                        await(pause());
                        return await(thrower(new Bare()));
                    });
                }
                static Future<?> thrower(Exception e) {
                    return async(() -> {
                        await(pause());
                        throw e;
                    });
                }
                public static class Bare extends Exception {
                    Bare() { super("bare", null, false, false); }
                }
                public static Future<?> cyclic() {
                    return async(() -> {
                        await(pause());
                        Exception a = new Exception("a");                   // 192
                        Exception b = new Exception("b", a);                // 193
                        a.initCause(b);
                        b.addSuppressed(a);
                        return await(thrower(a));                           // 196
                    });
                }
                static class Endless extends Exception {
                    @Override public synchronized Throwable getCause() { return new Endless(); }
                }
                public static Future<?> endlessCauses() {
                    return async(() -> await(thrower(new Endless())));
                }
                static final Exception ONCE = new IOException("static");
                public static Future<?> throwOnce() {
                    return async(() -> await(thrower(ONCE)));
                }
                static int endless(int n) {
                    return endless(n + 1) + 1;
                }
                public static Future<?> overflow() {
                    return async(() -> {
                        await(pause());
                        return endless(0);
                    });
                }
                public static Future<?> overflows() {
                    return async(() -> await(overflow()));
                }
                public static Future<?> blockingCall() {
                    return async(() -> await(Async.spawnBlocking(() -> { throw new IOException("disk"); })));  // 222
                }
                static Future<Long> sum(int n) {
                    return async(() -> {
                        await(pause());
                        return n == 0 ? 0L : n + await(sum(n - 1));
                    });
                }
                public static Future<?> sums() { return sum(10); }
                public static Future<?> again() {
                    return async(() -> {
                        List<Future<Void>> one = List.of(async(() -> await(pause())));
                        await(one.get(0));
                        return await(one.get(0));                           // 235
                    });
                }
                public static Future<?> twice() {
                    return async(() -> await(again()));                     // 239
                }
            }
            """;

    private static Class<?> shop;

    @BeforeAll
    static void compile() throws Exception {
        Javac.Result result = Javac.compile(List.of("-g"), Map.of("Shop", SHOP));
        assertEquals(List.of(), result.errors());
        shop = result.loader().loadClass("Shop");
    }

    private interface Run {
        Object run(Future<?> f) throws Exception;
    }

    private static Throwable failure(String program, boolean slow, Run run) throws Exception {
        shop.getField("slow").set(null, slow);
        Future<?> f = (Future<?>) shop.getMethod(program).invoke(null);
        return assertThrows(Throwable.class, () -> run.run(f), program);
    }

    /** The elements, and then the linked exceptions; what called this test is left out. */
    private static List<String> text(Throwable t) {
        List<String> out = new ArrayList<>();
        add(out, "", t, Collections.newSetFromMap(new IdentityHashMap<>()));
        return out;
    }

    private static void add(List<String> out, String label, Throwable t, Set<Throwable> seen) {
        out.add(label + t.getMessage());
        if (!seen.add(t)) {
            return;
        }
        for (StackTraceElement e : t.getStackTrace()) {
            if (e.getClassName().startsWith(AwaitTraceTest.class.getName())) {
                out.add("test");
                break;
            }
            out.add((e.getClassName() + "." + e.getMethodName()).replaceAll(".*\\.(?=[A-Z])", "")
                    + (e.getClassName().startsWith("Shop") ? ":" + e.getLineNumber() : ""));
        }
        for (Throwable s : t.getSuppressed()) {
            add(out, "suppressed ", s, seen);
        }
        if (t.getCause() != null) {
            add(out, "cause ", t.getCause(), seen);
        }
    }

    private static void check(String program, String... expected) throws Exception {
        for (boolean slow : new boolean[] {false, true}) {
            assertEquals(
                    String.join("\n", expected),
                    String.join("\n", text(failure(program, slow, Latent::blockOn))),
                    program + (slow ? ", suspended" : ", never suspended"));
        }
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(2)) {
            assertEquals(
                    String.join("\n", expected),
                    String.join("\n", text(failure(program, true, pool::blockOn))),
                    program);
        }
    }

    @Test
    void throughBodies() throws Exception {
        check("plain", "out of stock", "Shop.reserve:15", "Shop.checkout:21", "Shop.plain:25", "test");
    }

    @Test
    void throughCombinators() throws Exception {
        String[] before = {"out of stock", "Shop.reserve:15", "Shop.checkout:21"};
        check("joined", with(before, "Shop.joined:28", "test"));
        check("selected", with(before, "Shop.selected:31", "test"));
        check("inTime", with(before, "Shop.inTime:34", "test"));
        check("nested", with(before, "Shop.joined:28", "Shop.nested:139", "test"));
        check("scopeBody", with(before, "Shop.scopeBody:46", "Shop.scopeBody:46", "test"));
        check("byHand", with(before, "Shop$1.poll:130", "Shop.byHand:136", "test"));
        check("tooLate", "not ready within PT0S: pending", "Timeout.pollOwned", "Shop.tooLate:37", "test");
    }

    @Test
    void aRefusedAwait() throws Exception {
        for (boolean slow : new boolean[] {false, true}) {
            List<String> text = text(failure("twice", slow, Latent::blockOn));
            assertTrue(text.getFirst().contains("but it has ended"), text::getFirst);
            assertEquals(List.of("Shop.again:235", "Shop.twice:239", "test"), text.subList(1, text.size()));
        }
    }

    @Test
    void throughTasks() throws Exception {
        String[] before = {"out of stock", "Shop.reserve:15", "Shop.checkout:21"};
        check("spawned", with(before, "Shop.spawned:65", "test"));
        check("scoped", with(before, "Shop.scoped:40", "test"));
        check("blockingCall", "disk", "Shop.blockingCall:222", "Shop.blockingCall:222", "test");
    }

    @Test
    void eachAwaiterOfSharedHasItsOwn() throws Exception {
        String[] before = {"out of stock", "Shop.reserve:15", "Shop.checkout:21"};
        check(
                "shared",
                with(
                        with(before, "Shop.sharedAgain:60", "Shop.shared:56", "test"),
                        with(with(new String[] {"cause out of stock"}, before[1], before[2]), "Shop.shared:52")));
    }

    @Test
    void rethrownAndWrapped() throws Exception {
        String[] before = {"out of stock", "Shop.reserve:15", "Shop.checkout:21"};
        check("rethrower", with(before, "Shop.rethrown:71", "Shop.rethrower:80", "test"));
        check(
                "wrapper",
                with(
                        new String[] {"closed", "Shop.wrapped:88", "Shop.wrapper:94", "test", "cause out of stock"},
                        "Shop.reserve:15",
                        "Shop.checkout:21",
                        "Shop.wrapped:85",
                        "Shop.wrapper:94"));
        check(
                "keeper",
                "back",
                "Shop.helper:107",
                "Shop.keptBack:98",
                "Shop.keeper:111",
                "test",
                "cause kept",
                "Shop.helper:105",
                "Shop.keptBack:98",
                "Shop.keeper:111");
        check(
                "closing",
                with(
                        with(before, "Shop.closing:116", "test"),
                        "suppressed close",
                        "Shop.closing:115",
                        "Shop.closing:115"));
        check("madeBefore", "made", "Shop.madeBefore:124", "test");
        check(
                "cyclic",
                "a",
                "Shop.cyclic:192",
                "Shop.cyclic:196",
                "test",
                "cause b",
                "Shop.cyclic:193",
                "Shop.cyclic:196",
                "suppressed a",
                "cause a");
    }

    @Test
    void aCatchInABodySeesIt() throws Exception {
        for (boolean slow : new boolean[] {false, true}) {
            failure("caught", slow, Latent::blockOn);
            List<String> seen = new ArrayList<>();
            for (StackTraceElement e :
                    (StackTraceElement[]) shop.getField("seen").get(null)) {
                seen.add(e.getMethodName() + ":" + e.getLineNumber());
            }
            assertEquals(List.of("reserve:15", "checkout:21", "catches:147", "caught:142"), seen);
        }
    }

    @Test
    void recursion() throws Exception {
        List<String> expected = new ArrayList<>(List.of("bottom", "Shop.fact:160"));
        expected.addAll(Collections.nCopies(300, "Shop.fact:162"));
        expected.add("test");
        check("recursionRoot", expected.toArray(String[]::new));
        expected.add(expected.size() - 1, "Shop.recursion:166");
        check("recursion", expected.toArray(String[]::new));
        for (boolean slow : new boolean[] {false, true}) {
            List<String> million = text(failure("million", slow, Latent::blockOn));
            assertEquals(1 + 1_024, million.size());
            assertEquals(List.of("bottom", "Shop.fact:160", "Shop.fact:162"), million.subList(0, 3));
            assertEquals("Shop.fact:162", million.getLast());
        }
    }

    @Test
    void withoutATrace() throws Exception {
        check("noTrace", "bare");
    }

    @Test
    void whatIsThrownOverAndOverDoesNotGrow() throws Exception {
        Throwable first = failure("throwOnce", true, Latent::blockOn);
        int length = first.getStackTrace().length;
        assertSame(first, failure("throwOnce", true, Latent::blockOn));
        assertSame(first, failure("throwOnce", false, Latent::blockOn));
        assertEquals(length, first.getStackTrace().length);
    }

    @Test
    void causesWithoutAnEnd() throws Exception {
        for (boolean slow : new boolean[] {false, true}) {
            assertEquals(
                    "Endless",
                    failure("endlessCauses", slow, Latent::blockOn).getClass().getSimpleName());
        }
    }

    @Test
    void stackOverflow() throws Exception {
        for (boolean slow : new boolean[] {false, true}) {
            Throwable t = failure("overflows", slow, Latent::blockOn);
            assertTrue(t instanceof StackOverflowError, () -> "" + t);
            assertEquals("endless", t.getStackTrace()[0].getMethodName());
        }
    }

    /** A chain that does not fail allocates the same as when nothing of this existed: its frames, and what its leaves make. */
    @Test
    void costsNothing() throws Exception {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        shop.getField("slow").set(null, false);
        Drive drive = new Drive();
        var make = shop.getMethod("sums");
        for (int i = 0; i < 20_000; i++) {
            drive.run((Future<?>) make.invoke(null));
        }
        Future<?> chain = (Future<?>) make.invoke(null);
        long before = threads.getCurrentThreadAllocatedBytes();
        drive.run(chain);
        long used = threads.getCurrentThreadAllocatedBytes() - before;
        long perCall = 64 + 24; // a frame, and a boxed long
        assertTrue(used <= 11 * perCall + 64, () -> used + " bytes for a chain of 11");
    }

    private static String[] with(String[] first, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
