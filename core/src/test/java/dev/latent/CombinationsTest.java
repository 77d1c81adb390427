package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every combinator, with every state of two children, ended in every way, at every one of its first polls. Whatever happens,
 * no child, value or failure may be lost or come twice.
 */
class CombinationsTest {
    enum State {
        READY,
        READY_LATER,
        PENDING,
        FAILS,
        FAILS_LATER,
        PENDING_CLEANUP,
        CLEANUP_FAILS
    }

    enum End {
        COMPLETES,
        DROP,
        POLL_DROP,
        POLL_DROP_THEN_DROP
    }

    private static final Map<String, BiFunction<Future<String>, Future<String>, Future<?>>> COMBINATORS =
            new LinkedHashMap<>();

    static {
        COMBINATORS.put("join2", Async::join);
        COMBINATORS.put("join3", (a, b) -> Async.join(a, Async.yieldNow(), b));
        COMBINATORS.put("join4", (a, b) -> Async.join(a, Futures.done(), b, Async.yieldNow()));
        COMBINATORS.put("joinAll", (a, b) -> Async.join(List.of(a, b)));
        COMBINATORS.put(
                "joinAll of joins", (a, b) -> Async.join(List.of(Async.join(List.of(a)), Async.join(List.of(b)))));
        COMBINATORS.put("select", Async::select);
        COMBINATORS.put("select3", (a, b) -> Async.select(a, Futures.pending(), b));
        COMBINATORS.put("selectBiased", Async::selectBiased);
        COMBINATORS.put("select4", (a, b) -> Async.selectBiased(Futures.pending(), a, b, Futures.pending()));
        COMBINATORS.put(
                "arms",
                (a, b) -> Async.select(Async.on(a, Body.of(Futures::ready)), Async.on(b, Body.of(Futures::ready))));
        COMBINATORS.put("timeout of join", (a, b) -> Async.timeout(Duration.ofSeconds(1), Async.join(a, b)));
        COMBINATORS.put(
                "join of timeouts",
                (a, b) -> Async.join(
                        Async.withTimeout(Duration.ofSeconds(1), a), Async.withTimeout(Duration.ofSeconds(1), b)));
        COMBINATORS.put("join of settled", (a, b) -> Async.join(Async.settle(a), Async.settle(b)));
        COMBINATORS.put(
                "join of lazy, recover",
                (a, b) -> Async.join(Futures.lazy(() -> a), Futures.recover(b, t -> t.getMessage())));
        COMBINATORS.put("then", (a, b) -> Async.join(Futures.then(Async.yieldNow(), _ -> a), b));
    }

    @TestFactory
    Stream<DynamicTest> all() {
        List<DynamicTest> tests = new ArrayList<>();
        COMBINATORS.forEach((name, combinator) -> tests.add(DynamicTest.dynamicTest(name, () -> {
            for (State a : State.values()) {
                for (State b : State.values()) {
                    for (End end : End.values()) {
                        // Dropped before any poll it knows no executor: its failures go to the system logger.
                        boolean logs = end == End.DROP && (a == State.CLEANUP_FAILS || b == State.CLEANUP_FAILS);
                        for (int polls = logs ? 1 : 0; polls < 4; polls++) {
                            new Case(name, combinator, a, b, end, polls).run();
                        }
                    }
                }
            }
        })));
        return tests.stream();
    }

    private static final class Case {
        final String what;
        final TestExecutor executor = new TestExecutor();
        final List<String> log = new ArrayList<>();
        final List<String> undelivered = new ArrayList<>();
        final List<Throwable> failures = new ArrayList<>();
        final Probe a;
        final Probe b;
        final End end;
        final int polls;
        final Future<?> future;
        final String name;
        String told = "";
        Throwable thrown;
        boolean lazily;

        Case(
                String name,
                BiFunction<Future<String>, Future<String>, Future<?>> combinator,
                State sa,
                State sb,
                End end,
                int polls) {
            this.name = name;
            this.what = name + "(" + sa + ", " + sb + ") " + end + " after " + polls + " polls";
            this.end = end;
            this.polls = polls;
            this.a = probe("a", sa);
            this.b = probe("b", sb);
            this.lazily = name.contains("lazy") || name.equals("then");
            this.future = combinator.apply(
                    Futures.onUndelivered(a, undelivered::add), Futures.onUndelivered(b, undelivered::add));
        }

