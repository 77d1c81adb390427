package dev.latent;

import org.jspecify.annotations.Nullable;

/** Four values that were joined. */
public record Tuple4<
        A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object>(
        A first, B second, C third, D fourth) {}
