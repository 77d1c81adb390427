package dev.latent;

import org.jspecify.annotations.Nullable;

/**
 * What a poll found: the value, or not yet.
 *
 * @param <T> the value's type
 */
public sealed interface Poll<T extends @Nullable Object> {
    /**
     * The future is finished.
     *
     * @param value what it became
     */
    record Ready<T extends @Nullable Object>(T value) implements Poll<T> {
        static final Ready<?> NOTHING = new Ready<@Nullable Object>(null);
    }

    /** The future waits; the waker of that poll will be woken. */
    final class Pending<T extends @Nullable Object> implements Poll<T> {
        static final Pending<?> PENDING = new Pending<>();

        private Pending() {}

        @Override
        public String toString() {
            return "Pending";
        }
    }

    /** {@return ready with {@code value}} */
    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object> Poll<T> ready(T value) {
        return value == null ? (Poll<T>) Ready.NOTHING : new Ready<>(value);
    }

    /** {@return ready, with nothing to tell; always the same object} */
    @SuppressWarnings("unchecked")
    static Poll<Void> done() {
        return (Poll<Void>) (Poll<?>) Ready.NOTHING;
    }

    /** {@return not yet; always the same object} */
    @SuppressWarnings("unchecked")
    static <T extends @Nullable Object> Poll<T> pending() {
        return (Poll<T>) Pending.PENDING;
    }

    /** {@return whether this is {@link Ready}} */
    default boolean isReady() {
        return this != Pending.PENDING;
    }
}
