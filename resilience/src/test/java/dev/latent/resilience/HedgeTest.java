package dev.latent.resilience;

import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class HedgeTest {
    private final Stand stand = new Stand();
    private int made;

    /** Attempt n takes {@code millis[n]}, and fails where that is negative. */
    private Future<String> ask(Hedge hedge, int... millis) {
        return hedge.run(() -> {
            int n = made++;
            stand.note("begin " + n);
            boolean ended = false;
            try {
                await(sleep(ofMillis(Math.abs(millis[n]))));
                ended = true;
                if (millis[n] < 0) {
                    throw new IOException("failure " + n);
                }
                return "answer " + n;
            } finally {
                if (!ended) {
                    await(sleep(ofMillis(2)));
                    stand.note("dropped " + n);
                }
            }
        });
    }

    @Test
    void whatIsQuickIsAskedOnce() throws Exception {
        assertEquals("answer 0", stand.run(ask(Hedge.after(ofMillis(50)), 49, 1)));
        assertEquals(List.of("begin 0@0"), stand.log);
        assertEquals(49, stand.now());
    }

    @Test
    void theSecondMayWinAndTheFirstIsCleanedUp() throws Exception {
        assertEquals("answer 1", stand.run(ask(Hedge.after(ofMillis(50)), 1_000, 10)));
        assertEquals(List.of("begin 0@0", "begin 1@50", "dropped 0@62"), stand.log);
        assertEquals(62, stand.now());
    }

    @Test
    void aBodyThatGivesNothing() throws Exception {
        stand.run(Hedge.after(ofMillis(50)).run(() -> {
            int n = made++;
            await(sleep(ofMillis(n == 0 ? 1_000 : 10)));
            stand.note("done " + n);
        }));
        assertEquals(List.of("done 1@60"), stand.log);
    }

    @Test
    void theFirstMayStillWinAndTheSecondIsCleanedUp() throws Exception {
        assertEquals("answer 0", stand.run(ask(Hedge.after(ofMillis(50)), 70, 100)));
        assertEquals(List.of("begin 0@0", "begin 1@50", "dropped 1@72"), stand.log);
    }

    @Test
    void moreThanTwo() throws Exception {
        assertEquals("answer 2", stand.run(ask(Hedge.after(ofMillis(50)).times(3), 1_000, 1_000, 5)));
        assertEquals(2, stand.log.stream().filter(l -> l.startsWith("dropped")).count());
        assertTrue(stand.log.containsAll(List.of("begin 0@0", "begin 1@50", "begin 2@100")), stand.log.toString());
        assertEquals(109, stand.now(), "one level of cleanup after the other");
    }

    @Test
    void aFailureLetsTheNextBeginAtOnce() throws Exception {
        assertEquals("answer 1", stand.run(ask(Hedge.after(ofMillis(50)), -5, 10)));
        assertEquals(List.of("begin 0@0", "begin 1@5"), stand.log);
        assertEquals(15, stand.now());
    }

    @Test
    void aFailureOfOneLeavesTheOther() throws Exception {
        assertEquals("answer 0", stand.run(ask(Hedge.after(ofMillis(50)), 80, -5)));
        assertEquals(80, stand.now());
        made = 0;
        assertEquals("answer 1", stand.run(ask(Hedge.after(ofMillis(50)), -60, 30)));
    }

    @Test
    void whenAllFailTheLastIsThrown() {
        IOException late = assertThrows(IOException.class, () -> stand.run(ask(Hedge.after(ofMillis(50)), -60, -20)));
        assertEquals("failure 1", late.getMessage());
        assertEquals("failure 0", late.getSuppressed()[0].getMessage());
        made = 0;
        IOException early = assertThrows(
                IOException.class, () -> stand.run(ask(Hedge.after(ofMillis(50)).times(3), -1, -1, -1)));
        assertEquals("failure 2", early.getMessage());
        assertEquals(3, made);
    }

    @Test
    void whoWantsItToEndEndsIt() {
        Future<String> cancelled = Hedge.after(ofMillis(50)).run(() -> {
            made++;
            throw new CancellationException();
        });
        assertThrows(CancellationException.class, () -> stand.run(cancelled));
        Future<String> broken = Hedge.after(ofMillis(50)).run(() -> {
            made++;
            throw new AssertionError();
        });
        assertThrows(AssertionError.class, () -> stand.run(broken));
        assertEquals(2, made);
        assertThrows(
                IllegalArgumentException.class, () -> Hedge.after(ofMillis(1)).times(1));
    }

    @Test
    void withoutABudgetThereIsNoSecond() throws Exception {
        RetryBudget budget = RetryBudget.of(0, 1);
        Hedge hedge = Hedge.after(ofMillis(50)).budget(budget);
        assertEquals("answer 1", stand.run(ask(hedge, 1_000, 10)));
        assertEquals(0, budget.left());
        made = 0;
        long start = stand.now();
        assertEquals("answer 0", stand.run(ask(hedge, 1_000, 10)));
        assertEquals(start + 1_000, stand.now());
        made = 0;
        assertEquals(
                "failure 0",
                assertThrows(IOException.class, () -> stand.run(ask(hedge, -5, 10)))
                        .getMessage());
    }

    @Test
    void droppedAnywhereAllAttemptsAreCleanedUp() throws Exception {
        for (int polls = 0; ; polls++) {
            int[] open = {0};
            Stand each = new Stand();
            boolean dropped =
                    each.dropAfter(polls, Hedge.after(ofMillis(10)).times(3).run(() -> {
                        open[0]++;
                        try {
                            await(sleep(ofMillis(7)));
                            await(sleep(ofMillis(8)));
                            await(sleep(ofMillis(9)));
                            return "answer";
                        } finally {
                            await(sleep(ofMillis(1)));
                            open[0]--;
                        }
                    }));
            assertEquals(0, open[0], "dropped after " + polls);
            assertEquals(0, each.executor.liveTasks());
            assertEquals(List.of(), each.reported);
            if (!dropped) {
                assertTrue(polls > 6, "polls: " + polls);
                break;
            }
        }
    }
}
