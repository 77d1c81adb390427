package dev.latent.resilience;

import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Outcome;
import dev.latent.Releasable;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class RetryTest {
    private final Stand stand = new Stand();
    private int made;

    /** Fails {@code times} times, and takes 3 ms each. */
    private String flaky(int times) throws IOException {
        stand.note("end of " + ++made);
        if (made <= times) {
            throw new IOException("failure " + made);
        }
        return "ok";
    }

    private Future<String> run(Retry retry, int failures) {
        return retry.run(() -> {
            await(sleep(ofMillis(3)));
            return flaky(failures);
        });
    }

    @Test
    void delaysDouble() throws Exception {
        assertEquals("ok", stand.run(run(Retry.exponential(ofMillis(100)).times(5), 4)));
        assertEquals(List.of("end of 1@3", "end of 2@106", "end of 3@309", "end of 4@712", "end of 5@1515"), stand.log);
    }

    @Test
    void delaysAreBounded() throws Exception {
        Retry retry = Retry.exponential(ofMillis(100)).times(5).maxDelay(ofMillis(150));
        assertEquals("ok", stand.run(run(retry, 4)));
        assertEquals(List.of("end of 1@3", "end of 2@106", "end of 3@259", "end of 4@412", "end of 5@565"), stand.log);
    }

    @Test
    void fixedDelaysStay() throws Exception {
        assertEquals("ok", stand.run(run(Retry.fixed(ofMillis(7)), 2)));
        assertEquals(List.of("end of 1@3", "end of 2@13", "end of 3@23"), stand.log);
    }

    @Test
    void nothingRunsBeforeTheFirstPoll() {
        run(Retry.fixed(ofMillis(7)), 2).drop();
        assertEquals(0, made);
        assertEquals(0, stand.now());
    }

    @Test
    void delaysNeverOverflow() {
        Backoff backoff = new Backoff(ofMillis(1), 2, null);
        long before = 0;
        for (int i = 1; i < 100; i++) {
            assertTrue(backoff.nanos(i) >= before, "attempt " + i);
            before = backoff.nanos(i);
        }
        assertEquals(Long.MAX_VALUE / 2, backoff.nanos(Integer.MAX_VALUE));
        assertEquals(0, new Backoff(Duration.ZERO, 2, null).nanos(70));
        assertEquals(Long.MAX_VALUE / 2, new Backoff(Duration.ofSeconds(Long.MAX_VALUE), 1, null).nanos(1));
        assertThrows(IllegalArgumentException.class, () -> Retry.fixed(ofMillis(-1)));
        assertThrows(
                IllegalArgumentException.class, () -> Retry.fixed(ofMillis(1)).maxDelay(ofMillis(-1)));
        assertThrows(
                IllegalArgumentException.class, () -> Retry.fixed(ofMillis(1)).times(0));
    }

    @Test
    void theLastFailureIsThrownWithTheEarlierOnes() {
        IOException thrown = assertThrows(IOException.class, () -> stand.run(run(Retry.fixed(ofMillis(1)), 9)));
        assertEquals("failure 3", thrown.getMessage());
        assertEquals(
                List.of("failure 1", "failure 2"),
                List.of(thrown.getSuppressed()).stream()
                        .map(Throwable::getMessage)
                        .toList());
    }

    @Test
    void ofManyFailuresTheLatestAreTold() {
        IOException thrown = assertThrows(
                IOException.class,
                () -> stand.run(run(Retry.fixed(Duration.ZERO).times(500), 999)));
        assertEquals("failure 500", thrown.getMessage());
        assertEquals(16, thrown.getSuppressed().length);
        assertEquals("failure 499", thrown.getSuppressed()[15].getMessage());
        IOException same = new IOException();
        Future<Void> again = Retry.fixed(Duration.ZERO).run(() -> {
            throw same;
        });
        assertEquals(0, assertThrows(IOException.class, () -> stand.run(again)).getSuppressed().length);
    }

    @Test
    void whatTheProgramsOwnWordsThrowEndsItAndLosesNothing() {
        List<String> closed = new ArrayList<>();
        Releasable value = () -> closed.add("closed");
        IllegalStateException own = new IllegalStateException("a predicate");
        Future<Releasable> judged = Retry.fixed(ofMillis(1))
                .onResult(_ -> {
                    throw own;
                })
                .run(() -> value);
        assertSame(own, assertThrows(IllegalStateException.class, () -> stand.run(judged)));
        assertEquals(List.of("closed"), closed);

        IOException failure = new IOException("the call's");
        Retry asks = Retry.fixed(ofMillis(1)).onFailure(_ -> {
            throw own;
        });
        Retry tells = Retry.fixed(ofMillis(1)).onRetry(_ -> {
            throw own;
        });
        for (Retry retry : List.of(asks, tells)) {
            IllegalStateException thrown = assertThrows(
                    IllegalStateException.class,
                    () -> stand.run(retry.run(() -> {
                        throw failure;
                    })));
            assertTrue(List.of(thrown.getSuppressed()).contains(failure), retry + ": " + thrown);
        }
    }

    private int attemptsOf(Retry retry, Throwable failure) {
        int[] attempts = {0};
        Future<Void> run = retry.run(() -> {
            attempts[0]++;
            throw sneaky(failure);
        });
        assertSame(failure, assertThrows(Throwable.class, () -> stand.run(run)));
        return attempts[0];
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> Exception sneaky(Throwable t) throws X {
        throw (X) t;
    }

    @Test
    void whatIsRetried() {
        Retry any = Retry.fixed(ofMillis(1));
        assertEquals(3, attemptsOf(any, new IOException()));
        assertEquals(3, attemptsOf(any, new IllegalStateException()));
        assertEquals(1, attemptsOf(any, new AssertionError()));
        assertEquals(1, attemptsOf(any, new CancellationException()));
        assertEquals(1, attemptsOf(any, new InterruptedException()));
        Retry some = any.on(EOFException.class, AssertionError.class);
        assertEquals(1, attemptsOf(some, new IOException()));
        assertEquals(3, attemptsOf(some, new EOFException()));
        assertEquals(3, attemptsOf(some, new AssertionError()));
        assertEquals(1, attemptsOf(any.on(Throwable.class), new CancellationException()));
        Retry picked = any.onFailure(t -> "again".equals(t.getMessage()));
        assertEquals(3, attemptsOf(picked, new IOException("again")));
        assertEquals(1, attemptsOf(picked, new IOException("no")));
    }

    @Test
    void unwantedValuesAreTriedAgainAndTheLastIsGiven() throws Exception {
        List<String> closed = new ArrayList<>();
        record Answer(int status, List<String> closed) implements Releasable {
            @Override
            public void close() {
                closed.add("closed " + status);
            }
        }
        int[] status = {500};
        Retry retry = Retry.fixed(ofMillis(1)).onResult(v -> v instanceof Answer a && a.status() >= 500);
        Answer last = stand.run(retry.run(() -> new Answer(status[0]++, closed)));
        assertEquals(502, last.status());
        assertEquals(List.of("closed 500", "closed 501"), closed);
        status[0] = 200;
        assertEquals(
                200, stand.run(retry.run(() -> new Answer(status[0]++, closed))).status());
    }

    @Test
    void theHookIsToldBeforeEachDelay() throws Exception {
        List<String> told = new ArrayList<>();
        Retry retry = Retry.exponential(ofMillis(10)).onRetry(a -> {
            String why = a.outcome() instanceof Outcome.Failed<?>(var cause) ? cause.getMessage() : "value";
            told.add(a.number() + " " + why + ", " + a.delay() + ", at " + stand.now());
        });
        assertEquals("ok", stand.run(run(retry, 2)));
        assertEquals(List.of("1 failure 1, PT0.01S, at 3", "2 failure 2, PT0.02S, at 16"), told);
        Retry broken = retry.onRetry(_ -> {
            throw new IllegalArgumentException("hook");
        });
        made = 0;
        assertEquals(
                "hook",
                assertThrows(IllegalArgumentException.class, () -> stand.run(run(broken, 2)))
                        .getMessage());
    }

    @Test
    void jitterIsTheWorldsChance() throws Exception {
        for (Retry.Jitter jitter : Retry.Jitter.values()) {
            List<List<String>> courses = new ArrayList<>();
            for (long seed : new long[] {1, 1, 2}) {
                Stand seeded = new Stand(seed);
                Retry retry = Retry.fixed(ofMillis(1_000))
                        .times(50)
                        .jitter(jitter)
                        .onRetry(a -> seeded.log.add(a.delay().toString()));
                assertThrows(
                        IOException.class,
                        () -> seeded.run(retry.run(() -> {
                            throw new IOException();
                        })));
                courses.add(seeded.log);
                var delays = seeded.log.stream().map(Duration::parse).toList();
                assertEquals(49, delays.size());
                long least = jitter == Retry.Jitter.FULL ? 0 : jitter == Retry.Jitter.EQUAL ? 500 : 1_000;
                assertTrue(delays.stream().allMatch(d -> d.toMillis() >= least && d.toMillis() <= 1_000), "" + delays);
                long distinct = delays.stream().distinct().count();
                assertEquals(jitter == Retry.Jitter.NONE ? 1 : 49, distinct);
                assertEquals(delays.stream().mapToLong(Duration::toNanos).sum(), seeded.clock.nanoTime());
            }
            assertEquals(courses.get(0), courses.get(1));
            assertEquals(jitter == Retry.Jitter.NONE, courses.get(0).equals(courses.get(2)));
        }
        assertEquals(
                Long.MAX_VALUE / 2,
                Backoff.spread(
                        Long.MAX_VALUE / 2,
                        Retry.Jitter.NONE,
                        stand.executor.world().random()));
        assertTrue(Backoff.spread(1, Retry.Jitter.EQUAL, stand.executor.world().random()) >= 1);
    }

    @Test
    void aBudgetIsSharedByAllCallers() throws Exception {
        RetryBudget budget = RetryBudget.of(0.5, 3);
        Retry retry = Retry.fixed(ofMillis(1)).times(3).budget(budget);
        int[] attempts = {0};
        for (int call = 0; call < 20; call++) {
            assertThrows(
                    IOException.class,
                    () -> stand.run(retry.run(() -> {
                        attempts[0]++;
                        throw new IOException();
                    })));
        }
        // Full to begin with, so the first call adds nothing.
        assertEquals(20 + 3 + 19 / 2, attempts[0]);
        assertEquals(0, budget.left());
        for (int call = 0; call < 20; call++) {
            stand.run(retry.run(() -> "fine"));
        }
        assertEquals(3, budget.left());
        assertThrows(IllegalArgumentException.class, () -> RetryBudget.of(-1, 3));
        assertThrows(IllegalArgumentException.class, () -> RetryBudget.of(Double.NaN, 3));
        assertThrows(IllegalArgumentException.class, () -> RetryBudget.of(1, 0));
    }

    @Test
    void aBodyThatGivesNothing() throws Exception {
        int[] runs = {0};
        assertEquals(null, stand.run(Retry.fixed(ofMillis(1)).run(() -> {
            await(sleep(ofMillis(1)));
            if (++runs[0] < 3) {
                throw new IOException();
            }
        })));
        assertEquals(3, runs[0]);
    }

    @Test
    void droppedAnywhereItCleansUpOnceAndBeginsNothing() throws Exception {
        int all = 0;
        for (int polls = 0; ; polls++) {
            int[] begun = {0};
            int[] cleaned = {0};
            Stand each = new Stand();
            boolean dropped = each.dropAfter(polls, Retry.fixed(ofMillis(5)).run(() -> {
                begun[0]++;
                try {
                    await(sleep(ofMillis(1)));
                    await(sleep(ofMillis(1)));
                    if (begun[0] < 3) {
                        throw new IOException();
                    }
                } finally {
                    await(sleep(ofMillis(1)));
                    cleaned[0]++;
                }
            }));
            assertEquals(begun[0], cleaned[0], "dropped after " + polls);
            assertEquals(0, each.executor.liveTasks());
            // Dropped in the cleanup after a failure, that failure has no receiver.
            assertTrue(each.reported.size() <= 1 && each.reported.stream().allMatch(t -> t instanceof IOException));
            long idle = each.now();
            each.pass(1_000);
            assertEquals(begun[0], cleaned[0]);
            assertEquals(idle + 1_000, each.now());
            if (!dropped) {
                assertEquals(3, begun[0]);
                break;
            }
            all++;
        }
        assertTrue(all >= 11, "three attempts of three waits and two delays: " + all);
    }
}
