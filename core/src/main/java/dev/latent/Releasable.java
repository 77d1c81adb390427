package dev.latent;

/**
 * A value that somebody waits for as long as it is held: the guard of a lock, a permit, a place in a channel, a sender. Whoever receives it
 * closes it, in a try-with-resources as a rule.
 *
 * <p>Where such a value is on its way and its receiver is dropped, Latent closes it: a cancelled {@code lock()} leaves no lock
 * held. {@link Futures#onUndelivered} may say otherwise.
 */
public interface Releasable extends AutoCloseable {
    /** Gives back what was held, and never waits, blocks or throws. Closing twice does nothing. */
    @Override
    void close();
}
