package dev.latent.runtime.driver.nio;

import dev.latent.Foreign;
import dev.latent.Owners;
import dev.latent.Waker;
import dev.latent.io.spi.NetErrors;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * A socket between the tasks that poll it and the thread that parks: who waits for which direction, what is known to be
 * ready, and which interest the kernel has.
 *
 * <p><b>Two directions</b>, input (read, accept) and output (write, connect), each with one {@link NioOp} that may wait in it.
 *
 * <p><b>Readiness is a hint.</b> It is true at first and after an event, false after a system call that found less than it asked
 * for. While false, no system call is tried: a message costs one read, not two. Selectors are level-triggered, and this is what
 * makes the hint safe: as long as the interest is armed, bytes nobody has read are reported again in every park, so an update
 * of the hint that is lost between two threads costs a look and never a wake.
 *
 * <p><b>Interest is armed lazily and disarmed lazily.</b> It is armed by the first op that has to wait and then stays: a
 * connection that reads message after message costs no {@code epoll_ctl}. An event takes the waker out of the op, so one that
 * comes while its task was told and still stands in a queue, or after an op was dropped, finds nobody: it is useless. The interest
 * stays all the same, since the event is reported again for whoever comes to wait meanwhile. It is taken back where it would
 * cost more than arming it again: after a wait that was ended by nothing but useless events, which would make the next one spin, and
 * after {@value NioDriver#USELESS} useless reports in a row. There two threads may meet, and both follow the order of
 * Dekker:
 *
 * <pre>{@code
 *   task:   waker and slot written   then  interest read; not armed: armed
 *   parker: nobody there: disarmed   then  slot and waker read again; somebody there: woken
 * }</pre>
 *
 * The accesses are volatile, so at least one of them sees the other.
 *
 * <p><b>Close</b> follows the same order: {@code closed} is written before the wakers are taken, and read after one is left. Where a thread is using the channel by a call that may wait, for a
 * disk that is, the channel is left to it: its close would wait for the end of that call.
 *
 * <table>
 * <caption>Shared fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code input}, {@code output}</td><td>the op that waits, at its poll and its end</td><td>the parking thread; {@code close}</td><td>volatile</td></tr>
 * <tr><td>{@code inputReady}, {@code outputReady}</td><td>both</td><td>the op</td><td>volatile; a hint</td></tr>
 * <tr><td>{@code key}</td><td>the first op that waits</td><td>ops, {@code close}</td><td>volatile, written once under {@code this}</td></tr>
 * <tr><td>{@code uselessInput}, {@code uselessOutput}</td><td colspan="2">the parking thread</td><td>one thread parks at a time</td></tr>
 * <tr><td>{@code closed}</td><td>{@code close}, once, under {@code this}</td><td>ops</td><td>volatile</td></tr>
 * <tr><td>{@code users}</td><td colspan="2">who moves a file's bytes; {@code close}</td><td>{@code this}</td></tr>
 * </table>
 */
abstract class NioSource {
    private static final int INPUT = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    private static final int OUTPUT = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

    final NioDriver driver;

    private volatile @Nullable NioOp<?> input;
    private volatile @Nullable NioOp<?> output;
    private volatile @Nullable SelectionKey key;
    volatile boolean inputReady = true;
    volatile boolean outputReady = true;
    private volatile boolean closed;

    /** Threads that use the channel by calls that may wait. */
    private int users;

    /** Reports in a row that found nobody to wake. */
    private byte uselessInput;

    private byte uselessOutput;

    NioSource(NioDriver driver) {
        this.driver = driver;
    }

    abstract SelectableChannel channel();

    final boolean isClosed() {
        return closed;
    }

    final boolean isReady(int interest) {
        return (interest & INPUT) != 0 ? inputReady : outputReady;
    }

    final boolean isWaiting(NioOp<?> op) {
        return waiting(op.interest) == op;
    }

    private @Nullable NioOp<?> waiting(int interest) {
        return (interest & INPUT) != 0 ? input : output;
    }

    private void setWaiting(int interest, @Nullable NioOp<?> op) {
        if ((interest & INPUT) != 0) {
            input = op;
        } else {
            output = op;
        }
    }

    /**
     * Refuses {@code op} while another waits in the same direction.
     *
     * @param op null for a call that is no future
     * @param call then its name
     */
    final void checkAlone(int interest, @Nullable NioOp<?> op, String call) {
        NioOp<?> other = waiting(interest);
        if (other != null && other != op) {
            throw new IllegalStateException(
                    (op == null ? call + " of " + this : op) + " was asked for while another task's " + other
                            + " is waiting: one at a time in each direction. Let one task own it and hand data on by a channel");
        }
    }

