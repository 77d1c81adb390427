package dev.latent;

import org.jspecify.annotations.Nullable;

/** There was one more. */
public record Item<T extends @Nullable Object>(T value) implements Next<T> {}
