package dev.latent.time;

import dev.latent.AtomicWaker;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Next;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.internal.Names;
import dev.latent.world.Clock;
import org.jspecify.annotations.Nullable;

/**
 * A source of what has a time, and is given when that has come. One {@link Asking} at a time waits, with a sleep of its own until the first
 * of these times; whatever changes that wakes it.
 *
 * <p><b>The lock</b> is this object's own, for a few instructions: no clock is read, no waker woken, no value closed under it. The waker is
 * registered before the look, and woken after the change: so one of the two sees the other.
 *
 * @param <T> the values
 * @param <E> what they are kept in, until somebody has received them
 */
abstract class Scheduled<T, E> implements Source<T> {
    /** {@link #untilDue}, where nothing is scheduled. */
    static final long NEVER = Long.MAX_VALUE;

    /** Guards all that is mutable, also the subclass's. */
    final Object lock = new Object();

    private final AtomicWaker waker = new AtomicWaker();
    private @Nullable Asking<T, E> asker;
    private boolean closed;

    /** {@return whose time counts}, without the lock. */
    abstract Clock clock(Context cx);

    /** {@return what is due, and taken out; null: nothing} Under the lock. */
    abstract @Nullable E take(long now);

    /** {@return nanoseconds until something is due, or} {@link #NEVER}; under the lock. */
    abstract long untilDue(long now);

    abstract T value(E taken);

    /** Nobody has received {@code taken}: it comes first again. Under the lock. */
    abstract void putBack(E taken);

    /** As {@link #putBack}, of one that comes too late; without the lock. */
    void discard(E taken) {}

    @Override
    public final Future<Next<T>> next() {
        return new Asking<>(this);
    }

    @Override
    public final Object nextNow(Context cx) {
        if (cx.isSpent()) {
            return Poll.pending();
        }
        E taken = null;
        if (!isClosed()) {
            long now = clock(cx).nanoTime();
            synchronized (lock) {
                if (!closed && (asker != null || (taken = take(now)) == null)) {
                    return Poll.pending();
                }
            }
        }
        cx.spend();
        return Asking.next(this, taken);
    }

    /** Has {@code asking} be the one who waits. */
    final void ask(Asking<T, E> asking, Context cx) {
        Asking<T, E> other;
        synchronized (lock) {
            other = asker;
            if (other == null || other == asking) {
                asker = asking;
                asking.by = cx.waker();
            }
        }
        if (other != null && other != asking) {
            throw new IllegalStateException(asking + " was asked for by " + Names.of(cx.waker()) + ", but "
                    + Names.of(other.by) + " has asked already and waits: one asks at a time");
        }
        waker.register(cx.waker());
    }

    final void leave(Asking<T, E> asking) {
        synchronized (lock) {
            if (asker == asking) {
                asker = null;
                waker.take();
            }
        }
    }

    /** What is due first has changed. */
    final void changed() {
        waker.wake();
    }

    final void undelivered(E taken) {
        boolean late;
        synchronized (lock) {
            late = closed;
            if (!late) {
                putBack(taken);
            }
        }
        if (late) {
            discard(taken);
        } else {
            changed();
        }
    }

    /** {@return whether it has been closed} */
    public final boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** {@return whether that is done now} and had not been done before. */
    final boolean end() {
        boolean first;
        synchronized (lock) {
            first = !closed;
            closed = true;
        }
        changed();
        return first;
    }

    final boolean isOpen() {
        assert Thread.holdsLock(lock);
        return !closed;
    }
}
