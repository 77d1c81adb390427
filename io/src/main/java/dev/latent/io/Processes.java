package dev.latent.io;

import dev.latent.Future;

/** A capability: other programs. The system's own, or some that are played. */
public interface Processes {
    /**
     * {@return a future of a process that has begun to run {@code command}}
     *
     * <p>Fails with {@link java.io.IOException} naming the program where there is none of that name, or it may not be run, and the folder
     * where that is missing.
     *
     * <p><em>Cancel safety:</em> dropped, no process is left, nor any that it has started, as after {@link ChildProcess#close}.
     */
    Future<ChildProcess> start(Command command);
}
