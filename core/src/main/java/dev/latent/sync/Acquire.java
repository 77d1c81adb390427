package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Waker;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A future of permits of a {@link Turnstile}.
 *
 * @param <R> what stands for them
 */
abstract class Acquire<R extends Releasable> extends WaitFuture<R> {
    final Turnstile from;
    final long wants;

    Acquire(Turnstile from, long wants) {
        this.from = from;
        this.wants = wants;
    }

    /** {@return what stands for the permits, which are there} */
    abstract R given(Context cx, @Nullable Entry entry);

    /** {@return {@code held}, as something that might not have been there} */
    static <G extends Releasable> Optional<G> some(G held) {
        try {
            return Optional.of(held);
        } catch (Throwable noMemory) {
            held.close();
            throw noMemory;
        }
    }

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
        R given;
        try {
            given = given(cx, entry);
        } catch (Throwable noMemory) {
            from.give(wants);
            left();
            throw noMemory;
        }
        if (entry != null) {
            entry.tell(Entry.TAKEN);
        }
        try {
            return Poll.ready(given);
        } catch (Throwable noMemory) {
            given.close();
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
