package dev.latent.world;

import dev.latent.Future;
import dev.latent.NotCancelSafe;
import java.util.concurrent.Callable;

/** A capability: threads on which blocking calls may wait, so that the executor's own never do. */
public interface BlockingPool {
    /**
     * {@return a future of what {@code work} returns; the work is handed to a thread at the first poll}
     *
     * <p><em>Cancel safety:</em> dropped before a thread has taken it, the work never runs; later, its thread is interrupted and its result goes
     * nowhere, an {@link AutoCloseable} one being closed.
     */
    @NotCancelSafe
    <T> Future<T> run(Callable<? extends T> work);
}
