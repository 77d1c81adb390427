package dev.latent.runtime.blocking;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A future of a call that holds a thread of a {@link ThreadBlockingPool} or a {@link ForkJoinComputePool}.
 *
 * <pre>{@code
 *   NEW ──1──▶ HANDED ──2──▶ RUNNING ──3──▶ ENDED     1 first poll   2 a thread takes it   3 the call has returned
 *    └────4───────┴─────────────┴─────▶ DROPPED       4 drop; from RUNNING the thread is interrupted
 * }</pre>
 *
 * <p>Every edge is taken, and the thread interrupted, under the monitor of this object, so an interrupt meets this call and no
 * other: whoever ends a dropped call clears the flag. User code (the call, a wake, a close) runs outside it.
 */
final class BlockingCall<T extends @Nullable Object> extends OwnedFuture<T> implements Runnable {
    private enum State {
        NEW,
        HANDED,
        RUNNING,
        ENDED,
        DROPPED
    }

    /** Where calls run. */
    interface Threads {
        /** Has {@code call} run once; throws where it will not. */
        void execute(Runnable call);

        /** {@code call} was dropped before a thread has taken it: to run it will do nothing. */
        default void forget(Runnable call) {}

        /** {@return what such a call is, for a person to read} */
        String what();
    }

    /** Of one exception, that are looked at; they may be a circle. */
    private static final int MOST_CAUSES = 16;

    private final Threads threads;
    private @Nullable Callable<? extends T> work;
    private State state = State.NEW;
    private @Nullable Waker waker;
    private @Nullable Spawner spawner;
    private @Nullable Thread thread;
    private @Nullable T value;
    private @Nullable Throwable failure;

    BlockingCall(Threads threads, Callable<? extends T> work) {
        this.threads = threads;
        this.work = work;
    }

    @Override
    @SuppressWarnings("NullAway") // T itself may be nullable
    protected Poll<T> pollOwned(Context cx) throws Exception {
        boolean first;
        boolean ended;
        synchronized (this) {
            first = state == State.NEW;
            if (first) {
                state = State.HANDED;
            }
            ended = state == State.ENDED;
            if (!ended) {
                waker = cx.waker();
                spawner = cx.spawner();
            }
        }
        if (first) {
            threads.execute(this);
            return Poll.pending();
        }
        if (!ended || !cx.spend()) {
            return Poll.pending();
        }
        if (failure != null) {
            throw BlockingCall.<RuntimeException>sneaky(failure);
        }
        return Poll.ready(value);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> X sneaky(Throwable t) throws X {
        throw (X) t;
    }

    /** Edges 2 and 3. */
    @Override
    public void run() {
        Callable<? extends T> call;
        synchronized (this) {
            call = work;
            if (state != State.HANDED || call == null) {
                return;
            }
            state = State.RUNNING;
            thread = Thread.currentThread();
            work = null;
        }
        T result = null;
        Throwable thrown = null;
        try {
            result = call.call();
        } catch (Throwable t) {
            thrown = t;
        }
        Waker wake = null;
        Spawner home;
        boolean dropped;
        synchronized (this) {
            dropped = state == State.DROPPED;
            thread = null;
            home = spawner;
            if (!dropped) {
                state = State.ENDED;
                value = result;
                failure = thrown;
                wake = waker;
                waker = null;
            }
        }
        boolean _ = Thread.interrupted(); // whoever asked, it was for this call
        if (wake != null) {
            Foreign.wake(home, wake);
        } else if (dropped) {
            undelivered(result, thrown);
        }
    }

    /** Edge 4. */
    @Override
    protected void dropOwned() {
        boolean hadEnded;
        boolean untaken;
        synchronized (this) {
            untaken = state == State.HANDED;
            hadEnded = state == State.ENDED;
            state = State.DROPPED;
            work = null;
            waker = null;
            if (thread != null) {
                thread.interrupt();
            }
        }
        if (untaken) {
            threads.forget(this);
        }
        if (hadEnded) {
            undelivered(value, failure);
        }
    }

    private void undelivered(@Nullable T result, @Nullable Throwable thrown) {
        try {
            if (result instanceof AutoCloseable resource) {
                resource.close();
            } else if (thrown != null && !isOfInterrupt(thrown)) {
                Owners.report(spawner, this, ", dropped", thrown);
            }
        } catch (Throwable t) {
            Owners.report(spawner, this, ", its result, at its close", t);
        }
    }

    /** {@return whether it says no more than that the thread was interrupted, as the drop wanted} Drivers put that into exceptions of their own. */
    private static boolean isOfInterrupt(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof InterruptedException
                    || cause instanceof InterruptedIOException
                    || cause instanceof ClosedByInterruptException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    @Override
    public String toString() {
        return threads.what();
    }
}
