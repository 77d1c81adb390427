package dev.latent.world;

import dev.latent.Future;
import dev.latent.NotCancelSafe;
import java.util.concurrent.Callable;

/**
 * A capability: threads for work that keeps a processor busy, about as many as there are processors. A {@link BlockingPool} has many, since what it runs mostly waits.
 */
public interface ComputePool {
    /**
     * {@return a future of what {@code work} returns; the work is handed to a thread at the first poll}
     *
     * <p><em>Cancel safety:</em> dropped before a thread has taken it, the work never runs; later, its thread is interrupted, which ends it as soon as it looks, and its
     * result goes nowhere, an {@link AutoCloseable} one being closed.
     */
    @NotCancelSafe
    <T> Future<T> run(Callable<? extends T> work);
}
