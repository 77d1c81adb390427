package dev.latent.web;

import dev.latent.Waker;
import dev.latent.io.TcpStream;
import dev.latent.web.http.ByteBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a connection: who may write, and what has to go out before that. {@link FramedSocket} is the whole of it.
 *
 * <p><b>Turns.</b> Senders stand in a queue, doubly linked through themselves; the first one is the writer, and nobody else touches
 * the stream. Whoever leaves, done or dropped, wakes the new first. So sends go out in order, none overtakes, and a waiting
 * sender costs its own future and nothing more.
 *
 * <p><b>Debts.</b> Three things belong to the connection and not to a sender: the rest of a frame that its sender gave up half-way,
 * the answer to the latest ping, and the answer to a close or a violation. Each has one slot, so a peer that pings without
 * reading costs one pong. Every writer pays them first. When the queue gets empty with something still due, {@link #orphaned}
 * is set and the receiver, which is the one task sure to be there, is woken to pay.
 *
 * <pre>
 *  field               written by                      read by
 *  first, links        anyone, under this monitor      the same
 *  rest                the writer; forgotten by        the writer (its turn is handed on under the monitor)
 *                      anyone, under this monitor
 *  pong, closing,      anyone, under this monitor      the same; whether there is one, anyone
 *  ended, broken
 *  reader, its waker,  anyone, under this monitor      the same
 *  held
 *  orphaned            under this monitor              anyone: a hint
 * </pre>
 *
 * <p>No waker is woken under the monitor.
 */
abstract class Outgoing {
    private final TcpStream stream;

    final WebSocketLimits limits;
    private final @Nullable ByteBudget budget;
    private final @Nullable Masks masks;

    /** Null where messages are not compressed. */
    final @Nullable Deflate deflate;

    private @Nullable Send first;
    private @Nullable Send last;

    private @Nullable ByteBuffer rest;
    private volatile byte @Nullable [] pong;

    /** Payload of a close frame that goes out before anything that has not begun. */
    private volatile byte @Nullable [] closing;

    /** Why nothing can be sent any more; its exception is made anew for each who asks. */
    private volatile @Nullable Ended ended;

    /** Nothing goes out any more, not even what has begun: {@link #rest} may have been forgotten. */
    private volatile boolean broken;

    /** The future that reads now; see {@link Reading}. */
    private @Nullable Reading<?> reader;

    /** Of the closes that wait for the reader to end. */
    private @Nullable List<Waker> closers;

    volatile boolean orphaned;

    /** Of the whole socket: the stream is closed, or about to be. */
    private volatile boolean closed;

    /** Bytes of the side's budget that are taken for the whole socket. */
    private int held;

    /** How the connection ended, or is about to. */
    record Ended(int code, String reason, @Nullable Throwable cause) {
        WebSocketClosed asException() {
            return new WebSocketClosed(code, reason, cause);
        }
    }

    Outgoing(TcpStream stream, Side side) {
        this.stream = stream;
        this.limits = side.limits();
        this.budget = side.budget();
        this.masks = side.masks();
        this.deflate = side.deflate();
    }

    TcpStream stream() {
        return stream;
    }

    boolean isMasked() {
        return masks != null;
    }

    /** {@return a whole frame, masked where this side has to} */
    byte[] frame(int opcode, byte[] payload) {
        return masks == null ? Frames.encode(opcode, payload) : Frames.encodeMasked(opcode, payload, masks.next());
    }

    // ---- the whole socket -------------------------------------------------------------------------------------------

    boolean isClosed() {
        return closed;
    }

    /** Takes memory for an array of {@code length} from what all connections may hold together. {@return whether there is any left} */
    boolean hold(int length) {
        if (budget == null || length <= ByteBudget.FREE_BYTES) {
            return true;
        }
        synchronized (this) {
            if (!closed) {
                if (held + length < 0 || !budget.take(length)) {
                    return false;
                }
                held += length;
            }
            return true;
        }
    }

    /** Gives back what {@link #hold} took for an array of {@code length}. */
    void letGo(int length) {
        if (budget != null && length > ByteBudget.FREE_BYTES) {
            synchronized (this) {
                if (!closed) {
                    held -= length;
                    budget.give(length);
                }
            }
        }
    }

    /** {@return {@code bytes}, held before, as a buffer that {@link #letGo(ByteBuffer)} knows for such: a read-only one} */
    static ByteBuffer asHeld(byte[] bytes) {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    void letGo(@Nullable ByteBuffer bytes) {
        if (bytes != null && bytes.isReadOnly()) {
            letGo(bytes.capacity());
        }
    }

    /** The stream is about to be closed; whatever the socket holds counts no more. */
    synchronized void markClosed() {
        if (!closed) {
            closed = true;
            if (budget != null) {
                budget.give(held);
            }
        }
    }

    // ---- turns ------------------------------------------------------------------------------------------------------

    /**
     * At each poll of a send: joins the queue if it has not.
     *
     * @return whether it is this one's turn
     * @throws WebSocketClosed when it has to give up
     */
    synchronized boolean enter(Send send, Waker waker) throws WebSocketClosed {
        if (ended != null && (broken || !send.begun && !send.outlivesEnd())) {
            throw ended.asException();
        }
        if (!send.queued) {
            append(send);
        }
        send.waker = waker;
        return first == send;
    }

    /** The send is done, has failed or is dropped. */
    void leave(Send send) {
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
        if (after != null) {
            return after.waker;
        }
        orphaned = rest != null || pong != null || closing != null;
        return orphaned ? readerWaker() : null;
    }

    // ---- debts ------------------------------------------------------------------------------------------------------

    /** Owes a pong; a newer one takes the place of one that has not begun. */
    synchronized void owePong(byte[] payload) {
        if (ended == null) {
            pong = payload;
            orphaned |= first == null;
        }
    }

    /** Ends the sending by a close frame: it goes out next, and whatever has not begun fails with {@code end}. */
    void oweClose(byte[] payload, Ended end) {
        List<Waker> waiting;
        synchronized (this) {
            if (ended != null) {
                return;
            }
            ended = end;
            closing = payload;
            pong = null;
            orphaned |= first == null;
            waiting = waiting();
        }
        waiting.forEach(Waker::wake);
    }

    /** {@return whether not even the beginning of that close frame is out} */
    boolean owesClose() {
        return closing != null;
    }

    /** Nothing new goes out any more: a close frame has, or the connection is broken, and then what has begun fails too. */
    void end(Ended end, boolean isBroken) {
        List<Waker> waiting;
        synchronized (this) {
            if (ended == null) {
                ended = end;
            }
            pong = null;
            if (isBroken) {
                broken = true;
                closing = null;
                forgetRest();
                orphaned = false;
            }
            waiting = waiting();
        }
        waiting.forEach(Waker::wake);
    }

    private List<Waker> waiting() {
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

    private @Nullable Waker readerWaker() {
        return reader == null ? null : reader.waker;
    }

    /** {@return how it ended, null while it is open} */
    @Nullable
    Ended ended() {
        return ended;
    }

    boolean isBroken() {
        return broken;
    }

    // ---- the reader -------------------------------------------------------------------------------------------------

    /** Makes {@code who} the one that reads, or is woken when something is due that no sender is there to pay. */
    synchronized boolean takeReader(Reading<?> who, Waker waker) {
        if (reader != null && reader != who) {
            return false;
        }
        reader = who;
        who.waker = waker;
        return true;
    }

    /** {@return whether anybody reads, so that what the peer says is heard} */
    synchronized boolean isBeingRead() {
        return reader != null;
    }

    /** {@return whether it is a close that reads, or nobody} */
    synchronized boolean isBeingClosed() {
        return reader == null || reader instanceof Closing.Rest;
    }

    /** {@return whether nobody reads; while somebody does, {@code waker} is woken at the end of that} */
    synchronized boolean awaitReader(Waker waker) {
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

    void releaseReader(Reading<?> who) {
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

    private static void wake(@Nullable Waker waker) {
        if (waker != null) {
            waker.wake();
        }
    }

    // ---- bytes, by the writer only ----------------------------------------------------------------------------------

    /** How far a writer has come. */
    enum Progress {
        /** All is out that was to go. */
        DONE,
        /** There is more, and the network may take it. */
        MORE,
        /** There is more, and the network takes none now. */
        FULL
    }

    /** Writes what is due before the writer's own frame, a scratch buffer of it at most at a time. */
    Progress writeDebts(ByteBuffer scratch) throws IOException {
        while (true) {
            ByteBuffer left = rest; // whoever finds the connection broken forgets it, at any time
            if (left != null) {
                Progress progress = writeRest(left, scratch);
                if (progress != Progress.DONE) {
                    return progress;
                }
            }
            if (pong == null && closing == null) {
                return Progress.DONE;
            }
            byte[] due;
            int opcode = Frames.PONG;
            synchronized (this) {
                due = pong;
                pong = null;
                if (due == null) {
                    due = closing;
                    closing = null;
                    opcode = Frames.CLOSE;
                }
            }
            if (due == null) {
                return Progress.DONE;
            }
            rest = ByteBuffer.wrap(frame(opcode, due));
        }
    }

    private Progress writeRest(ByteBuffer bytes, ByteBuffer scratch) throws IOException {
        int part = Math.min(scratch.capacity(), bytes.remaining());
        scratch.clear().put(0, bytes, bytes.position(), part).limit(part);
        int n = stream.tryWrite(scratch);
        bytes.position(bytes.position() + n);
        if (bytes.hasRemaining()) {
            return n == 0 ? Progress.FULL : Progress.MORE;
        }
        forgetRest();
        return Progress.DONE;
    }

    private synchronized void forgetRest() {
        letGo(rest);
        rest = null;
    }

    /** Makes what is left in {@code bytes} what is to be written next; they are the writer's, and stay as they are while it has its turn. */
    void writeLater(ByteBuffer bytes) {
        rest = bytes;
    }

    /** The writer gives up, half-way through its frame perhaps: what is left of that is copied, since the bytes are its own. */
    void keepRest() {
        ByteBuffer bytes = rest;
        if (bytes == null || bytes.isReadOnly()) {
            return;
        }
        rest = null;
        try {
            if (hold(bytes.remaining())) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                rest = asHeld(copy);
            }
        } finally {
            if (rest == null) { // the frame can't be finished, so nothing can follow it
                end(new Ended(WebSocketClosed.ABNORMAL, "no memory for the rest of a message", null), true);
                stream.close();
            }
        }
    }

    /** For a cut: a close frame as far as it goes now, unless somebody is in the middle of a frame. */
    void lastWords(byte[] payload) {
        synchronized (this) {
            if (first != null || rest != null || ended != null) {
                return;
            }
            ended = new Ended(WebSocketClosed.ABNORMAL, "closed by this side", null);
        }
        try {
            stream.tryWrite(ByteBuffer.wrap(frame(Frames.CLOSE, payload)));
        } catch (IOException e) {
            // the peer is gone already, which is what we are about to be
        }
    }
}
