package dev.latent.world;

import java.time.Duration;
import java.time.Instant;

/** {@link Clock#withGrain}. */
record GrainedClock(Clock clock, long grain) implements Clock {
    GrainedClock(Clock clock, Duration grain) {
        this(clock, nanos(grain));
    }

    private static long nanos(Duration grain) {
        if (!grain.isPositive()) {
            throw new IllegalArgumentException("a grain of " + grain + ", which has to be positive");
        }
        return grain.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1).toNanos() : grain.toNanos();
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public Instant instant() {
        return clock.instant();
    }

    @Override
    public Clock withGrain(Duration other) {
        return clock.withGrain(other);
    }

    @Override
    public String toString() {
        return clock + " with a grain of " + Duration.ofNanos(grain);
    }
}