        Probe probe(String name, State state) {
            Probe probe = new Probe("value-" + name, log);
            Throwable failure = new Exception("failure-" + name);
            return switch (state) {
                case READY -> probe;
                case READY_LATER -> probe.after(2);
                case PENDING -> probe.waiting();
                case FAILS -> probe.failing(failure);
                case FAILS_LATER -> probe.after(1).failing(failure);
                case PENDING_CLEANUP -> probe.waiting().cleanup(2);
                case CLEANUP_FAILS -> probe.waiting().cleanup(1).cleanupFailing(failure);
            };
        }

        void run() {
            if (poll(end == End.COMPLETES ? 20 : polls)) {
                check(true);
                return;
            }
            if (end == End.DROP) {
                try {
                    future.drop();
                } catch (Throwable t) {
                    thrown = t;
                }
                check(false);
                return;
            }
            boolean whole = pollDrop(end == End.POLL_DROP_THEN_DROP ? 1 : 20);
            if (!whole) {
                assertEquals(End.POLL_DROP_THEN_DROP, end, what);
                future.drop();
            }
            check(whole);
        }

        private boolean poll(int times) {
            for (int i = 0; i < times; i++) {
                executor.cx.begin(Waker.noop());
                try {
                    if (future.poll(executor.cx) instanceof Poll.Ready<?>(var value)) {
                        told = String.valueOf(value);
                        return true;
                    }
                } catch (Throwable t) {
                    thrown = t;
                    return true;
                }
            }
            return false;
        }

        private boolean pollDrop(int times) {
            for (int i = 0; i < times; i++) {
                executor.cx.begin(Waker.noop());
                try {
                    if (future.pollDrop(executor.cx).isReady()) {
                        return true;
                    }
                } catch (Throwable t) {
                    thrown = t;
                    return true;
                }
            }
            return false;
        }

        private void check(boolean cleanupAwaited) {
            for (Probe probe : List.of(a, b)) {
                assertTrue(probe.drops <= 1, () -> what + ": dropped twice " + log);
                boolean unmade = lazily && probe.polls == 0;
                assertTrue(
                        probe.finished != (probe.drops == 1) || unmade,
                        () -> what + ": neither ended nor dropped, or both: " + probe);
                if (probe.drops == 1 && cleanupAwaited) {
                    assertTrue(probe.cleaned, () -> what + ": cleanup not awaited: " + probe);
                }
            }
            checkValues();
            checkFailures();
            assertEquals(0, executor.pendingTimers(), what);
            if (a.drops + b.drops == 2 && log.indexOf("drop value-a") > log.indexOf("drop value-b")) {
                throw new AssertionError(what + ": not in order: " + log);
            }
        }

        private void checkValues() {
            for (Probe probe : List.of(a, b)) {
                int out = Collections.frequency(undelivered, probe.name);
                boolean wasReady = probe.finished && !probe.threw;
                boolean delivered = told.contains(probe.name);
                assertEquals(
                        wasReady ? 1 : 0,
                        out + (delivered ? 1 : 0),
                        () -> what + ": value of " + probe + " told: " + told + undelivered);
            }
        }

        private int occurrences(String failure) {
            int n = thrown == null ? 0 : in(thrown, failure);
            for (Throwable t : executor.reported) {
                n += in(t, failure);
            }
            return n;
        }

        private static int in(Throwable t, String failure) {
            int n = failure.equals(t.getMessage()) ? 1 : 0;
            for (Throwable s : t.getSuppressed()) {
                n += in(s, failure);
            }
            return n;
        }

        private void checkFailures() {
            for (Probe probe : List.of(a, b)) {
                String failure = "failure-" + probe.name.substring(6);
                int times = occurrences(failure);
                if (name.contains("settle") || name.contains("recover")) {
                    // There a failure is a value, which a drop may let go of.
                    assertTrue(times <= 1, () -> what + ": " + failure + ": " + thrown + executor.reported);
                } else {
                    assertEquals(
                            probe.threw ? 1 : 0,
                            times,
                            () -> what + ": " + failure + ": " + thrown + executor.reported);
                }
            }
        }
    }
}
