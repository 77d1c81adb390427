package dev.latent.world;

import java.time.Duration;
import java.time.Instant;

/** A capability: what time it is. {@link Timers} wait for a time of it. Thread-safe. */
public interface Clock {
    /** {@return now, in nanoseconds from an arbitrary origin; it never goes back, and only differences mean anything} */
    long nanoTime();

    /** {@return now, as a calendar has it; somebody may set it back or forward} */
    Instant instant();

    /**
     * {@return nanoseconds by which a timer over this clock may be late, so that many that are due close together fire as one; 1:
     * not at all, and they fire in the order of their deadlines}
     */
    default long grain() {
        return 1;
    }

    /**
     * {@return this clock with another {@link #grain()}} A program that wants its timers exact, or one that would rather be woken less often,
     * builds its executor over {@code world.with(Clock.class, clock.withGrain(grain))}.
     *
     * <p>A grain is one executor's, not one timer's. An executor with sockets on NIO waits for both in whole milliseconds; it is never early.
     *
     * @param grain rounded down to a power of two of nanoseconds
     * @throws IllegalArgumentException when it is not positive
     */
    default Clock withGrain(Duration grain) {
        return new GrainedClock(this, grain);
    }
}