    /** Takes the direction for {@code op} and leaves its waker, for {@link #close} at least. */
    final void hold(NioOp<?> op, Waker waker) throws IOException {
        op.leave(waker);
        setWaiting(op.interest, op);
        if (closed) {
            throw NetErrors.closedMeanwhile(op);
        }
    }

    /** Has {@code op} woken by the next event. */
    final void awaitEvent(NioOp<?> op, Waker waker) throws IOException {
        hold(op, waker);
        try {
            SelectionKey k = registered();
            if ((k.interestOps() & op.interest) == 0) {
                k.interestOpsOr(op.interest);
                driver.armed();
            }
        } catch (CancelledKeyException | ClosedChannelException e) {
            throw NetErrors.closedMeanwhile(op);
        }
    }

    /** Takes {@code interest} back now, where waiting for an event without a waiter would not do. */
    final void disarm(int interest) {
        SelectionKey k = key;
        try {
            if (k != null && (k.interestOps() & interest) != 0) {
                k.interestOpsAnd(~interest);
                driver.disarmed();
            }
        } catch (CancelledKeyException e) {
            // closed: there is none left
        }
    }

    /** At the end of {@code op}, however it came. */
    final void release(NioOp<?> op) {
        if (waiting(op.interest) == op) {
            setWaiting(op.interest, null);
        }
    }

    private SelectionKey registered() throws IOException {
        SelectionKey k = key;
        if (k == null) {
            synchronized (this) {
                k = key;
                if (closed) {
                    throw new ClosedChannelException();
                }
                if (k == null) {
                    k = driver.register(channel(), this);
                    key = k;
                }
            }
        }
        return k;
    }

    /** On the parking thread, inside the selector's locks: collects whom the event concerns. */
    final void ready(SelectionKey k) {
        int ready = k.readyOps();
        if ((ready & INPUT) != 0) {
            inputReady = true;
            tell(ready & INPUT);
        }
        if ((ready & OUTPUT) != 0) {
            outputReady = true;
            tell(ready & OUTPUT);
        }
    }

    private void tell(int interest) {
        boolean input = (interest & INPUT) != 0;
        driver.makeRoom();
        Waker waker = takeWaker(interest);
        if (waker != null) {
            driver.collect(waker);
        } else {
            driver.collectUseless(this);
        }
        int useless = waker != null ? 0 : Math.min(Byte.MAX_VALUE, 1 + (input ? uselessInput : uselessOutput));
        if (input) {
            uselessInput = (byte) useless;
        } else {
            uselessOutput = (byte) useless;
        }
    }

    /** On the parking thread, after a select: takes back interest that was reported uselessly {@code limit} times in a row. */
    final void disarmUseless(int limit) {
        if (uselessInput >= limit) {
            uselessInput = 0;
            disarmAndLook(INPUT);
        }
        if (uselessOutput >= limit) {
            uselessOutput = 0;
            disarmAndLook(OUTPUT);
        }
    }

    private void disarmAndLook(int interest) {
        driver.makeRoom();
        disarm(interest);
        Waker waker = takeWaker(interest);
        if (waker != null) {
            driver.collect(waker);
        }
    }

    private @Nullable Waker takeWaker(int interest) {
        NioOp<?> op = waiting(interest);
        return op == null ? null : op.takeWaker();
    }

    /** Closes the socket; whoever waits is woken and fails. From any thread; a second time does nothing. */
    public void close() {
        boolean used;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            used = users > 0;
        }
        if (!used) {
            closeChannel();
        }
        for (int interest : new int[] {INPUT, OUTPUT}) {
            Foreign.wake(takeWaker(interest));
        }
    }

    /** A thread is about to use the channel by a call that may wait: {@return whether it may}; then {@link #ended} follows. */
    final synchronized boolean begins() {
        if (!closed) {
            users++;
        }
        return !closed;
    }

    /** The end of that call. */
    final void ended() {
        boolean closes;
        synchronized (this) {
            users--;
            closes = closed && users == 0;
        }
        if (closes) {
            closeChannel();
        }
    }

    private void closeChannel() {
        boolean registered;
        synchronized (this) {
            registered = key != null;
        }
        try {
            channel().close();
        } catch (IOException e) {
            Owners.report(null, this, ", at its close", e);
        }
        driver.forget(this, registered);
    }
}
