package dev.latent.sync;

import org.jspecify.annotations.Nullable;

/** A {@link Guard} that only one can have at a time, so that it may put something else in the place of what is guarded. */
public interface ExclusiveGuard<T extends @Nullable Object> extends Guard<T> {
    /**
     * Has the lock guard {@code value} from now on.
     *
     * @throws IllegalStateException when this was closed
     */
    void set(T value);

    @Override
    ExclusiveGuard<T> owned();
}
