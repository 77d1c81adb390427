package dev.latent;

import org.jspecify.annotations.Nullable;

/** Two values that were joined. */
public record Tuple2<A extends @Nullable Object, B extends @Nullable Object>(A first, B second) {}
