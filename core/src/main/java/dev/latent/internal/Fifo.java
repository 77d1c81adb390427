package dev.latent.internal;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A queue in an array that grows; its elements may be null. */
public final class Fifo<T extends @Nullable Object> {
    private static final int FIRST = 8;

    private @Nullable Object[] ring = new @Nullable Object[FIRST];
    private int head;
    private int size;

    /** An empty one. */
    public Fifo() {}

    /** {@return how many are in it} */
    public int size() {
        return size;
    }

    /** {@return whether none is in it} */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Adds at the end. */
    public void add(T element) {
        add(element, false);
    }

    /** Adds at the end, or before all. */
    public void add(T element, boolean first) {
        if (size == ring.length) {
            @Nullable Object[] larger = new @Nullable Object[2 * size];
            System.arraycopy(ring, head, larger, 0, size - head);
            System.arraycopy(ring, 0, larger, size - head, head);
            ring = larger;
            head = 0;
        }
        if (first) {
            head = head - 1 & ring.length - 1;
            ring[head] = element;
        } else {
            ring[head + size & ring.length - 1] = element;
        }
        size++;
    }

    /** {@return the first, which stays} There must be one. */
    @SuppressWarnings({"unchecked", "NullAway"}) // an element is a T
    public T peek() {
        assert size > 0;
        return (T) ring[head];
    }

    /** {@return the first, which is taken out} There must be one. */
    public T take() {
        T element = peek();
        ring[head] = null;
        head = head + 1 & ring.length - 1;
        size--;
        return element;
    }

    /** Takes all out, in order. */
    public void drainTo(Consumer<? super T> consumer) {
        while (size > 0) {
            consumer.accept(take());
        }
    }
}
