package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectTest {
    private final TestExecutor executor = new TestExecutor();

    @Test
    void theLosersCleanupEndsBeforeTheSelect() {
        List<String> log = new ArrayList<>();
        Probe a = new Probe("a", log).waiting().cleanup(2);
        Probe c = new Probe("c", log).waiting();
        var handle = executor.spawn(Async.selectBiased(a, new Probe("b"), c));
        executor.step();
        assertFalse(handle.isFinished());
        assertEquals(List.of("drop a", "drop c", "clean c"), log);
        executor.run();
        assertTrue(handle.isFinished());
        assertEquals(List.of("drop a", "drop c", "clean c", "clean a"), log);
    }

    @Test
    void aLosersFailingCleanupIsReported() throws Exception {
        Exception failure = new Exception();
        Probe a = new Probe("a").waiting().cleanupFailing(failure);
        assertEquals(new Second<>("b"), executor.blockOn(Async.select(a, new Probe("b").after(1))));
        assertEquals(List.of(failure), executor.reported);
    }

    @Test
    void aFailureWinsToo() {
        Exception failure = new Exception();
        Probe a = new Probe("a").waiting().cleanup(1);
        assertSame(
                failure,
                assertThrows(
                        Exception.class, () -> executor.blockOn(Async.select(a, new Probe("b").failing(failure)))));
        assertTrue(a.cleaned);
    }

    @Test
    void theFirstBranchIsPickedAtRandom() throws Exception {
        executor.random = new Random(1);
        int[] wins = new int[3];
        for (int i = 0; i < 3_000; i++) {
            wins[winner(executor.blockOn(Async.select(new Probe("0"), new Probe("1"), new Probe("2"))))]++;
        }
        for (int n : wins) {
            assertTrue(n > 900, () -> java.util.Arrays.toString(wins));
        }
    }

    @Test
    void withoutARandomSourceItRotates() throws Exception {
        List<Integer> wins = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            wins.add(winner(executor.blockOn(Async.select(new Probe("0"), new Probe("1"), new Probe("2")))));
        }
        assertEquals(List.of(0, 1, 2, 0, 1, 2), wins);
    }

    @Test
    void aPendingSelectRotatesToo() {
        List<String> order = new ArrayList<>();
        Future<String> a = Futures.pollFn(_ -> {
            order.add("a");
            return Poll.pending();
        });
        Future<String> b = Futures.pollFn(_ -> {
            order.add("b");
            return Poll.pending();
        });
        Future<?> select = Async.select(a, b);
        for (int i = 0; i < 3; i++) {
            executor.cx.begin(Waker.noop());
            try {
                assertFalse(select.poll(executor.cx).isReady());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        assertEquals(List.of("a", "b", "b", "a", "a", "b"), order);
    }

    @Test
    void biasedIsInTheOrderOfDeclaration() throws Exception {
        executor.random = new Random(1);
        for (int i = 0; i < 100; i++) {
            assertInstanceOf(First.class, executor.blockOn(Async.selectBiased(new Probe("a"), new Probe("b"))));
            assertInstanceOf(
                    First.class,
                    executor.blockOn(Async.selectBiased(new Probe("a").after(1), new Probe("b").after(1))));
        }
    }

    private static int winner(OneOf3<String, String, String, ?> one) {
        return switch (one) {
            case First<String, String, String, ?>(var v) -> Integer.parseInt(v);
            case Second<String, String, String, ?>(var v) -> Integer.parseInt(v);
            case Third<String, String, String, ?>(var v) -> Integer.parseInt(v);
        };
    }

    @Test
    void theHandlerOfAnArmRunsAfterTheLosersCleanup() throws Exception {
        Probe loser = new Probe("loser").waiting().cleanup(2);
        Body<String, String> handler = Body.of(v -> {
            assertTrue(loser.cleaned);
            return new Probe("handled " + v).after(1);
        });
        assertEquals(
                "handled a",
                executor.blockOn(Async.select(Async.on(loser, handler), Async.on(new Probe("a").after(1), handler))));
    }

    @Test
    void anArmThatWasNotWovenSaysSo() {
        AsyncFunction<String, String> plain = v -> v;
        assertThrows(NotWovenException.class, () -> Async.on(new Probe("a"), plain));
    }

    @Test
    void aPinnedLoserIsGivenBackAgainAndAgain() throws Exception {
        Probe probe = new Probe("work").waiting();
        Pinned<String> work = Async.pin(probe);
        for (int i = 0; i < 3; i++) {
            assertInstanceOf(Second.class, executor.blockOn(Async.select(work, new Probe("tick").after(1))));
            assertEquals(0, probe.drops);
        }
        var late = executor.blockOn(Async.withTimeout(java.time.Duration.ofSeconds(1), work));
        assertInstanceOf(Timed.TooLate.class, late);
        assertEquals(0, probe.drops);
        probe.fire();
        assertEquals("work", executor.blockOn(work));
        executor.blockOn(work.closeAsync());
        assertEquals(0, probe.drops);
        assertThrows(IllegalStateException.class, () -> Async.select(work, new Probe("x")));
    }

    @Test
    void closingAPinnedDropsAndWaits() throws Exception {
        Probe probe = new Probe("work").waiting().cleanup(2);
        Pinned<String> work = Async.pin(probe);
        executor.blockOn(Async.select(work, new Probe("tick").after(1)));
        executor.blockOn(work.closeAsync());
        assertTrue(probe.cleaned);
        assertThrows(IllegalStateException.class, () -> executor.blockOn(work));
        executor.blockOn(work.closeAsync());
        work.close();
        assertEquals(1, probe.drops);
    }

    @Test
    void closingAPinnedNeverWaitsWithoutAContext() {
        Probe probe = new Probe("work").waiting();
        Pinned<String> work = Async.pin(probe);
        work.close();
        work.close();
        work.drop();
        assertEquals(1, probe.drops);
    }

    @Test
    void aDroppedSelectGivesAPinnedBack() throws Exception {
        Probe probe = new Probe("work").waiting();
        Pinned<String> work = Async.pin(probe);
        Async.select(work, new Probe("x")).drop();
        probe.fire();
        assertEquals("work", executor.blockOn(work));
    }

    @Test
    void aSecondClaimNamesBothOwnersAndTakesNothing() throws Exception {
        Probe a = new Probe("a");
        Probe b = new Probe("b");
        Future<?> join = Async.join(b, new Probe("c"), new Probe("d"));
        var e = assertThrows(IllegalStateException.class, () -> Async.select(a, b));
        assertTrue(e.getMessage().contains("select of 2") && e.getMessage().contains("join of 3"), e.getMessage());
        assertThrows(IllegalStateException.class, () -> Async.join(List.of(a, b)));
        assertThrows(IllegalStateException.class, () -> Async.join(a, a));
        join.drop();
        assertEquals("a", executor.blockOn(a));
        assertThrows(IllegalStateException.class, () -> executor.blockOn(a));
    }
}
