package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.world.MissingCapabilityException;
import java.time.Duration;
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
}
