package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Waker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** Counts who is in, so that others can wait until all are out. Tasks are counted by {@link TaskTracker}. */
public final class WaitGroup {
    private static final VarHandle IN;

    static {
        try {
            IN = MethodHandles.lookup().findVarHandle(WaitGroup.class, "in", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Line line = new Line();

    /** Counted down before the line is told; who waits stands in the line before it looks. */
    private volatile int in;

    private WaitGroup() {}

    /** {@return one in which nobody is} */
    public static WaitGroup create() {
        return new WaitGroup();
    }

    /** {@return that somebody is in, until it is closed} */
    public Releasable enter() {
        Pass pass = new Pass();
        IN.getAndAdd(this, 1);
        return pass;
    }

    /** {@return how many are in now} */
    public int size() {
        return in;
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
        if ((int) IN.getAndAdd(this, -1) == 1) {
            line.list.lock();
            Entry told = line.tellAll(Entry.TOLD);
            line.list.unlock();
            Line.wake(told);
        }
    }

    @Override
    public String toString() {
        return "WaitGroup, " + in + " in";
    }

    private final class Pass implements Releasable {
        private boolean closed;

        @Override
        public void close() {
            if (!closed) {
                closed = true;
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
            return in == 0;
        }

        @Override
        boolean enters(Entry entry, Waker waker) {
            line.list.lock();
            line.list.add(entry, waker);
            boolean waits = in != 0;
            if (!waits) {
                line.list.remove(entry);
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
