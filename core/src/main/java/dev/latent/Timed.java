package dev.latent;

import org.jspecify.annotations.Nullable;

/** Whether a future was ready within its time. */
public sealed interface Timed<T extends @Nullable Object> {
    /** It was. */
    record InTime<T extends @Nullable Object>(T value) implements Timed<T> {}

    /** It was not, and has been dropped. */
    record TooLate<T extends @Nullable Object>() implements Timed<T> {}
}
