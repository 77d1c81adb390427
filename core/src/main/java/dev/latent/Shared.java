package dev.latent;

import org.jspecify.annotations.Nullable;

/**
 * A future that many may await, made by {@link Futures#shared}. Keep it as this type: of a plain {@link Future} the compiler takes it
 * that it has one owner.
 */
public interface Shared<T extends @Nullable Object> extends Future<T> {}
