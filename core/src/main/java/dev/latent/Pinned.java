package dev.latent;

import org.jspecify.annotations.Nullable;

/**
 * A future that stays in place while {@code select} borrows it: losing a select or a timeout only gives the borrow back.
 * Closing it drops the future and waits for its cleanup.
 */
public interface Pinned<T extends @Nullable Object> extends Future<T>, AsyncCloseable {}
