package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Futures in numbers: at most so many, the first, the first that succeeds; and what is made of a single one. */
class CombinedTest {
    private final TestExecutor executor = new TestExecutor();
    private final List<String> log = new ArrayList<>();

    private static List<Probe> probes(int n) {
        List<Probe> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(new Probe("p" + i));
        }
        return all;
    }

    private static long begun(List<Probe> probes) {
        return probes.stream().filter(p -> p.polls > 0).count();
    }

    // ---- at most so many

    @Test
    void aBoundedJoinBeginsOneAsAnotherEnds() throws Exception {
        List<Probe> all = probes(5);
        all.forEach(Probe::waiting);
        JoinHandle<List<String>> join = executor.spawn(Async.join(2, all));
        executor.run();
        assertEquals(2, begun(all));
        all.get(1).fire();
        executor.run();
        assertEquals(3, begun(all));
        all.get(0).fireQuietly();
        all.get(2).fire();
        executor.run();
        assertEquals(4, begun(all), "one ended, and one that was not woken was not polled");
        assertEquals(1, all.get(0).polls);
        all.get(0).fire();
        executor.run();
        assertEquals(5, begun(all));
        all.get(4).fire();
        all.get(3).fire();
        executor.run();
        assertEquals(List.of("p0", "p1", "p2", "p3", "p4"), executor.blockOn(join));
    }

    @Test
    void whatTheBoundAdmitsIsNeverExceeded() throws Exception {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int bound = 1 + random.nextInt(5);
            int[] running = {0, 0};
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int n = i;
                Duration time = Duration.ofMillis(random.nextInt(3));
                all.add(Futures.lazy(() -> {
                    running[1] = Math.max(running[1], ++running[0]);
                    return Futures.map(Async.sleep(time), _ -> {
                        running[0]--;
                        return n;
                    });
                }));
            }
            List<Integer> values = executor.blockOn(Async.join(bound, all));
            assertEquals(java.util.stream.IntStream.range(0, 40).boxed().toList(), values, "seed " + seed);
            assertEquals(bound, running[1], "seed " + seed);
        }
    }

    @Test
    void aBoundedJoinThatFailsNeverBeginsTheRest() {
        List<Probe> all = probes(4);
        all.get(0).waiting().cleanup(2);
        all.get(1).after(1).failing(new IOException("no"));
        assertEquals(
                "no",
                assertThrows(IOException.class, () -> executor.blockOn(Async.join(2, all)))
                        .getMessage());
        assertTrue(all.get(0).cleaned);
        assertEquals(2, begun(all));
        assertEquals(1, all.get(2).drops);
        assertEquals(1, all.get(3).drops);
    }

    @Test
    void aBoundedJoinIsDroppedAtEachPoll() throws Exception {
        for (int polls = 0; polls < 12; polls++) {
            List<Probe> all = probes(4);
            all.forEach(p -> p.after(2).cleanup(1));
            Future<List<String>> join = Async.join(2, all);
            executor.cx.begin(Waker.noop());
            boolean ready = false;
            for (int i = 0; i < polls && !ready; i++) {
                ready = join.poll(executor.cx).isReady();
            }
            if (!ready) {
                executor.blockOn(Futures.pollFn(join::pollDrop));
                all.forEach(p -> assertTrue(p.finished ^ p.cleaned, p.name));
            } else {
                all.forEach(p -> assertTrue(p.finished && p.drops == 0, p.name));
            }
        }
    }

    @Test
    void theBudgetCutsABoundedJoinNowhereElse() throws Exception {
        int n = 3 * Context.BUDGET;
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int value = i;
            all.add(Futures.pollFn(cx -> cx.spend() ? Poll.ready(value) : Poll.pending()));
        }
        assertEquals(n, executor.blockOn(Async.join(3, all)).size());
        assertEquals(3, executor.polls);
    }

    @Test
    void toBeginNothingAtATimeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Async.join(0, List.of(Futures.done())));
        assertEquals(List.of(), assertReady(Async.join(1, List.<Future<String>>of())));
    }

    private <T> T assertReady(Future<T> future) {
        try {
            return executor.blockOn(future);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    // ---- the first

    @Test
    void aRaceEndsWithTheFirstAndItsLosersCleanup() throws Exception {
        List<Probe> all = probes(100);
        all.forEach(p -> p.waiting().cleanup(1));
        JoinHandle<String> race = executor.spawn(Async.race(all));
        executor.run();
        all.get(70).fire();
        executor.step();
        assertFalse(race.isFinished(), "cleanup takes a poll");
        executor.run();
        assertEquals("p70", executor.blockOn(race));
        for (Probe p : all) {
            assertTrue(p == all.get(70) ? p.drops == 0 : p.cleaned && p.polls == 1, p.name);
        }
        assertTrue(executor.reported.isEmpty());
    }

    @Test
    void aRaceFailsWithTheFirstThatFails() {
        Probe slow = new Probe("slow").waiting().cleanup(1);
        Probe bad = new Probe("bad").after(1).failing(new IOException("bad"));
        Probe late = new Probe("late").after(2);
        assertThrows(IOException.class, () -> executor.blockOn(Async.race(List.of(slow, bad, late))));
        assertTrue(slow.cleaned);
        assertEquals(1, late.drops);
    }

    @Test
    void thereIsNoFirstOfNone() {
        assertThrows(IllegalArgumentException.class, () -> Async.race(List.of()));
        assertThrows(IllegalArgumentException.class, () -> Async.selectOk(List.of()));
    }

    @Test
    void whatIsPinnedComesBackFromARace() throws Exception {
        Probe probe = new Probe("a", log).waiting();
        Pinned<String> pinned = Async.pin(probe);
        assertEquals("b", executor.blockOn(Async.race(List.of(pinned, new Probe("b").after(1)))));
        assertEquals(0, probe.drops);
        JoinHandle<String> again = executor.spawn(Async.race(List.of(pinned)));
        executor.run();
        probe.fire();
        assertEquals("a", executor.blockOn(again));
    }

    @Test
    void aWonRaceThatNobodyReceivesLetsTheValueGo() throws Exception {
        List<Object> undelivered = new ArrayList<>();
        Future<String> value = Futures.onUndelivered(new Probe("a").after(1), undelivered::add);
        JoinHandle<?> both = executor.spawn(Async.join(
                Async.race(List.of(value, Futures.<String>pending())),
                new Probe("b").after(3).failing(new IOException())));
        executor.run();
        assertThrows(IOException.class, () -> executor.blockOn(both));
        assertEquals(List.of("a"), undelivered);

        Probe slow = new Probe("slow").waiting().cleanup(5);
        Future<String> second = Futures.onUndelivered(new Probe("c").after(1), undelivered::add);
        JoinHandle<String> dropped = executor.spawn(Async.race(List.of(second, slow)));
        executor.step();
        executor.step();
        executor.blockOn(dropped.cancel());
        assertTrue(slow.cleaned);
        assertEquals(List.of("a", "c"), undelivered);
    }

    // ---- the first that succeeds

    @Test
    void aFailureDoesNotCountWhileAnotherMaySucceed() throws Exception {
        Probe bad = new Probe("bad").failing(new IOException());
        Probe good = new Probe("good").after(2);
        Probe slow = new Probe("slow").waiting().cleanup(1);
        assertEquals("good", executor.blockOn(Async.selectOk(List.of(bad, slow, good))));
        assertTrue(slow.cleaned);
        assertTrue(executor.reported.isEmpty());
    }

    @Test
    void whenAllHaveFailedTheLastIsThrown() {
        IOException first = new IOException("1");
        Error second = new AssertionError("2");
        EOFException last = new EOFException("3");
        EOFException thrown = assertThrows(
                EOFException.class,
                () -> executor.blockOn(Async.selectOk(List.of(
                        new Probe("c").after(2).failing(last),
                        new Probe("a").failing(first),
                        new Probe("b").after(1).failing(second)))));
        assertSame(last, thrown);
        assertEquals(List.of(first, second), List.of(thrown.getSuppressed()));
    }

    @Test
    void aDroppedSelectOkIsSilentAboutFailuresThatDidNotCount() throws Exception {
        Probe slow = new Probe("slow").waiting().cleanup(1);
        JoinHandle<String> handle =
                executor.spawn(Async.selectOk(List.of(new Probe("bad").failing(new IOException()), slow)));
        executor.run();
        executor.blockOn(handle.cancel());
        assertTrue(slow.cleaned);
        assertTrue(executor.reported.isEmpty());
    }

    @Test
    void aLosersFailingCleanupIsReported() throws Exception {
        Exception cleanup = new Exception("cleanup");
        Probe slow = new Probe("slow").waiting().cleanup(1).cleanupFailing(cleanup);
        assertEquals("a", executor.blockOn(Async.selectOk(List.of(slow, new Probe("a").after(1)))));
        assertEquals(List.of(cleanup), executor.reported);
    }

    // ---- of a single one

    @Test
    void nowIsOnePoll() throws Exception {
        assertEquals(new Timed.InTime<>("a"), executor.blockOn(Futures.now(new Probe("a"))));
        Probe slow = new Probe("slow").after(1).cleanup(2);
        assertInstanceOf(Timed.TooLate.class, executor.blockOn(Futures.now(slow)));
        assertEquals(1, slow.polls);
        assertTrue(slow.cleaned);
        assertThrows(IOException.class, () -> executor.blockOn(Futures.now(new Probe("b").failing(new IOException()))));
        Probe pinned = new Probe("p").after(1);
        Pinned<String> pin = Async.pin(pinned);
        assertInstanceOf(Timed.TooLate.class, executor.blockOn(Futures.now(pin)));
        assertEquals("p", executor.blockOn(pin));
    }

    @Test
    void nowIsNotCutShortByTheBudget() throws Exception {
        int[] left = {Context.BUDGET + 1};
        Future<String> much = Futures.pollFn(cx -> {
            while (left[0] > 0) {
                if (!cx.spend()) {
                    return Poll.pending();
                }
                left[0]--;
            }
            return Poll.ready("done");
        });
        assertEquals(new Timed.InTime<>("done"), executor.blockOn(Futures.now(much)));
        Future<String> endless = Futures.pollFn(cx -> {
            while (cx.spend()) {}
            return Poll.pending();
        });
        assertInstanceOf(Timed.TooLate.class, executor.blockOn(Futures.now(endless)));
    }

    @Test
    void catchingCatchesOneType() throws Exception {
        Future<String> caught = Futures.catching(
                new Probe("a").failing(new EOFException("end")), IOException.class, e -> e.getMessage());
        assertEquals("end", executor.blockOn(caught));
        assertThrows(
                TimeoutException.class,
                () -> executor.blockOn(Futures.catching(
                        new Probe("b").after(1).failing(new TimeoutException()), IOException.class, _ -> "no")));
        assertEquals("c", executor.blockOn(Futures.catching(new Probe("c"), Error.class, _ -> "no")));
        Probe dropped = new Probe("d").waiting().cleanup(1);
        JoinHandle<String> handle = executor.spawn(Futures.catching(dropped, Throwable.class, _ -> "no"));
        executor.run();
        executor.blockOn(handle.cancel());
        assertTrue(dropped.cleaned);
    }

    @Test
    void whatIsFusedWaitsAfterItsEnd() throws Exception {
        Probe probe = new Probe("a").after(1);
        Pinned<String> fused = Async.fuse(probe);
        assertInstanceOf(Second.class, executor.blockOn(Async.selectBiased(fused, new Probe("x"))));
        assertEquals(new First<>("a"), executor.blockOn(Async.selectBiased(fused, new Probe("x").waiting())));
        for (int i = 0; i < 3; i++) {
            assertEquals(new Second<>("b"), executor.blockOn(Async.selectBiased(fused, new Probe("b").after(2))));
        }
        assertEquals(2, probe.polls);
        fused.close();
        assertThrows(IllegalStateException.class, () -> Async.select(fused, Futures.done()));
        assertEquals(0, probe.drops);
    }

    @Test
    void whatIsFusedFailsOnce() throws Exception {
        Pinned<String> fused = Async.fuse(new Probe("a").failing(new IOException()));
        assertThrows(IOException.class, () -> executor.blockOn(Async.race(List.of(fused))));
        assertInstanceOf(Timed.TooLate.class, executor.blockOn(Futures.now(fused)));
        executor.blockOn(fused.closeAsync());
        assertThrows(IllegalStateException.class, () -> Async.race(List.of(fused)));
    }

    @Test
    void whatIsFusedIsDroppedAsItIsClosed() throws Exception {
        Probe probe = new Probe("a").waiting().cleanup(2);
        Pinned<String> fused = Async.fuse(probe);
        assertInstanceOf(Timed.TooLate.class, executor.blockOn(Futures.now(fused)));
        executor.blockOn(fused.closeAsync());
        assertTrue(probe.cleaned);
        Probe never = new Probe("b");
        Async.fuse(never).drop();
        assertEquals(1, never.drops);
        Pinned<String> pinned = Async.pin(new Probe("c"));
        assertEquals("c", executor.blockOn(Async.race(List.of(pinned))));
        assertThrows(IllegalStateException.class, () -> Async.race(List.of(pinned)), "a pin is not fused");
    }
}
