package dev.latent;

import org.jspecify.annotations.Nullable;

/** Three values that were joined. */
public record Tuple3<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>(
        A first, B second, C third) {}
