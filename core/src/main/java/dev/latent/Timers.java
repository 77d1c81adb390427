package dev.latent;

/** A capability: an executor's clock. Behind {@link Async#sleep} and {@link Async#timeout}; virtual in a simulation. */
public interface Timers {
    /** {@return now, in nanoseconds from an arbitrary origin, like {@link System#nanoTime()}; only differences mean anything} */
    long nanoTime();

    /**
     * {@return a future that is ready once {@link #nanoTime()} has reached {@code deadline}}
     *
     * <p>It may be polled under any context of the same executor; dropping it takes it out of the clock.
     *
     * @param deadline in the time of {@link #nanoTime()}
     */
    OwnedFuture<Void> sleepUntil(long deadline);
}
