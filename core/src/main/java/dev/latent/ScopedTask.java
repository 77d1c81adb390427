package dev.latent;

import org.jspecify.annotations.Nullable;

/** A child of a scope; await it for its value. Dropping it leaves the child to its scope. */
public interface ScopedTask<T extends @Nullable Object> extends Future<T> {
    /**
     * {@return a future that cancels the child and is ready when its cleanup has ended}
     *
     * <p><em>Cancel safety:</em> once polled, the cancellation goes on, dropped or not.
     */
    Future<Void> cancel();
}
