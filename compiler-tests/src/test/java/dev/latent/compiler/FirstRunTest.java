package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Shared;
import dev.latent.Tuple2;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The first run of a body, which has no frame as long as no body of its class has suspended. A class remembers that it has, so each
 * test has bodies of its own.
 */
class FirstRunTest {
    private static final String PROGRAM = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import java.io.*;
            public class Program {
                public static int pending;
                static int awaits;
                static final StringBuilder log = new StringBuilder();
                static Future<String> leaf(String s) {
                    int me = awaits++;
                    return new Future<String>() {
                        boolean polled;
                        public Poll<String> poll(Context cx) throws Exception {
                            if (me == pending && !polled) { polled = true; return Poll.pending(); }
                            if (s.equals("bad")) throw new IOException(s);
                            return Poll.ready(s);
                        }
                        public void drop() { log.append("drop ").append(s); }
                    };
                }
                interface Named { default Future<String> named(long n) { return async(() -> await(leaf("n")) + n); } }
                static Future<String> inner(String s, double d) {
                    return async(() -> {
                        String two = s + await(leaf("a")) + d + await(leaf("b"));
                        try {
                            return two + await(new Named() {}.named(7));
                        } finally {
                            log.append(await(leaf("f")));
                        }
                    });
                }
                public static Future<?> main() {
                    return async(() -> {
                        String x = "x";
                        x += await(inner(x, 0.5));
                        for (int i = 0; i < 2; i++) {
                            try {
                                x = new String(i + await(leaf("c")) + (i == 1 ? await(leaf("bad")) : x));
                            } catch (IOException e) {
                                x += e.getMessage() + await(leaf("d"));
                            }
                        }
                        return x + log;
                    });
                }
            }
            """;

    private final Drive drive = new Drive();

    private Future<String> later(String s) {
        return drive.after(1, s);
    }

    @Test
    void suspendsAtEachAwait() throws Exception {
        Javac.Result result = Javac.compile(List.of("-g"), Map.of("Program", PROGRAM));
        assertEquals(List.of(), result.errors());
        for (int pending = 0; pending < 8; pending++) {
            Class<?> program = result.loader().loadClass("Program");
            program.getField("pending").setInt(null, pending);
            Future<?> main = (Future<?>) program.getMethod("main").invoke(null);
            assertFalse(drive.poll(main).isReady(), "await " + pending);
            assertEquals("0cxxa0.5bn7baddf", drive.run(main), "await " + pending);
        }
    }

    @Test
    @SuppressWarnings("latent:use-after-move") // meant
    void aSecondClaimNamesTheBodyAndIsCaughtInIt() throws Exception {
        Future<String> taken = async(() -> await(later("x")));
        Future<?> owner = join(taken, later("y"));
        Future<String> body = async(() -> {
            try {
                return await(taken);
            } catch (IllegalStateException e) {
                return e.getMessage();
            }
        });
        String message = drive.run(async(() -> await(body)));
        assertTrue(message.contains("was claimed by dev.latent.compiler.FirstRunTest.aSecondClaim"), message);
        owner.drop();
    }

    @Test
    @SuppressWarnings("latent:use-after-move") // meant
    void soDoesASecondAwait() throws Exception {
        Future<String> body = async(() -> {
            Future<String> f = async(() -> await(Futures.ready("once")));
            String first = await(f);
            try {
                return first + await(f);
            } catch (IllegalStateException e) {
                return e.getMessage();
            }
        });
        Future<String> outer = async(() -> await(body));
        String message = drive.run(outer);
        assertTrue(message.contains("it has ended"), message);
        assertTrue(message.contains("claimed by dev.latent.compiler.FirstRunTest.soDoes"), message);
    }

    /** Reaches for its own root, in three ways, and goes on. */
    private Future<String> withRefusals(List<Future<String>> root) {
        return async(() -> {
            List<String> refused = new ArrayList<>();
            try {
                await(root.getFirst());
            } catch (IllegalStateException e) {
                refused.add("await");
            }
            try {
                root.getFirst().poll(drive.cx);
            } catch (IllegalStateException e) {
                refused.add("poll");
            }
            try {
                root.getFirst().drop();
            } catch (IllegalStateException e) {
                refused.add("drop");
            }
            try {
                return refused + await(later("x"));
            } finally {
                drive.log("finally");
            }
        });
    }

    @Test
    void aBodyThatIsRefusedItsOwnRootGoesOn() throws Exception {
        for (boolean called : List.of(false, true, true)) {
            List<Future<String>> root = new ArrayList<>();
            root.add(called ? async(() -> await(withRefusals(root))) : withRefusals(root));
            assertEquals("[await, poll, drop]x", drive.run(root.getFirst()), "called: " + called);
            root.set(0, called ? async(() -> await(withRefusals(root))) : withRefusals(root));
            assertFalse(drive.poll(root.getFirst()).isReady());
            drive.trace.clear();
            root.getFirst().drop();
            assertEquals(List.of("drop x", "finally"), drive.trace, "called: " + called);
        }
    }

    @Test
    void aRecursionOfBodiesWithManyLocalsFitsTheNativeStack() throws Exception {
        StringBuilder locals = new StringBuilder();
        StringBuilder sum = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            locals.append("long v").append(i).append(" = n + ").append(i).append(";\n");
            sum.append(" ^ v").append(i);
        }
        String program = """
                import static dev.latent.Async.*;
                import dev.latent.*;
                public class Program {
                    public static Future<Long> main(int n) {
                        return async(() -> {
                            if (n == 0) { return 0L; }
                            LOCALS
                            return await(main(n - 1)) + 1 + 0 * (0 SUM);
                        });
                    }
                }
                """.replace("LOCALS", locals).replace("SUM", sum);
        Javac.Result result = Javac.compile(List.of(), Map.of("Program", program));
        assertEquals(List.of(), result.errors());
        var main = result.loader().loadClass("Program").getMethod("main", int.class);
        FutureTask<Object> ran = new FutureTask<>(() -> drive.run((Future<?>) main.invoke(null, 10_000)));
        Thread thread = new Thread(null, ran, "small", 512 * 1024);
        thread.start();
        assertEquals(10_000L, ran.get());
    }

    @Test
    void aBodyIsRefusedADropOfTheFutureAroundIt() throws Exception {
        List<UnaryOperator<Future<String>>> around = List.of(
                f -> Futures.onUndelivered(f, v -> drive.log("undelivered")),
                f -> Futures.map(f, v -> v),
                f -> Futures.map(join(f, drive.after(1, "y")), Tuple2::first));
        for (UnaryOperator<Future<String>> in : around) {
            for (boolean late : List.of(false, true)) {
                List<Future<String>> root = new ArrayList<>();
                root.add(in.apply(async(() -> {
                    try {
                        if (late) {
                            await(later("early"));
                        }
                        assertThrows(IllegalStateException.class, root.getFirst()::drop);
                        return await(later("x"));
                    } finally {
                        drive.log("finally");
                    }
                })));
                drive.trace.clear();
                assertEquals("x", drive.run(root.getFirst()));
                assertEquals(List.of("finally"), drive.trace);
            }
        }
    }

    @Test
    void aNullFutureIsRefusedInTheBody() throws Exception {
        Future<String> inner = async(() -> {
            try {
                return await(Async.<String>async(() -> await((Future<String>) null)));
            } catch (NullPointerException e) {
                return e.getMessage();
            }
        });
        String message = drive.run(async(() -> await(inner)));
        assertTrue(message.contains("null future"), message);
    }

    @Test
    void theFutureStandsForTheFrameThatItsBodyMade() throws Exception {
        List<Future<String>> kept = new ArrayList<>();
        Future<String> outer = async(() -> {
            Future<String> inner = async(() -> {
                String s = "in";
                return s + await(later("x"));
            });
            kept.add(inner);
            return await(inner);
        });
        Future<String> root = async(() -> await(outer));
        assertTrue(outer.toString().startsWith("the future of"), outer.toString());
        assertFalse(drive.poll(root).isReady());
        assertFalse(kept.getFirst().toString().startsWith("the future of"), kept.toString());
        assertFalse(outer.toString().startsWith("the future of"), outer.toString());
        assertThrows(IllegalStateException.class, outer::drop);
        assertThrows(IllegalStateException.class, () -> drive.poll(kept.getFirst()));
        assertEquals("inx", drive.run(root));
        outer.drop(); // has ended: nothing to do
        kept.getFirst().drop();
    }

    @Test
    void whatIsSharedGoesToTheFrame() throws Exception {
        Shared<String> shared = Futures.shared(later("s"));
        Future<String> one = async(() -> await(async(() -> await(shared) + 1)));
        Future<String> two = async(() -> await(async(() -> await(shared) + 2)));
        assertFalse(drive.poll(one).isReady());
        two.drop();
        assertEquals("s1", drive.run(one));
        assertEquals("s3", drive.run(async(() -> await(async(() -> await(shared) + 3)))));
    }

    @Test
    void aFailureThatPassesFirstRunsHasTheSameTrace() {
        Future<String> thrower = async(() -> {
            if (drive.trace.isEmpty()) {
                throw new IOException("bad");
            }
            return await(later("x"));
        });
        Future<String> middle = async(() -> await(thrower));
        Future<String> root = async(() -> await(middle));
        IOException e = assertThrows(IOException.class, () -> drive.run(root));
        List<String> methods = new ArrayList<>();
        for (StackTraceElement at : e.getStackTrace()) {
            if (at.getClassName().equals(FirstRunTest.class.getName())) {
                methods.add(at.getMethodName());
            }
            assertFalse(at.getClassName().contains("$async$"), at.toString());
        }
        assertEquals("aFailureThatPassesFirstRunsHasTheSameTrace", methods.get(2), methods.toString());
    }
}
