package dev.latent.channel;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Messages on their way from the queue to somebody's list, which is not touched under the lock. */
final class Batch<T> {
    private final Pipe<T> pipe;
    private final T[] messages;
    private int count;

    /** Of the first message; they are one behind the other. */
    private long number;

    /** @param max messages, at most; one, at least */
    @SuppressWarnings("unchecked")
    Batch(Pipe<T> pipe, int max) {
        this.pipe = pipe;
        this.messages = (T[])
                new Object[Math.clamp(pipe.count(), 1, max)]; // without the lock: there may be other numbers by then
    }

    /** Under the lock. */
    void fill() {
        number = pipe.number();
        int most = Math.min(messages.length, pipe.unpromised());
        for (; count < most && pipe.number() == number + count; count++) {
            messages[count] = pipe.dequeue();
        }
    }

    /** {@return how many there were} If {@code into} takes none, they go back to where they were, in order. */
    int deliver(List<? super T> into) {
        pipe.grantAll();
        int before = -1;
        try {
            before = into.size();
            into.addAll(Collections.unmodifiableList(Arrays.asList(messages).subList(0, count)));
        } catch (Throwable refused) {
            for (int i = count, taken = taken(into, before); --i >= taken; ) {
                pipe.putBack(messages[i], number + i);
            }
            throw refused;
        }
        return count;
    }

    /** {@return how many are in {@code into}, as far as it can tell} */
    private static int taken(List<?> into, int before) {
        try {
            return before < 0 ? 0 : Math.max(0, into.size() - before);
        } catch (Throwable cannotTell) {
            return 0;
        }
    }
}
