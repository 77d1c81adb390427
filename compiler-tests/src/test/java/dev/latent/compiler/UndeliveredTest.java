package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Futures;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A drop that finds a value on its way out of a body: whatever the {@code return} still has to pass is passed, and then the value is
 * undelivered. Every order of the things that may stand around a {@code return} is tried, at every suspension.
 */
class UndeliveredTest {
    /** What stands around a return; {@code #} is its number in the body, {@code BODY} the rest. */
    private enum Around {
        FINALLY("try { BODY } finally { say.apply(\"finally #\"); }"),
        AWAITING_FINALLY("try { BODY } finally { if (say != null) { await(wait.apply(\"awaiting finally #\")); } }"),
        FINALLY_WITH_A_TRY(
                "try { BODY } finally { try { await(wait.apply(\"first #\")); } finally { say.apply(\"second #\"); } }"),
        /** No await may be within. */
        FINALLY_THAT_MAY_LEAVE(
                "while (true) { try { BODY } finally { if (say == null) { break; } say.apply(\"stays #\"); } } return null;"),
        CLOSE("try (AutoCloseable r# = () -> say.apply(\"close #\")) { BODY }"),
        ASYNC_CLOSE("try (AsyncCloseable r# = open.apply(\"async close #\")) { BODY }"),
        ASYNC_CLOSE_OF_NONE("try (AsyncCloseable r# = say == null ? open.apply(\"never\") : null) { BODY }"),
        /** No await may be within. */
        MONITOR("synchronized (say) { BODY }"),
        CATCH("try { BODY } catch (IllegalStateException e) { say.apply(\"caught #\"); return null; }");

        private final String source;

        Around(String source) {
            this.source = source;
        }

        boolean mayWait() {
            return source.contains("await(") || source.contains("AsyncCloseable");
        }

        boolean forbidsAwaits() {
            return this == FINALLY_THAT_MAY_LEAVE || this == MONITOR;
        }
    }

    private static final Around[] OFTEN = {
        Around.FINALLY, Around.AWAITING_FINALLY, Around.CLOSE, Around.ASYNC_CLOSE, Around.FINALLY_THAT_MAY_LEAVE
    };

    private static final List<List<Around>> ORDERS = orders();

    private static Class<?> bodies;

    private final Drive drive = new Drive();

    @BeforeAll
    static void compile() throws Exception {
        Javac.Result result = Javac.compile(List.of("-nowarn"), Map.of("Bodies", source()));
        assertEquals(List.of(), result.errors());
        bodies = result.loader().loadClass("Bodies");
    }

    /** {@return all orders, from the inside out, that may wait: of two of any kind, and of three of those that differ most} */
    private static List<List<Around>> orders() {
        List<List<Around>> orders = new ArrayList<>();
        for (Around a : Around.values()) {
            orders.add(List.of(a));
            for (Around b : Around.values()) {
                orders.add(List.of(a, b));
            }
        }
        for (Around a : OFTEN) {
            for (Around b : OFTEN) {
                for (Around c : OFTEN) {
                    orders.add(List.of(a, b, c));
                }
            }
        }
        orders.removeIf(order -> order.stream().noneMatch(Around::mayWait) || holdsAnAwaitWhereNoneMayBe(order));
        return orders;
    }

    private static boolean holdsAnAwaitWhereNoneMayBe(List<Around> order) {
        boolean waits = false;
        for (Around a : order) {
            if (waits && a.forbidsAwaits()) {
                return true;
            }
            waits |= a.mayWait();
        }
        return false;
    }

    private static String source() {
        StringBuilder methods = new StringBuilder();
        for (int n = 0; n < ORDERS.size(); n++) {
            String body = "return value.get();";
            for (int k = 0; k < ORDERS.get(n).size(); k++) {
                body = ORDERS.get(n).get(k).source.replace("BODY", body).replace("#", "" + k);
            }
            methods.append(HEAD.formatted(n)).append(body).append(" }); }\n");
        }
        return "import static dev.latent.Async.*; import dev.latent.*; import java.util.function.*;\npublic class Bodies {\n"
                + methods + "}\n";
    }

