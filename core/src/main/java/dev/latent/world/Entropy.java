package dev.latent.world;

/**
 * A capability: bytes that nobody can guess, for keys, masks and tokens. Where guessing does no harm, as in the order of a
 * schedule, {@link java.util.random.RandomGenerator} is the one. Thread-safe.
 */
@FunctionalInterface
public interface Entropy {
    /** Overwrites all of {@code bytes}. */
    void nextBytes(byte[] bytes);
}
