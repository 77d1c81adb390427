package dev.latent;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link TaskLocal} also where a library looks for it, on the thread. It is called wherever the local begins and ends to hold on a thread: around each
 * poll and drop of the future for which it was set, or of a task that has inherited it, and around the work of {@link Async#spawnBlocking} and the like.
 *
 * <p>It must not throw; what it throws is reported, and the poll takes place.
 */
public interface ThreadBridge<T> {
    /** {@return what was there before, for {@link #leave}} Sets {@code value} on this thread. */
    @Nullable
    Object enter(T value);

    /** Puts {@code before} back. */
    void leave(@Nullable Object before);
}
