package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.world.Clock;
import dev.latent.world.MissingCapabilityException;
import dev.latent.world.Timers;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class TimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestExecutor executor = new TestExecutor();

    @Test
    void sleepCountsFromItsFirstPoll() {
        Future<Void> sleep = Async.sleep(SECOND);
        executor.advance(SECOND);
        var handle = executor.spawn(sleep);
        executor.advance(SECOND.minusNanos(1));
        assertFalse(handle.isFinished());
        executor.advance(Duration.ofNanos(1));
        assertTrue(handle.isFinished());
    }

    @Test
    void durationsAreSaturated() throws Exception {
        executor.blockOn(Async.sleep(Duration.ofSeconds(Long.MIN_VALUE)));
        executor.blockOn(Async.sleep(Duration.ZERO));
        var forever = executor.spawn(Async.sleep(Duration.ofSeconds(Long.MAX_VALUE)));
        executor.advance(Duration.ofDays(10_000));
        assertFalse(forever.isFinished());
        forever.close();
        executor.run();
        assertEquals(0, executor.pendingTimers());
    }

    /** It is asked for its world at each poll, and makes one each time. */
    private static final class EachTimeAnew implements Spawner {
        int asked;

        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            throw new UnsupportedOperationException();
        }

        @Override
        public World world() {
            asked++;
            return World.empty()
                    .with(Clock.class, new VirtualClock())
                    .with(Timers.class, deadline -> new OwnedFuture<>() {
                        private int polls;

                        @Override
                        protected Poll<Void> pollOwned(Context cx) {
                            return ++polls < 3 ? Poll.pending() : Poll.done();
                        }

                        @Override
                        protected void dropOwned() {}
                    });
        }
    }

    @Test
    void aSpawnersOwnTimersStayThoughItMakesOthersEachTime() throws Exception {
        EachTimeAnew spawner = new EachTimeAnew();
        Context cx = new Context(spawner);
        Future<Void> sleep = Async.sleep(SECOND);
        int polls = 1;
        while (!sleep.poll(cx).isReady()) {
            polls++;
        }
        assertEquals(3, polls);
        assertEquals(2, spawner.asked, "once for its timers, once for its clock");
    }

    @Test
    void underAnotherClockASleepGoesOnForTheRestOfItsTime() throws Exception {
        Future<Void> sleep = Async.sleep(SECOND);
        executor.cx.begin(Waker.noop());
        assertFalse(sleep.poll(executor.cx).isReady());
        executor.advance(Duration.ofMillis(400));
        TestExecutor other = new TestExecutor();
        other.advance(Duration.ofDays(1));
        var handle = other.spawn(sleep);
        other.advance(Duration.ofMillis(599));
        assertEquals(0, executor.pendingTimers(), "the first clock has forgotten it");
        assertFalse(handle.isFinished());
        other.advance(Duration.ofMillis(1));
        assertTrue(handle.isFinished());
    }

    @Test
    void withoutAClockTheCapabilityIsNamed() {
        executor.hasTimers = false;
        Probe probe = new Probe("a").cleanup(1);
        var e = assertThrows(MissingCapabilityException.class, () -> executor.blockOn(Async.timeout(SECOND, probe)));
        assertTrue(e.getMessage().contains("Timers: a world that was given another Clock has none"), e.getMessage());
        assertTrue(probe.cleaned);
        assertThrows(MissingCapabilityException.class, () -> executor.blockOn(Async.sleep(SECOND)));
    }

    @Test
    void aCapabilityOfOnesOwnIsNotSaidToBeTheSystems() {
        var e = assertThrows(
                MissingCapabilityException.class, () -> new Context(executor).capability(Comparable.class));
        assertTrue(e.getMessage().contains("has no Comparable"), e.getMessage());
        assertTrue(e.getMessage().contains("its .with(Comparable.class, …) adds another"), e.getMessage());
        assertFalse(e.getMessage().contains("which has one"), e.getMessage());
    }

    @Test
    void inTimeTheTimerIsDropped() throws Exception {
        assertEquals("a", executor.blockOn(Async.timeout(SECOND, new Probe("a").after(2))));
        assertEquals(new Timed.InTime<>("a"), executor.blockOn(Async.withTimeout(SECOND, new Probe("a"))));
        assertEquals(0, executor.pendingTimers());
        assertThrows(
                IllegalAccessException.class,
                () -> executor.blockOn(
                        Async.timeout(SECOND, new Probe("a").after(1).failing(new IllegalAccessException()))));
        assertEquals(0, executor.pendingTimers());
    }

    @Test
    void tooLateThrowsAfterTheCleanup() {
        Probe probe = new Probe("a").waiting().cleanup(2);
        var e = assertThrows(TimeoutException.class, () -> executor.blockOn(Async.timeout(SECOND, probe)));
        assertTrue(e.getMessage().contains("probe a"), e.getMessage());
        assertTrue(probe.cleaned);
    }

    @Test
    void tooLateAsAValue() throws Exception {
        Exception failure = new Exception();
        Probe probe = new Probe("a").waiting().cleanup(2).cleanupFailing(failure);
        assertInstanceOf(Timed.TooLate.class, executor.blockOn(Async.withTimeout(SECOND, probe)));
        assertSame(failure, executor.reported.getFirst());
    }

    @Test
    void readyWhenTheTimeIsUpWins() throws Exception {
        assertEquals("done", executor.blockOn(Async.timeout(SECOND, Futures.map(Async.sleep(SECOND), _ -> "done"))));
        assertEquals("a", executor.blockOn(Async.timeout(Duration.ZERO, new Probe("a"))));
    }

    @Test
    void yieldNowIsPendingOnce() throws Exception {
        executor.blockOn(Async.yieldNow());
        assertEquals(2, executor.polls);
    }

    // ---- by the calendar

    private Instant in(Duration time) {
        return executor.instant().plus(time);
    }

    @Test
    void sleepUntilEndsAtItsDeadline() {
        Future<Void> sleep = Async.sleepUntil(in(SECOND.multipliedBy(2)));
        executor.advance(SECOND);
        var handle = executor.spawn(sleep);
        executor.advance(SECOND.minusNanos(1));
        assertFalse(handle.isFinished());
        executor.advance(Duration.ofNanos(1));
        assertTrue(handle.isFinished());
    }

    @Test
    void aDeadlineThatHasPassedIsNoWait() throws Exception {
        executor.blockOn(Async.sleepUntil(in(SECOND.negated())));
        executor.blockOn(Async.sleepUntil(Instant.MIN));
        assertEquals("a", executor.blockOn(Async.timeoutAt(Instant.MIN, new Probe("a"))));
        var never = executor.spawn(Async.sleepUntil(Instant.MAX));
        executor.advance(Duration.ofDays(10_000));
        assertFalse(never.isFinished());
    }

    @Test
    void whoSetsTheClockChangesNothingOfASleepThatHasBegun() {
        Future<Void> later = Async.sleepUntil(in(Duration.ofHours(5)));
        var begun = executor.spawn(Async.sleepUntil(in(Duration.ofHours(3))));
        executor.run();
        executor.calendar = Duration.ofHours(2); // set forward: it is two hours later
        executor.advance(Duration.ofHours(3).minusNanos(1));
        assertFalse(begun.isFinished());
        executor.advance(Duration.ofNanos(1));
        assertTrue(begun.isFinished());
        executor.calendar = Duration.ofHours(-2); // set back: 4 hours before the deadline, not two
        var after = executor.spawn(later);
        executor.advance(Duration.ofHours(4).minusNanos(1));
        assertFalse(after.isFinished());
        executor.advance(Duration.ofNanos(1));
        assertTrue(after.isFinished());
    }

    @Test
    void stepsShareOneDeadline() {
        Instant deadline = in(SECOND);
        var first = executor.spawn(Async.timeoutAt(deadline, Async.sleep(Duration.ofMillis(600))));
        executor.advance(Duration.ofMillis(600));
        assertTrue(first.isFinished());
        Probe probe = new Probe("a").waiting().cleanup(2);
        var second = executor.spawn(Async.timeoutAt(deadline, probe));
        executor.advance(Duration.ofMillis(399));
        assertFalse(second.isFinished());
        executor.advance(Duration.ofMillis(1));
        assertTrue(probe.cleaned);
        var e = assertThrows(TimeoutException.class, () -> executor.blockOn(second));
        assertTrue(e.getMessage().startsWith("not ready by " + deadline + ": probe a"), e.getMessage());
        assertEquals(0, executor.pendingTimers());
    }

    @Test
    void underAnotherClockASleepUntilGoesOnForTheRestOfItsTime() throws Exception {
        Future<Void> sleep = Async.sleepUntil(in(SECOND));
        executor.cx.begin(Waker.noop());
        assertFalse(sleep.poll(executor.cx).isReady());
        executor.advance(Duration.ofMillis(400));
        TestExecutor other = new TestExecutor();
        var handle = other.spawn(sleep);
        other.advance(Duration.ofMillis(599));
        assertFalse(handle.isFinished());
        other.advance(Duration.ofMillis(1));
        assertTrue(handle.isFinished());
    }
}
