package dev.latent.runtime.system;

import dev.latent.world.Clock;
import java.time.Instant;

/** The machine's clocks. */
public enum SystemClock implements Clock {
    /** The only one. */
    INSTANCE;

    /** A quarter of a millisecond: few wakes of the executor when many deadlines lie close together, and little delay. */
    private static final long GRAIN_NANOS = 1 << 18;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long grain() {
        return GRAIN_NANOS;
    }
}
