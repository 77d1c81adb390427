package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A future of permits of a {@link Turnstile}.
 *
 * @param <R> what stands for them
 */
abstract class Acquire<R> extends WaitFuture<R> {
    final Turnstile from;
    final long wants;

    Acquire(Turnstile from, long wants) {
        this.from = from;
        this.wants = wants;
    }

    /** {@return what stands for the permits, which are there} */
    abstract R given(Context cx, @Nullable Entry entry);

    @Override
    final Line line() {
        return from;
    }

    @Override
    boolean passes() {
        return from.tryTake(wants);
    }

    @Override
    final Entry newEntry() {
        return new Entry(wants);
    }

    @Override
    boolean enters(Entry entry, Waker waker) {
        return from.waits(entry, waker, false);
    }

    @Override
    final Poll<R> outcome(Context cx, @Nullable Entry entry) {
        if (entry != null && entry.told() == Entry.TOLD_ALL) {
            throw new SemaphoreClosedException(this + ": it is closed");
        }
        try {
            Poll<R> ready = Poll.ready(given(cx, entry));
            if (entry != null) {
                entry.tell(Entry.TAKEN);
            }
            return ready;
        } catch (Throwable noMemory) {
            from.give(wants);
            left();
            throw noMemory;
        }
    }

    @Override
    final void leave(Entry entry) {
        super.leave(entry);
        left();
    }

    /** It has no permits, and will have none. */
    void left() {}
}
