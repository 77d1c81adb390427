package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Waker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A word from task to task that there is something to look at, without saying what.
 *
 * {@snippet :
 * while (!done()) {
 *     var told = notify.notified();     // before the look: what comes from now on is not missed
 *     if (!lookAround()) await(told);
 * }
 * }
 *
 * <p>{@link #notifyOne} tells one task: who has waited longest, or, when nobody waits, the next that comes; one such word is kept, not
 * more. {@link #notifyWaiters} tells all who have asked for {@link #notified} until then, and nobody later. To stop a loop, which may be
 * elsewhere when it is told, {@link CancellationToken} is the thing.
 *
 * <pre>
 *              1 notifyOne                   1  nobody waits
 *     empty ────────────────▶ KEPT           2  a future that is polled takes the word
 *       │  ◀────────────────                 3  a future waits; 4 the last of them is told, or leaves
 *     3 │ ▲       2                          beside: the generation, one more with each notifyWaiters
 *       ▼ │ 4
 *      QUEUED
 * </pre>
 */
public final class Notify {
    private static final long QUEUED = 1;
    private static final long KEPT = 2;
    private static final int SHIFT = 2;
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Notify.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Line line = new Line();

    /** QUEUED is changed under the line's lock only. */
    private volatile long word;

    private Notify() {}

    /** {@return one that has nothing to tell} */
    public static Notify create() {
        return new Notify();
    }

    /**
     * {@return a future that is ready when it is told} By {@link #notifyWaiters} from this call on, by {@link #notifyOne} from its first
     * poll on, or before it where nobody else took the word.
     *
     * <p><em>Cancel safety:</em> nothing is lost: the word of {@link #notifyOne} goes to the next where the future is dropped that was
     * told, or is kept.
     *
     * <p><em>Memory effects:</em> what happened before it was told is visible to who awaits it.
     */
    public Future<Void> notified() {
        return new Notified(word >>> SHIFT);
    }

    /** Edges 1 and 4: tells who has waited longest, or the next that comes. */
    public void notifyOne() {
        while (true) {
            long w = word;
            if ((w & QUEUED) == 0) {
                if (WORD.compareAndSet(this, w, w | KEPT)) { // also where it is so, for what is to be visible
                    return;
                }
                continue;
            }
            line.list.lock();
            Entry entry = line.first();
            if (entry != null) {
                line.tell(entry, Entry.TOLD);
                queueLeft();
            }
            line.list.unlock();
            if (entry != null) {
                Line.wake(entry);
                return;
            }
        }
    }

    /** Tells all who wait, and all futures of {@link #notified} that have not been polled yet, in one step. */
    public void notifyWaiters() {
        line.list.lock();
        WORD.getAndAdd(this, 1L << SHIFT);
        Entry told = line.tellAll(Entry.TOLD_ALL);
        queueLeft();
        line.list.unlock();
        Line.wake(told);
    }

    /** Edge 4, under the lock. */
    private void queueLeft() {
        if (line.first() == null) {
            WORD.getAndBitwiseAnd(this, ~QUEUED);
        }
    }

    @Override
    public String toString() {
        return "Notify";
    }

    private final class Notified extends WaitFuture<Void> {
        private final long generation;

        Notified(long generation) {
            this.generation = generation;
        }

        @Override
        Line line() {
            return line;
        }

        @Override
        boolean passes() {
            while (true) {
                long w = word;
                if (w >>> SHIFT != generation) {
                    return true;
                }
                if ((w & KEPT) == 0) {
                    return false;
                }
                if (WORD.compareAndSet(Notify.this, w, w & ~KEPT)) {
                    return true;
                }
            }
        }

        @Override
        boolean enters(Entry entry, Waker waker) {
            line.list.lock();
            try {
                while (!passes()) {
                    long w = word;
                    if ((w & KEPT) == 0 && WORD.compareAndSet(Notify.this, w, w | QUEUED)) {
                        line.list.add(entry, waker);
                        return true;
                    }
                }
                return false;
            } finally {
                line.list.unlock();
            }
        }

        @Override
        Poll<Void> outcome(Context cx, @Nullable Entry entry) {
            return Poll.done();
        }

        @Override
        void leave(Entry entry) {
            line.list.lock();
            line.list.remove(entry);
            queueLeft();
            line.list.unlock();
            if (entry.told() == Entry.TOLD) {
                notifyOne();
            }
        }

        @Override
        public String toString() {
            return "a word of " + Notify.this;
        }
    }
}
