package dev.latent.world;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A clock that stands until it is moved: for tests and simulations. Deadlines over it are exact, and those that are equal come in the
 * order in which they were set.
 *
 * <p>Give its {@link #skipTo} to an executor as the hook for idleness, and time passes whenever nothing else is to be done; or move it by
 * hand, and tick the executor after. One thread at a time moves it, any may read it.
 */
public final class VirtualClock implements Clock {
    private final Instant origin;
    private volatile long now;

    /** Stands at zero nanoseconds, which is 1970-01-01T00:00:00Z. */
    public VirtualClock() {
        this(Instant.EPOCH);
    }

    /** Stands at zero nanoseconds, which is {@code origin}. */
    public VirtualClock(Instant origin) {
        this.origin = origin;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Instant instant() {
        return origin.plusNanos(now);
    }

    /** {@return this clock} Its deadlines are exact. */
    @Override
    public Clock withGrain(Duration grain) {
        return this;
    }

    /**
     * Lets {@code time} pass.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back, not by " + time.negated());
        }
        now = now + time.toNanos();
    }

    /** Lets time pass until {@code nanoTime}, unless it is later already. */
    public void advanceTo(long nanoTime) {
        now = Math.max(now, nanoTime);
    }

    /**
     * As {@link #advanceTo}, of what there is to wait for. A thread that still works, of {@code spawnBlocking} for instance, is not waited for.
     *
     * @throws IllegalStateException when there is nothing
     */
    public void skipTo(OptionalLong deadline) {
        advanceTo(deadline.orElseThrow(() -> new IllegalStateException(
                "every task waits, and none of them for the time: what they wait for will never come, unless another thread"
                        + " brings it, for which this clock does not wait; in a test a TestClock does")));
    }

    @Override
    public String toString() {
        return "VirtualClock at " + Duration.ofNanos(now);
    }
}
