package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.time.Interval;
import dev.latent.world.MissingCapabilityException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntervalTest {
    private final TestExecutor executor = new TestExecutor();
    private final long start = executor.nanoTime();

    private static Duration millis(long n) {
        return Duration.ofMillis(n);
    }

    private long now() {
        return (executor.nanoTime() - start) / 1_000_000;
    }

    /** {@return the next tick and when it came} */
    private String next(Interval interval) throws Exception {
        Next<Long> next = executor.blockOn(interval.next());
        return (next instanceof Item<Long>(var tick) ? tick : "end") + "@" + now();
    }

    private List<String> next(Interval interval, int n) throws Exception {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(next(interval));
        }
        return all;
    }

    @Test
    void theFirstTickComesAtOnceAndTheOthersEachAPeriodLater() throws Exception {
        Interval interval = Interval.every(millis(10));
        executor.advance(millis(500)); // before the first poll no time counts
        assertEquals(List.of("0@500", "1@510", "2@520"), next(interval, 3));
        executor.advance(millis(7)); // the body took that long: no drift
        assertEquals(List.of("3@530", "4@540"), next(interval, 2));
        assertEquals(0, executor.pendingTimers());
    }

    private Interval late(Interval.Missed missed) throws Exception {
        Interval interval = Interval.every(millis(10)).onMissed(missed);
        assertEquals(List.of("0@0", "1@10"), next(interval, 2));
        executor.advance(millis(35));
        return interval;
    }

    @Test
    void missedTicksComeInABurst() throws Exception {
        assertEquals(List.of("2@45", "3@45", "4@45", "5@50", "6@60"), next(late(Interval.Missed.BURST), 5));
    }

    @Test
    void afterADelayTheScheduleMoves() throws Exception {
        assertEquals(List.of("2@45", "3@55", "4@65"), next(late(Interval.Missed.DELAY), 3));
    }

    @Test
    void whatIsSkippedIsToldByTheNumber() throws Exception {
        assertEquals(List.of("4@45", "5@50", "6@60"), next(late(Interval.Missed.SKIP), 3));
    }

    @Test
    void exactlyOnePeriodLateIsOneTickAndTheNext() throws Exception {
        Interval interval = Interval.every(millis(10)).onMissed(Interval.Missed.SKIP);
        assertEquals("0@0", next(interval));
        executor.advance(millis(20));
        assertEquals(List.of("2@20", "3@30"), next(interval, 2));
    }

    @Test
    void resetBeginsAPeriodAnew() throws Exception {
        Interval interval = Interval.every(millis(10));
        assertEquals("0@0", next(interval));
        executor.advance(millis(7));
        interval.reset();
        assertEquals(List.of("1@17", "2@27"), next(interval, 2));
        executor.advance(millis(100));
        interval.reset();
        assertEquals("3@137", next(interval));
        Interval fresh = Interval.every(millis(10));
        fresh.reset();
        executor.advance(millis(3));
        assertEquals(List.of("0@150", "1@160"), next(fresh, 2));
    }

    @Test
    void resetReachesWhoWaits() throws Exception {
        Interval interval = Interval.every(millis(10));
        assertEquals("0@0", next(interval));
        var waits = executor.spawn(interval.next());
        executor.advance(millis(9));
        interval.reset();
        executor.advance(millis(9));
        assertFalse(waits.isFinished());
        assertEquals(1, executor.pendingTimers());
        executor.advance(millis(1));
        assertEquals(new Item<>(1L), executor.blockOn(waits));
        assertEquals("2@29", next(interval));
    }

    @Test
    void closedItEndsForWhoWaitsAndWhoComes() throws Exception {
        Interval interval = Interval.every(millis(10));
        assertEquals("0@0", next(interval));
        var waits = executor.spawn(interval.next());
        executor.run();
        interval.close();
        executor.run();
        assertSame(Next.end(), executor.blockOn(waits));
        assertEquals("end@0", next(interval));
        assertTrue(interval.isClosed());
        interval.close();
        assertEquals(0, executor.pendingTimers());
    }

    @Test
    void aDroppedNextTakesNoTick() throws Exception {
        Interval interval = Interval.every(millis(10));
        interval.next().drop();
        assertEquals("0@0", next(interval));
        for (int i = 0; i < 3; i++) {
            var waits = executor.spawn(interval.next());
            executor.advance(millis(2));
            executor.blockOn(waits.cancel());
            assertEquals(0, executor.pendingTimers());
        }
        assertEquals("1@10", next(interval));
        assertInstanceOf(Second.class, executor.blockOn(Async.select(interval.next(), Async.sleep(millis(9)))));
        assertEquals("2@20", next(interval));
    }

    @Test
    void aTickThatNobodyReceivedComesFirstAgain() throws Exception {
        Interval interval = Interval.every(millis(10)).onMissed(Interval.Missed.SKIP);
        executor.advance(millis(1));
        assertThrows(
                IOException.class,
                () -> executor.blockOn(
                        Async.join(interval.next(), Futures.then(Async.sleep(millis(15)), _ -> new Probe("b")
                                .failing(new IOException())))));
        assertEquals(List.of("0@16", "1@16", "2@21"), next(interval, 3));
    }

    @Test
    void twoTicksThatNobodyReceivedComeInOrder() throws Exception {
        Interval interval = Interval.every(millis(10));
        Future<?> both = Async.join(
                Futures.then(interval.next(), first -> Async.join(interval.next(), Futures.ready(first))),
                Futures.pending());
        var handle = executor.spawn(both);
        executor.advance(millis(25));
        executor.blockOn(handle.cancel());
        // The first was delivered to a function, which let it go with its join.
        assertEquals(List.of("1@25", "2@25", "3@30"), next(interval, 3));
    }

    @Test
    void oneAsksAtATime() throws Exception {
        Interval interval = Interval.every(millis(10));
        assertEquals("0@0", next(interval));
        var waits = executor.spawn(interval.next());
        executor.run();
        var refused = assertThrows(IllegalStateException.class, () -> executor.blockOn(interval.next()));
        assertTrue(refused.getMessage().contains("one asks at a time"), refused.getMessage());
        executor.advance(millis(10));
        assertEquals(new Item<>(1L), executor.blockOn(waits));
    }

    @Test
    void whatIsDueNeedsNoFuture() throws Exception {
        Interval interval = Interval.every(millis(10));
        executor.cx.begin(Waker.noop());
        assertEquals(new Item<>(0L), interval.nextNow(executor.cx));
        assertSame(Poll.pending(), interval.nextNow(executor.cx));
        executor.advance(millis(10));
        executor.cx.begin(Waker.noop());
        assertEquals(new Item<>(1L), interval.nextNow(executor.cx));
        executor.advance(millis(10));
        while (executor.cx.spend()) {}
        assertSame(Poll.pending(), interval.nextNow(executor.cx));
        interval.close();
        executor.cx.begin(Waker.noop());
        assertSame(Next.end(), interval.nextNow(executor.cx));
    }

    @Test
    void aBurstSpendsTheBudget() throws Exception {
        Interval interval = Interval.every(Duration.ofNanos(1));
        executor.blockOn(interval.next());
        executor.advance(Duration.ofNanos(1_000));
        executor.polls = 0;
        int[] ticks = {0};
        Future<Integer> all = new OwnedFuture<>() {
            private Future<Next<Long>> next = interval.next();

            @Override
            protected Poll<Integer> pollOwned(Context cx) throws Exception {
                while (next.poll(cx).isReady()) {
                    ticks[0]++;
                    if (ticks[0] == 1_000) {
                        return Poll.ready(ticks[0]);
                    }
                    next = interval.next();
                }
                return Poll.pending();
            }

            @Override
            protected void dropOwned() {}
        };
        assertEquals(1_000, executor.blockOn(all));
        assertEquals((1_000 + Context.BUDGET - 1) / Context.BUDGET, executor.polls);
    }

    @Test
    void underAnotherClockItGoesOnForTheRest() throws Exception {
        Interval interval = Interval.every(millis(10));
        assertEquals("0@0", next(interval));
        executor.advance(millis(4));
        TestExecutor other = new TestExecutor();
        other.advance(Duration.ofDays(3));
        var waits = other.spawn(interval.next());
        other.advance(millis(5));
        assertFalse(waits.isFinished());
        other.advance(millis(1));
        assertEquals(new Item<>(1L), other.blockOn(waits));
    }

    @Test
    void withoutAClockItSaysSoAndMayBeAskedElsewhere() throws Exception {
        Interval interval = Interval.every(millis(10));
        assertEquals("0@0", next(interval));
        executor.hasTimers = false;
        assertThrows(MissingCapabilityException.class, () -> executor.blockOn(interval.next()));
        executor.hasTimers = true;
        assertEquals("1@10", next(interval));
    }

    @Test
    void periodsArePositiveAndAnyLength() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> Interval.every(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> Interval.every(millis(-1)));
        Interval forever = Interval.every(Duration.ofSeconds(Long.MAX_VALUE));
        assertEquals("0@0", next(forever));
        var waits = executor.spawn(forever.next());
        executor.advance(Duration.ofDays(10_000));
        assertFalse(waits.isFinished());
    }
}
