package dev.latent.web;

import dev.latent.Waker;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a connection: what has to go out beside a sender's own frame. {@link FramedSocket} is the whole of it; whose turn it is, {@link Turns} knows, and which broadcasts it hears {@link Hearing}.
 *
 * <p><b>Debts.</b> Four things belong to the connection and not to a sender: the rest of a frame that its sender gave up half-way, the answer to the latest ping, the answer
 * to a close or a violation, and what broadcasts have for it. The first three have one slot each, so a peer that pings without reading costs one pong. Every writer pays
 * those first, and then what broadcasts have, once: they don't keep a sender from its turn, nor it them.
 *
 * <pre>
 *  field               written by                      read by
 *  rest                the writer; forgotten by        the writer (its turn is handed on under the monitor)
 *                      anyone, under this monitor
 *  isCommon            with the rest                   under this monitor
 *  shared              anyone, under this monitor      the same
 *  pong, closing       anyone, under this monitor      the same; whether there is one, anyone
 * </pre>
 */
abstract class Outgoing extends Hearing {
    private final TcpStream stream;
    final WebSocketLimits limits;
    private final @Nullable Masks masks;

    /** Null where messages are not compressed. */
    final @Nullable Deflate deflate;

    private @Nullable ByteBuffer rest;

    /** The rest is of a broadcast, or of a prepared message that was given up, which has its bytes in common with others. */
    private boolean isCommon;

    /** Length of the array that {@link #rest} shares with others and is held for; else 0. */
    private int shared;

    private volatile byte @Nullable [] pong;

    /** Payload of a close frame that goes out before anything that has not begun. */
    private volatile byte @Nullable [] closing;

    Outgoing(TcpStream stream, Side side) {
        super(side.budget());
        this.stream = stream;
        this.limits = side.limits();
        this.masks = side.masks();
        this.deflate = side.deflate();
    }

    final TcpStream stream() {
        return stream;
    }

    final boolean isMasked() {
        return masks != null;
    }

    /** {@return a whole frame, masked where this side has to} */
    final byte[] frame(int opcode, byte[] payload) {
        return masks == null ? Frames.encode(opcode, payload) : Frames.encodeMasked(opcode, payload, masks.next());
    }

    // ---- debts ------------------------------------------------------------------------------------------------------

    @Override
    final boolean owes() {
        return hasDebts() || isDue();
    }

    /** {@return whether something is to go out before all else}; a hint for who does not write */
    final boolean hasDebts() {
        return rest != null || pong != null || closing != null;
    }

    /** Owes a pong; a newer one takes the place of one that has not begun. */
    final synchronized void owePong(byte[] payload) {
        if (ended() == null) {
            pong = payload;
            orphaned |= isQuiet();
        }
    }

    /** Ends the sending by a close frame: it goes out next, and whatever has not begun fails with {@code end}. */
    final void oweClose(byte[] payload, Ended end) {
        List<Waker> waiting;
        synchronized (this) {
            if (ended() != null) {
                return;
            }
            markEnded(end);
            closing = payload;
            pong = null;
            orphaned |= isQuiet();
            waiting = waiting();
        }
        waiting.forEach(Waker::wake);
        hearsNoMore();
    }

    /** {@return whether not even the beginning of that close frame is out} */
    final boolean owesClose() {
        return closing != null;
    }

    /** Nothing new goes out any more: a close frame has, or the connection is broken, and then what has begun fails too. */
    final void end(Ended end, boolean isBroken) {
        List<Waker> waiting;
        synchronized (this) {
            markEnded(end);
            pong = null;
            if (isBroken) {
                closing = null;
                forgetRest();
                markBroken();
            }
            waiting = waiting();
        }
        waiting.forEach(Waker::wake);
        hearsNoMore();
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
    final Progress writeDebts(ByteBuffer scratch) throws IOException {
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
            writeLater(frame(opcode, due), 0);
        }
    }

    /** Writes something of what a broadcast has for this. */
    final Progress writeDue(ByteBuffer scratch) throws IOException {
        Broadcast.Member due = hears() && ended() == null ? nextDue() : null;
        if (due == null) {
            return Progress.DONE;
        }
        Progress progress = new Batch(due.broadcast).write(due, scratch);
        return progress == Progress.DONE && hasDue() ? Progress.MORE : progress;
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
        letGo(shared);
        shared = 0;
        rest = null;
    }

    /** Makes {@code bytes} from {@code from} on what is to be written next; they stay as they are while the writer has its turn. */
    final void writeLater(byte[] bytes, int from) {
        writeLater(bytes, from, false);
    }

    /** As {@link #writeLater}, of bytes that a broadcast has in common with others. */
    final void writeSharedLater(byte[] bytes, int from) {
        writeLater(bytes, from, true);
    }

    private void writeLater(byte[] bytes, int from, boolean common) {
        try {
            ByteBuffer left = ByteBuffer.wrap(bytes, from, bytes.length - from);
            synchronized (this) {
                rest = left;
                isCommon = common;
            }
        } catch (Throwable t) {
            cantGoOn(t);
            throw t;
        }
    }

    /** The frame that has begun can't be finished, so nothing can follow it. */
    final void cantGoOn(@Nullable Throwable cause) {
        giveUp("no memory for the rest of a message", cause);
    }

    /** Ends the connection, of which the peer is told nothing. {@return what to say to everybody who waits here} */
    abstract WebSocketClosed giveUp(String reason, @Nullable Throwable cause);

    /** The writer gives up, half-way through its frame perhaps: what is left of that is copied, since the bytes are its own. */
    final void keepRest() {
        ByteBuffer bytes = rest;
        if (bytes == null || isHeld(bytes)) {
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
            if (rest == null) {
                cantGoOn(null);
            }
        }
    }

    /** The writer gives up, half-way through a prepared message perhaps: what is left of that is kept by this connection, perhaps alone. */
    final void keepCommon() {
        boolean holds;
        synchronized (this) {
            isCommon |= rest != null;
            holds = holdShared();
        }
        if (!holds) {
            cantGoOn(null);
        }
    }

    /** The bytes of a broadcast that are left may be kept by this connection alone from now on. {@return whether there is memory for them} */
    final synchronized boolean holdShared() {
        if (rest == null || !isCommon || shared > 0) {
            return true;
        }
        int length = rest.capacity();
        if (!hold(length)) {
            return false;
        }
        shared = length;
        return true;
    }

    /** For a cut: a close frame as far as it goes now, unless somebody is in the middle of a frame. */
    final void lastWords(byte[] payload) {
        synchronized (this) {
            if (!isQuiet() || rest != null || ended() != null) {
                return;
            }
            markEnded(new Ended(WebSocketClosed.ABNORMAL, "closed by this side", null));
        }
        try {
            stream.tryWrite(ByteBuffer.wrap(frame(Frames.CLOSE, payload)));
        } catch (IOException e) {
            // the peer is gone already, which is what we are about to be
        }
    }
}
