package dev.latent;

import org.jspecify.annotations.Nullable;

/** How a settled future ended. */
public sealed interface Outcome<T extends @Nullable Object> {
    /** With a value. */
    record Ok<T extends @Nullable Object>(T value) implements Outcome<T> {}

    /** With a failure. */
    record Failed<T extends @Nullable Object>(Throwable cause) implements Outcome<T> {}
}
