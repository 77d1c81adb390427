package dev.latent.world;

import dev.latent.Async;
import dev.latent.OwnedFuture;

/**
 * A capability: waits for a time of the world's {@link Clock}. Behind {@link Async#sleep} and {@link Async#timeout}. An executor that
 * has a loop of its own brings its own where its world has none.
 */
public interface Timers {
    /**
     * {@return a future that is ready once {@link Clock#nanoTime()} has reached {@code deadline}}
     *
     * <p>It may be polled under any context of the same executor; dropping it takes it out of the clock.
     *
     * @param deadline in the time of {@link Clock#nanoTime()}
     */
    OwnedFuture<Void> sleepUntil(long deadline);
}
