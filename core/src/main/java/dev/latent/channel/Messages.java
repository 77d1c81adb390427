package dev.latent.channel;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Messages in order: a ring that grows as it fills, and is let go when it has been a long one and has run empty. Before it stand those that were taken
 * and have come back; by their numbers, counted from the first that was ever taken, they are in their old order again, whatever the order in which they
 * come. Guarded by the lock of whoever it is a part of; it is a superclass so that it costs no object.
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

    /** How many were taken from the ring: the number of its first. */
    private long taken;

    /** Null where none has come back. */
    private @Nullable TreeMap<Long, T> back;

    final int count() {
        return back == null ? size : size + back.size();
    }

    /** {@return the number of what {@link #removeFirst} gives next} */
    final long number() {
        return back == null ? taken : back.firstKey();
    }

    /** @throws OutOfMemoryError with nothing changed */
    final void addLast(T message) {
        if (size == ring.length) {
            grow();
        }
        ring[head + size & ring.length - 1] = message;
        size++;
    }

    /**
     * Takes back the one of that number; one of a number that is there already stands before that.
     *
     * @throws OutOfMemoryError with nothing changed
     */
    final void addBack(T message, long number) {
        if (back == null && number == taken - 1 && size < ring.length) {
            taken--; // it was the last that was taken, and needs no memory
            head = head - 1 & ring.length - 1;
            ring[head] = message;
            size++;
            return;
        }
        TreeMap<Long, T> all = back == null ? new TreeMap<>() : back;
        long free = number;
        while (all.containsKey(free)) {
            free--;
        }
        all.put(free, message);
        back = all;
    }

    /** {@return the oldest, of at least one} */
    @SuppressWarnings("unchecked")
    final T removeFirst() {
        if (back != null) {
            Map.Entry<Long, T> first = back.pollFirstEntry();
            if (back.isEmpty()) {
                back = null;
            }
            return first.getValue();
        }
        @Nullable Object[] all = ring;
        T message = (T) Objects.requireNonNull(all[head]);
        all[head] = null;
        taken++;
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
