package dev.latent.web;

import dev.latent.web.http.ByteBudget;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a connection holds of the bytes that all connections of its server may hold together, until it is closed. */
abstract class Holding {
    private final @Nullable ByteBudget budget;

    /** The stream is closed, or about to be. */
    private volatile boolean closed;

    /** Bytes of the budget that are taken; under this monitor. */
    private int held;

    Holding(@Nullable ByteBudget budget) {
        this.budget = budget;
    }

    final boolean isClosed() {
        return closed;
    }

    /** Takes memory for an array of {@code length}. {@return whether there is any left} */
    boolean hold(int length) {
        if (budget == null || length <= ByteBudget.FREE_BYTES) {
            return true;
        }
        synchronized (this) {
            if (!closed) {
                if (held + length < 0 || !budget.take(length)) {
                    return false;
                }
                held += length;
            }
            return true;
        }
    }

    /** Gives back what {@link #hold} took for an array of {@code length}. */
    final void letGo(int length) {
        if (budget != null && length > ByteBudget.FREE_BYTES) {
            synchronized (this) {
                if (!closed) {
                    held -= length;
                    budget.give(length);
                }
            }
        }
    }

    /** {@return {@code bytes}, held before, as a buffer that {@link #letGo(ByteBuffer)} knows for such: a read-only one} */
    static ByteBuffer asHeld(byte[] bytes) {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    static boolean isHeld(ByteBuffer bytes) {
        return bytes.isReadOnly();
    }

    final void letGo(@Nullable ByteBuffer bytes) {
        if (bytes != null && isHeld(bytes)) {
            letGo(bytes.capacity());
        }
    }

    /** The stream is about to be closed; whatever the socket holds counts no more. */
    final synchronized void markClosed() {
        if (!closed) {
            closed = true;
            if (budget != null) {
                budget.give(held);
            }
        }
    }
}
