package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.io.spi.NetErrors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A leaf that waits for one direction of a socket: try the system call, and where it has nothing, leave the waker and wait for
 * the event. It takes its direction while it waits, and gives it back at its end: ready, thrown or dropped.
 *
 * <p>The waker is written by the task that polls, and taken by the parking thread or by {@code close}; see {@link NioSource}.
 */
abstract class NioOp<T extends @Nullable Object> extends OwnedFuture<T> {
    private static final VarHandle WAKER;

    static {
        try {
            WAKER = MethodHandles.lookup().findVarHandle(NioOp.class, "waker", Waker.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Of {@link java.nio.channels.SelectionKey}: the one event it waits for. */
    final int interest;

    private volatile @Nullable Waker waker;

    NioOp(int interest) {
        this.interest = interest;
    }

    abstract NioSource source();

    /**
     * Does the work without waiting; one unit of the budget has been spent.
     *
     * @return null: wait for the event. Pending: somebody else will wake the task.
     */
    abstract @Nullable Poll<T> attempt(Context cx) throws Exception;

    @Override
    protected final Poll<T> pollOwned(Context cx) throws Exception {
        NioSource source = source();
        source.checkAlone(interest, this, "");
        boolean waits = false;
        try {
            if (source.isClosed()) {
                if (!cx.spend()) {
                    waits = true;
                    return Poll.pending();
                }
                throw source.isWaiting(this) ? NetErrors.closedMeanwhile(this) : NetErrors.closed(this);
            }
            Poll<T> poll = null;
            if (source.isReady(interest)) {
                if (!cx.spend()) {
                    waits = true;
                    return Poll.pending();
                }
                poll = attempt(cx);
            }
            if (poll == null) {
                source.awaitEvent(this, cx.waker());
                poll = Poll.pending();
            } else if (!poll.isReady()) {
                source.hold(this, cx.waker());
            }
            waits = !poll.isReady();
            return poll;
        } finally {
            if (!waits) {
                ended();
            }
        }
    }

    @Override
    protected final void dropOwned() {
        ended();
        dropped();
    }

    /** What else a drop gives up. */
    void dropped() {}

    private void ended() {
        source().release(this);
        waker = null;
    }

    final void leave(Waker latest) {
        waker = latest;
    }

    /** Null: nobody waits who has not been told. Open for a test that plays a race. */
    @Nullable
    Waker takeWaker() {
        return (Waker) WAKER.getAndSet(this, null);
    }
}
