package dev.latent.channel;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Messages on their way from the queue to somebody's list, which is not touched under the lock. */
final class Batch<T> {
    private final Pipe<T> pipe;
    private final T[] messages;
    private int count;

    /** @param max messages, at most; one, at least */
    @SuppressWarnings("unchecked")
    Batch(Pipe<T> pipe, int max) {
        this.pipe = pipe;
        this.messages = (T[])
                new Object[Math.clamp(pipe.count(), 1, max)]; // without the lock: there may be other numbers by then
    }

    /** Under the lock. */
    void fill() {
        for (int most = Math.min(messages.length, pipe.unpromised()); count < most; count++) {
            messages[count] = pipe.dequeue();
        }
    }

    /** {@return how many there were} If {@code into} takes none, they go back to where they were, in order. */
    int deliver(List<? super T> into) {
        pipe.grantAll();
        int before = into.size();
        try {
            into.addAll(Collections.unmodifiableList(Arrays.asList(messages).subList(0, count)));
        } catch (Throwable refused) {
            for (int i = count; --i >= 0 && i >= into.size() - before; ) {
                pipe.putBack(messages[i]);
            }
            throw refused;
        }
        return count;
    }
}