    private static final String HEAD = """
            public static Future<AsyncCloseable> body%d(Function<String, Future<String>> wait, Function<String, String> say,
                    Function<String, AsyncCloseable> open, Supplier<AsyncCloseable> value) { return async(() -> {
            """;

    private final class Value implements AsyncCloseable {
        @Override
        public Future<Void> closeAsync() {
            throw new AssertionError("nobody waits");
        }

        @Override
        public void close() {
            drive.log("undelivered");
        }
    }

    private record Opened(Future<Void> closeAsync) implements AsyncCloseable {
        @Override
        public void close() {
            throw new AssertionError("a body awaits it");
        }
    }

    /** Each wait of the body is as good as for ever, until {@link #open}. */
    private final List<Drive.Gate> gates = new ArrayList<>();

    private Future<String> wait(String name) {
        drive.log(name);
        Drive.Gate gate = drive.never(name);
        gates.add(gate);
        return gate;
    }

    private Future<AsyncCloseable> body(Method method) throws Exception {
        Function<String, Future<String>> wait = this::wait;
        Function<String, String> say = what -> {
            drive.log(what);
            return what;
        };
        Function<String, AsyncCloseable> open =
                name -> new Opened(Futures.map(Futures.lazy(() -> wait(name)), _ -> null));
        Supplier<AsyncCloseable> value = Value::new;
        @SuppressWarnings("unchecked")
        Future<AsyncCloseable> body = (Future<AsyncCloseable>) method.invoke(null, wait, say, open, value);
        return body;
    }

    /** {@return how often it suspends when nobody drops it; the trace tells the rest} */
    private int undropped(Method method) throws Exception {
        Future<AsyncCloseable> body = body(method);
        int waits = 0;
        while (!drive.poll(body).isReady()) {
            gates.get(waits++).open();
        }
        return waits;
    }

    private void forEach(Dropped dropped) throws Exception {
        for (int n = 0; n < ORDERS.size(); n++) {
            Method method =
                    bodies.getMethod("body" + n, Function.class, Function.class, Function.class, Supplier.class);
            reset();
            int waits = undropped(method);
            List<String> trace = new ArrayList<>(drive.trace);
            for (int k = 1; k <= waits; k++) {
                reset();
                dropped.at(k, method);
                assertEquals(trace, drive.trace, ORDERS.get(n) + " dropped at " + k);
            }
        }
    }

    private void reset() {
        drive.trace.clear();
        gates.clear();
        drive.spawned.clear();
    }

    private interface Dropped {
        void at(int suspension, Method method) throws Exception;
    }

    /** Polls {@code future} up to a suspension. */
    private void suspend(Future<?> future, int suspension) throws Exception {
        for (int k = 1; k < suspension; k++) {
            assertFalse(drive.poll(future).isReady());
            gates.getLast().open();
        }
        assertFalse(drive.poll(future).isReady());
    }

    private void drop(Future<?> future) {
        for (int polls = 0; !drive.pollDrop(future).isReady(); polls++) {
            assertTrue(polls < 10, () -> future + " is never dropped");
            gates.getLast().open();
        }
    }

    @Test
    void isClosedAfterAllCleanups() throws Exception {
        forEach((suspension, method) -> {
            Future<AsyncCloseable> body = body(method);
            suspend(body, suspension);
            drop(body);
            assertEquals("undelivered", drive.trace.removeLast(), method.getName());
        });
    }

    @Test
    void goesToItsConsumer() throws Exception {
        forEach((suspension, method) -> {
            List<Object> values = new ArrayList<>();
            Future<?> future = Futures.onUndelivered(body(method), values::add);
            suspend(future, suspension);
            drop(future);
            assertEquals(1, values.size());
        });
    }

    @Test
    void goesToItsConsumerFromADropWithoutAContext() throws Exception {
        forEach((suspension, method) -> {
            List<Object> values = new ArrayList<>();
            Future<?> future = Futures.onUndelivered(body(method), values::add);
            suspend(future, suspension);
            future.drop();
            for (int k = 0; values.isEmpty(); k++) {
                assertTrue(k < 10);
                gates.getLast().open();
                drive.pollSpawned();
            }
            assertEquals(1, values.size());
        });
    }
}
