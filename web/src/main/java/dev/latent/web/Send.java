package dev.latent.web;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One frame on its way out, and its place in the queue of {@link Outgoing}; without a frame of its own it pays what is due. */
final class Send extends OwnedFuture<Void> {
    private static final int NO_FRAME = -1;
    private static final byte[] NOTHING = {};

    private final Outgoing out;
    private final int opcode;
    private final byte[] payload;
    private final @Nullable PreparedMessage prepared;

    /** Ready when the network takes bytes again. */
    private @Nullable Future<Void> writable;

    /** Something of it has gone out or is about to. */
    boolean begun;

    /** Broadcasts had their chance to go first; they don't get another. */
    private boolean heard;

    /** The next four under the monitor of {@link Outgoing}. */
    boolean queued;

    @Nullable
    Send previous;

    @Nullable
    Send next;

    /** Of its latest poll. */
    @Nullable
    Waker waker;

    Send(Outgoing out, int opcode, byte[] payload) {
        this.out = out;
        this.opcode = opcode;
        this.payload = payload;
        this.prepared = null;
    }

    Send(Outgoing out, PreparedMessage prepared) {
        this.out = out;
        this.opcode = prepared.opcode;
        this.payload = NOTHING;
        this.prepared = prepared;
    }

    /** {@return a send of nothing but what is due} */
    static Send debts(Outgoing out) {
        return new Send(out, NO_FRAME, NOTHING);
    }

    /** Whether it may still write when sending has ended: the close frame itself is one of the debts. */
    boolean outlivesEnd() {
        return opcode == NO_FRAME;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) throws Exception {
        boolean waits = false;
        try {
            waits = !isDone(cx);
            return waits ? Poll.pending() : Poll.done();
        } catch (WebSocketClosed e) {
            throw e;
        } catch (TimeoutException e) {
            throw out.giveUp("nothing was taken in for " + out.limits.writeTimeout(), e);
        } catch (IOException e) {
            out.end(new Turns.Ended(WebSocketClosed.ABNORMAL, "the connection broke", e), true);
            throw new WebSocketClosed(WebSocketClosed.ABNORMAL, "the connection broke", e);
        } finally {
            if (!waits) { // also where there was no memory for the frame, say: the others go on
                letGo();
            }
        }
    }

    private boolean isDone(Context cx) throws Exception {
        if (!out.enter(this, cx.waker())) { // before it spends: who was polled first goes out first
            return false;
        }
        if (!begun && !cx.spend()) {
            return false;
        }
        while (true) {
            if (writable != null && !pollWritable(cx, writable)) {
                return false;
            }
            Outgoing.Progress progress = write(cx);
            if (progress == Outgoing.Progress.DONE) {
                return true;
            }
            if (progress == Outgoing.Progress.FULL) {
                Duration longest = out.limits.writeTimeout();
                Future<Void> room = out.stream().writable();
                if (longest != null) {
                    room = Async.timeout(longest, room);
                }
                Owners.claim(room, this);
                writable = room;
            } else if (!cx.spend()) {
                return false;
            }
        }
    }

    /** Leaves the stream, and its turn, to the others. */
    private void letGo() {
        try {
            if (writable != null) {
                Owners.drop(writable, this);
                writable = null;
            }
        } finally {
            out.leave(this);
        }
    }

    private Outgoing.Progress write(Context cx) throws IOException {
        Outgoing.Progress debts = out.writeDebts(cx.scratch());
        if (debts == Outgoing.Progress.DONE && !heard) {
            heard = opcode != NO_FRAME;
            debts = out.writeDue(cx.scratch());
        }
        if (debts != Outgoing.Progress.DONE || opcode == NO_FRAME) {
            return debts;
        }
        Turns.Ended ended = out.ended();
        if (ended != null && (!begun || out.isBroken())) { // then its rest was forgotten, and is not out
            throw ended.asException();
        }
        if (begun) {
            return debts;
        }
        begun = true;
        encode(cx.scratch());
        if (opcode == Frames.CLOSE) {
            out.end(new Turns.Ended(WebSocketClosed.NORMAL, "closed by this side", null), false);
        }
        return out.writeDebts(cx.scratch());
    }

    /** Starts the frame from {@code scratch}; what the network does not take now stays in this sender's own bytes. */
    private void encode(ByteBuffer scratch) throws IOException {
        byte[] bytes;
        if (prepared != null) {
            bytes = prepared.frameFor(out);
        } else {
            bytes = payload;
            int op = opcode;
            Deflate deflate = op < Frames.CLOSE ? out.deflate : null;
            byte[] packed = deflate == null ? null : deflate.pack(bytes);
            if (packed != null) {
                bytes = packed;
                op |= Frames.PACKED;
            }
            if (out.isMasked()) {
                bytes = out.frame(op, bytes);
            } else {
                Frames.header(scratch, op, bytes.length);
            }
        }
        int header = scratch.position();
        scratch.put(bytes, 0, Math.min(bytes.length, scratch.remaining())).flip();
        int sent = out.stream().tryWrite(scratch);
        if (sent < header) {
            out.writeLater(whole(scratch.position(sent).limit(header), bytes), 0);
        } else if (sent - header < bytes.length) {
            out.writeLater(bytes, sent - header);
        }
    }

    private byte[] whole(ByteBuffer header, byte[] bytes) {
        int first = header.remaining();
        try {
            byte[] whole = new byte[first + bytes.length];
            header.get(whole, 0, first);
            System.arraycopy(bytes, 0, whole, first, bytes.length);
            return whole;
        } catch (Throwable t) {
            out.cantGoOn(t);
            throw t;
        }
    }

    private boolean pollWritable(Context cx, Future<Void> waiting) throws Exception {
        if (!Owners.poll(waiting, this, cx).isReady()) {
            return false;
        }
        writable = null;
        return true;
    }

    @Override
    protected void dropOwned() {
        try {
            if (begun && !out.isMasked()) { // a masked frame is a client's, who counts nothing, and was made for this
                if (prepared == null) {
                    out.keepRest();
                } else {
                    out.keepCommon();
                }
            }
        } finally {
            letGo();
        }
    }

    @Override
    public String toString() {
        return opcode == Frames.CLOSE ? "WebSocket.close" : "WebSocket.send";
    }
}
