package dev.latent.internal;

import java.lang.reflect.Constructor;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What is done with failures. */
public final class Failures {
    /** Stands for a failure that there was no memory to keep. */
    public static final OutOfMemoryError NO_MEMORY =
            new OutOfMemoryError("and there was no memory left to keep what was thrown");

    private Failures() {}

    /** {@return {@code first}, with {@code next} suppressed in it} */
    public static Throwable add(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next && first != NO_MEMORY) {
            try {
                first.addSuppressed(next);
            } catch (OutOfMemoryError e) {
                // The first is told without it.
            }
        }
        return first;
    }

    /** {@return what a {@link java.util.concurrent.CompletionStage} failed with, without its wrapping} */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }

    /**
     * {@return an exception of the same class and message that was caused by {@code original}, or {@code original} itself where
     * its class allows no copy}
     */
    public static Throwable copy(Throwable original, StackTraceElement[] trace) {
        String message = original.getMessage();
        Throwable copy = make(original, new Class<?>[] {String.class, Throwable.class}, message, original);
        if (copy == null) {
            copy = make(original, new Class<?>[] {String.class}, message);
        }
        if (copy == null) {
            copy = make(original, new Class<?>[] {});
        }
        if (copy == null || !java.util.Objects.equals(copy.getMessage(), message)) {
            return original;
        }
        try {
            if (copy.getCause() == null) {
                copy.initCause(original);
            }
        } catch (IllegalStateException e) {
            return original;
        }
        copy.setStackTrace(trace);
        return copy;
    }

    private static @Nullable Throwable make(Throwable original, Class<?>[] types, @Nullable Object... arguments) {
        try {
            Constructor<? extends Throwable> constructor = original.getClass().getConstructor(types);
            return constructor.newInstance(arguments);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
