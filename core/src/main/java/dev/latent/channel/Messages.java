package dev.latent.channel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages in order: a ring that grows as it fills, and is let go when it has been a long one and has run empty. Guarded by the lock of
 * whoever it is a part of; it is a superclass so that it costs no object.
 */
abstract class Messages<T> {
    private static final int FIRST_LENGTH = 8;

    /** Places of the longest ring that stays when it is empty. */
    private static final int KEPT_LENGTH = 1024;

    private static final @Nullable Object[] NONE = {};

    /** Its length is 0 or a power of two. */
    private @Nullable Object[] ring = NONE;

    private int head;
    private int size;

    final int count() {
        return size;
    }

    /** @throws OutOfMemoryError with nothing changed */
    final void addLast(T message) {
        if (size == ring.length) {
            grow();
        }
        ring[head + size & ring.length - 1] = message;
        size++;
    }

    /** @throws OutOfMemoryError with nothing changed */
    final void addFirst(T message) {
        if (size == ring.length) {
            grow();
        }
        head = head - 1 & ring.length - 1;
        ring[head] = message;
        size++;
    }

    /** {@return the oldest, of at least one} */
    @SuppressWarnings("unchecked")
    final T removeFirst() {
        @Nullable Object[] all = ring;
        T message = (T) Objects.requireNonNull(all[head]);
        all[head] = null;
        head = head + 1 & all.length - 1;
        if (--size == 0 && all.length > KEPT_LENGTH) {
            ring = NONE;
            head = 0;
        }
        return message;
    }

    private void grow() {
        int length = ring.length;
        if (length > Integer.MAX_VALUE / 2) {
            throw new OutOfMemoryError("more than " + length + " messages in a channel");
        }
        @Nullable Object[] longer = new @Nullable Object[Math.max(FIRST_LENGTH, 2 * length)];
        System.arraycopy(ring, head, longer, 0, length - head);
        System.arraycopy(ring, 0, longer, length - head, head);
        ring = longer;
        head = 0;
    }
}
