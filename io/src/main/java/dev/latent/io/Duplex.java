package dev.latent.io;

import dev.latent.AsyncCloseable;

/**
 * Bytes both ways: a connection. One reader and one writer may wait at the same time, in the same task or in two; a second one in the same
 * direction is an {@link IllegalStateException} naming the first.
 *
 * <p>{@link #close} and {@link #closeAsync} give up what waits: it fails with an {@link java.io.IOException}. Any wait is bounded from outside.
 */
public interface Duplex extends ReadyReader, ReadyWriter, AsyncCloseable {
    /**
     * {@return the two directions of this, each with an owner of its own, in two tasks perhaps}
     *
     * <p>They take this over: it is closed when both are. Closing the writer, awaited, shuts the output down.
     */
    default Halves split() {
        return Halves.of(this);
    }
}
