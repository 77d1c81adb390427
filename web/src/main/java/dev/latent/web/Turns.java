package dev.latent.web;

import dev.latent.Waker;
import dev.latent.web.http.ByteBudget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is on a connection: who writes now, and who reads.
 *
 * <p><b>Writers.</b> Senders stand in a queue, doubly linked through themselves; the first one is the writer, and nobody else touches the stream's output. Whoever
 * leaves, done or dropped, wakes the new first. So sends go out in order, none overtakes, and a waiting sender costs its own future and nothing more.
 *
 * <p><b>The reader</b> is one future. As it is the one that is sure to be there, it is woken to pay what is due when the queue gets empty ({@link #orphaned}).
 *
 * <pre>
 *  field               written by                      read by
 *  first, links        anyone, under this monitor      the same
 *  reader, its waker,  anyone, under this monitor      the same
 *  closers
 *  ended, broken       anyone, under this monitor      anyone
 *  orphaned            under this monitor              anyone: a hint
 * </pre>
 *
 * <p>No waker is woken under the monitor.
 */
abstract class Turns extends Holding {
    private @Nullable Send first;
    private @Nullable Send last;

    /** The future that reads now; see {@link Reading}. */
    private @Nullable Reading<?> reader;

    /** Of the closes that wait for the reader to end. */
    private @Nullable List<Waker> closers;

    /** Why nothing can be sent any more; its exception is made anew for each who asks. */
    private volatile @Nullable Ended ended;

    /** Nothing goes out any more, not even what has begun. */
    private volatile boolean broken;

    volatile boolean orphaned;

    /** How the connection ended, or is about to. */
    record Ended(int code, String reason, @Nullable Throwable cause) {
        WebSocketClosed asException() {
            return new WebSocketClosed(code, reason, cause);
        }
    }

    Turns(@Nullable ByteBudget budget) {
        super(budget);
    }

    /** {@return whether something is due that no sender in the queue is there for}; under the monitor */
    abstract boolean owes();

    // ---- writers ----------------------------------------------------------------------------------------------------

    /**
     * At each poll of a send: joins the queue if it has not.
     *
     * @return whether it is this one's turn
     * @throws WebSocketClosed when it has to give up
     */
    final synchronized boolean enter(Send send, Waker waker) throws WebSocketClosed {
        if (ended != null && (broken || !send.begun && !send.outlivesEnd())) {
            throw ended.asException();
        }
        if (!send.queued) {
            append(send);
        }
        send.waker = waker;
        return first == send;
    }

    /** Joins the queue if nobody stands there. {@return whether it is this one's turn then} Nobody else's waits for it meanwhile: it does not. */
    final synchronized boolean enterAlone(Send send) {
        if (first != null || ended != null) {
            return false;
        }
        append(send);
        return true;
    }

    /** The send is done, has failed or is dropped. */
    final void leave(Send send) {
        Waker next;
        synchronized (this) {
            if (!send.queued) {
                return;
            }
            next = unlink(send);
        }
        wake(next);
    }

    private void append(Send send) {
        send.queued = true;
        send.previous = last;
        if (last == null) {
            first = send;
            orphaned = false;
        } else {
            last.next = send;
        }
        last = send;
    }

    private @Nullable Waker unlink(Send send) {
        boolean wasFirst = first == send;
        Send before = send.previous;
        Send after = send.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        send.queued = false;
        send.previous = null;
        send.next = null;
        if (!wasFirst) {
            return null;
        }
        return after != null ? after.waker : remind();
    }

    /** {@return who is to pay what is due, if nobody stands in the queue}; under the monitor */
    final @Nullable Waker remind() {
        if (first != null) {
            return null;
        }
        orphaned = owes();
        return orphaned ? readerWaker() : null;
    }

    /** {@return whether nobody writes now}; under the monitor */
    final boolean isQuiet() {
        return first == null;
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /** {@return how it ended, null while it is open} */
    final @Nullable Ended ended() {
        return ended;
    }

    final boolean isBroken() {
        return broken;
    }

    /** Under the monitor; the first end stays. */
    final void markEnded(Ended end) {
        if (ended == null) {
            ended = end;
        }
    }

    /** Under the monitor. */
    final void markBroken() {
        broken = true;
        orphaned = false;
    }

    /** {@return everybody who waits}; under the monitor */
    final List<Waker> waiting() {
        List<Waker> wakers = new ArrayList<>();
        for (Send s = first; s != null; s = s.next) {
            if (s.waker != null) {
                wakers.add(s.waker);
            }
        }
        Waker readers = readerWaker();
        if (readers != null) {
            wakers.add(readers);
        }
        return wakers;
    }

    // ---- the reader -------------------------------------------------------------------------------------------------

    private @Nullable Waker readerWaker() {
        return reader == null ? null : reader.waker;
    }

    /** Makes {@code who} the one that reads, or is woken when something is due that no sender is there to pay. */
    final synchronized boolean takeReader(Reading<?> who, Waker waker) {
        if (reader != null && reader != who) {
            return false;
        }
        reader = who;
        who.waker = waker;
        return true;
    }

    /** {@return whether anybody reads, so that what the peer says is heard} */
    final synchronized boolean isBeingRead() {
        return reader != null;
    }

    /** {@return whether it is a close that reads, or nobody} */
    final synchronized boolean isBeingClosed() {
        return reader == null || reader instanceof Closing.Rest;
    }

    /** {@return whether nobody reads; while somebody does, {@code waker} is woken at the end of that} */
    final synchronized boolean awaitReader(Waker waker) {
        if (reader == null) {
            return true;
        }
        if (closers == null) {
            closers = new ArrayList<>(1);
        }
        if (!closers.contains(waker)) {
            closers.add(waker);
        }
        return false;
    }

    final void releaseReader(Reading<?> who) {
        List<Waker> waiting;
        synchronized (this) {
            if (reader != who) {
                return;
            }
            reader = null;
            who.waker = null;
            waiting = closers;
            closers = null;
        }
        if (waiting != null) {
            waiting.forEach(Waker::wake);
        }
    }

    static void wake(@Nullable Waker waker) {
        if (waker != null) {
            waker.wake();
        }
    }
}
