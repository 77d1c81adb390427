package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Waker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counts who is in, so that others can wait until all are out. Tasks are counted by {@link TaskTracker}.
 *
 * <p><b>The word</b> says how many are in, and beside it how many times the last has gone out. Who waits keeps the times of its first poll, and is told when
 * there was another since: so it is told where somebody has come in meanwhile, too, and not of an end that lies before it.
 */
public final class WaitGroup {
    /** From here on in the word: the times. */
    private static final int SHIFT = 32;

    private static final VarHandle WORD;
    private static final VarHandle CLOSED;

    static {
        try {
            var lookup = MethodHandles.lookup();
            WORD = lookup.findVarHandle(WaitGroup.class, "word", long.class);
            CLOSED = lookup.findVarHandle(Pass.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** In the order of times: who enters it looks at the word under its lock, and who goes out changes that before it takes the lock. */
    private final Line line = new Line();

    private volatile long word;

    private WaitGroup() {}

    /** {@return one in which nobody is} */
    public static WaitGroup create() {
        return new WaitGroup();
    }

    /** {@return that somebody is in, until it is closed, on any thread} */
    public Releasable enter() {
        Pass pass = new Pass();
        WORD.getAndAdd(this, 1L);
        return pass;
    }

    /** {@return how many are in now} */
    public int size() {
        return in(word);
    }

    private static int in(long w) {
        return (int) w;
    }

    private static long times(long w) {
        return w >>> SHIFT;
    }

    /**
     * {@return a future that is ready when nobody is in, or nobody has been in since its first poll}
     *
     * <p><em>Cancel safety:</em> nothing to lose.
     *
     * <p><em>Memory effects:</em> what happened before each went out is visible to who awaits this.
     */
    public Future<Void> ended() {
        return new Ended();
    }

    private void out() {
        long w;
        long less;
        boolean last;
        do {
            w = word;
            last = in(w) == 1;
            less = last ? times(w) + 1 << SHIFT : w - 1;
        } while (!WORD.compareAndSet(this, w, less));
        if (last) {
            line.list.lock();
            Entry told = line.tellUntil(times(word), Entry.TOLD);
            line.list.unlock();
            Line.wake(told);
        }
    }

    @Override
    public String toString() {
        return "WaitGroup, " + size() + " in";
    }

    private final class Pass implements Releasable {
        private volatile boolean closed;

        @Override
        public void close() {
            if (!(boolean) CLOSED.getAndSet(this, true)) {
                out();
            }
        }
    }

    private final class Ended extends WaitFuture<Void> {
        @Override
        Line line() {
            return line;
        }

        @Override
        boolean passes() {
            return size() == 0;
        }

        @Override
        Entry newEntry() {
            return new Entry(times(word));
        }

        @Override
        boolean enters(Entry entry, Waker waker) {
            line.list.lock();
            long w = word;
            boolean waits = in(w) != 0 && times(w) == entry.wants;
            if (waits) {
                line.list.add(entry, waker);
            }
            line.list.unlock();
            return waits;
        }

        @Override
        Poll<Void> outcome(Context cx, @Nullable Entry entry) {
            return Poll.done();
        }

        @Override
        public String toString() {
            return "the end of " + WaitGroup.this;
        }
    }
}
