package dev.latent.internal.combine;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Values that were given, reached nobody and have come back. Each value has a number, as it is given for the first time; by these they are in their
 * old order again, whatever the order in which they come back.
 *
 * @param <T> the values
 */
public final class Returned<T> {
    private final TreeMap<Long, T> byNumber = new TreeMap<>();
    private long given;
    private long last;

    /** None. */
    public Returned() {}

    /** A new value is given. */
    public void gave() {
        last = given++;
    }

    /** {@return the number of what was given last} */
    public long last() {
        return last;
    }

    /** Takes back the value of that number. */
    public void add(T value, long number) {
        byNumber.put(number, value);
    }

    /** {@return how many there are} */
    public int size() {
        return byNumber.size();
    }

    /** {@return whether there is none} */
    public boolean isEmpty() {
        return byNumber.isEmpty();
    }

    /** {@return the first, which is given again} There must be one. */
    public T take() {
        Map.Entry<Long, T> first = byNumber.pollFirstEntry();
        last = first.getKey();
        return first.getValue();
    }

    /** Takes all out, in order. */
    public void drainTo(Consumer<? super T> consumer) {
        while (!isEmpty()) {
            consumer.accept(take());
        }
    }
}
