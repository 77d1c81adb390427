package dev.latent.web;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket on a stream whose handshake is done.
 *
 * <p>The sending half is the superclass, so that while it waits it is one object: bytes are read into the executor's scratch buffer and
 * decoded from there. A {@link FrameDecoder} is kept only in the middle of a message, {@link #kept} only between a message and
 * the bytes of the next that came with it. Both, and the stream's input, belong to the future that is the reader now.
 */
class FramedSocket extends Outgoing implements WebSocket {
    private static final byte[] NOTHING = {};

    private final @Nullable String subprotocol;
    private @Nullable FrameDecoder partial;
    private @Nullable ByteBuffer kept;

    /** How the receiving ended. */
    private volatile Outgoing.@Nullable Ended end;

    /** Frames that have come; only the reader counts, anyone looks. */
    private volatile int heard;

    /** Since the last message; null while there is nothing to count. The reader's. */
    private @Nullable Silence silence;

    /** Of those who watch the connection, made for the first of them. */
    private volatile @Nullable Watching watching;

    /**
     * A socket.
     *
     * @param early what came behind the handshake
     * @param subprotocol that was agreed on, null for none
     */
    FramedSocket(TcpStream stream, Side side, @Nullable ByteBuffer early, @Nullable String subprotocol) {
        super(stream, side);
        this.kept = early;
        this.subprotocol = subprotocol;
    }

    @Override
    public @Nullable String subprotocol() {
        return subprotocol;
    }

    @Override
    public Future<Message> receive() {
        return new Receive(this);
    }

    @Override
    public Future<Void> send(String text) {
        return new Send(this, Frames.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Future<Void> send(byte[] bytes) {
        return new Send(this, Frames.BINARY, bytes);
    }

    @Override
    public Future<Void> send(PreparedMessage message) {
        return new Send(this, message);
    }

    @Override
    public Future<Void> ping() {
        return pinging();
    }

    Send pinging() {
        return new Send(this, Frames.PING, NOTHING);
    }

    @Override
    public Future<Duration> roundTrip() {
        return watching().roundTrip();
    }

    @Override
    public Future<Void> keepAlive(Duration every, Duration deadline) {
        return Watching.keepAlive(this, every, deadline);
    }

    @Override
    public Future<WebSocketClosed> closed() {
        return watching().closed();
    }

    private Watching watching() {
        Watching now = watching;
        if (now == null) {
            synchronized (this) {
                now = watching;
                if (now == null) {
                    now = new Watching(this);
                    watching = now;
                }
            }
        }
        return now;
    }

    /** {@return a number that changes with each frame that comes} */
    int heard() {
        return heard;
    }

    void tellWatching() {
        Watching now = watching;
        if (now != null) {
            now.tell();
        }
    }

    void ponged(byte[] payload) {
        Watching now = watching;
        if (now != null) {
            now.ponged(payload);
        }
    }

    @Override
    public Future<Void> close(int code, String reason) {
        return Closing.of(this, Frames.closePayload(code, reason));
    }

    @Override
    public void close() {
        cut(WebSocketClosed.GOING_AWAY);
    }

    @Override
    WebSocketClosed giveUp(String reason, @Nullable Throwable cause) {
        try {
            return broken(reason, cause);
        } finally { // words need memory, the end does not
            markClosed();
            stream().close();
        }
    }

    /** Ends the connection by a close frame, as where the peer had broken the protocol; from any thread. The reader finds out. */
    void sendAway(int code, String reason) {
        try {
            oweClose(Frames.closePayload(code, reason), new Ended(code, reason, new ProtocolViolation(code, reason)));
            keepShared();
        } catch (Throwable t) {
            giveUp(reason, t);
        }
    }

    /** The reader ends where this was sent away. */
    void checkWelcome() throws ProtocolViolation {
        Ended how = ended();
        if (how != null && end == null && how.cause() instanceof ProtocolViolation why) {
            throw violated(why);
        }
    }

    /** What is left of a message that was half-way out is shared with nobody any more, perhaps. */
    void keepShared() {
        if (!holdShared()) {
            giveUp("no memory for the rest of a message", null);
        }
    }

    /** As {@link #close()}, with the code to say. */
    void cut(int code) {
        if (!isClosed()) {
            try {
                lastWords(Frames.closePayload(code, ""));
            } finally { // words need memory, the end does not
                markClosed();
                stream().close();
            }
            broken("closed by this side", null);
        }
    }

    WebSocketLimits limits() {
        return limits;
    }

    /** {@return how the receiving ended, null while it goes on} */
    Outgoing.@Nullable Ended end() {
        return end;
    }

    /** {@return whether the peer is to be told that it did wrong before the connection ends} */
    boolean isViolated() {
        Ended how = end;
        return how != null && how.cause() instanceof ProtocolViolation;
    }

    /** {@return whether both have said goodbye, and it is the other side, the server, that ends the connection} */
    boolean isPeerToEnd() {
        Ended how = end;
        return isMasked() && how != null && how.code() != WebSocketClosed.ABNORMAL;
    }

    // ---- silence, for the reader ------------------------------------------------------------------------------------

    /** {@return how long there was no message; null where the peer may be silent for ever} */
    @Nullable
    Silence silence() {
        Silence now = silence;
        if (now == null) {
            now = Silence.of(this);
            silence = now;
        }
        return now;
    }

    /** A message has come. */
    void endSilence() {
        silence = null;
    }

    // ---- for the reader ---------------------------------------------------------------------------------------------

    /** {@return whether there is anything left of what was read before} */
    boolean hasKept() {
        return kept != null;
    }

    /** {@return what the next frame of what was read before completes, null when that is nothing} */
    @Nullable
    Incoming decodeKept(Context cx) throws IOException {
        ByteBuffer bytes = Objects.requireNonNull(kept);
        Incoming next = decode(bytes, cx);
        if (!bytes.hasRemaining()) {
            forgetKept();
        }
        return next;
    }

    /**
     * Reads what is there now.
     *
     * @return what the first frame completes, null when that is nothing
     */
    @Nullable
    Incoming decodeNew(Context cx) throws IOException {
        ByteBuffer scratch = cx.scratch();
        int n;
        try {
            n = stream().tryRead(scratch);
        } catch (IOException e) {
            throw broken("the connection broke", e);
        }
        if (n < 0) {
            throw broken("the peer left without a close frame", null);
        }
        scratch.flip();
        Incoming next = decode(scratch, cx);
        if (scratch.hasRemaining()) {
            keep(scratch);
        }
        return next;
    }

    private void keep(ByteBuffer rest) throws IOException {
        int length = rest.remaining();
        if (!hold(length)) {
            throw violated(
                    new ProtocolViolation(WebSocketClosed.TRY_AGAIN_LATER, "no memory for so many messages now"));
        }
        try {
            byte[] copy = new byte[length];
            rest.get(copy);
            kept = asHeld(copy);
        } catch (Throwable t) {
            throw outOfStep(t);
        }
    }

    private void forgetKept() {
        letGo(kept);
        kept = null;
    }

    private @Nullable Incoming decode(ByteBuffer bytes, Context cx) throws IOException {
        FrameDecoder decoder = partial;
        int from = bytes.position();
        try {
            if (decoder == null) {
                decoder = new FrameDecoder(limits(), !isMasked(), this);
            }
            Incoming next = decoder.next(bytes);
            partial = decoder.isIdle() ? null : decoder;
            int before = heard;
            heard = before + 1;
            cx.spendBytes(Math.max(bytes.position() - from, length(next))); // what was compressed was little on its way
            return next;
        } catch (ProtocolViolation e) {
            partial = decoder;
            throw violated(e);
        } catch (Throwable t) {
            partial = decoder;
            throw outOfStep(t);
        }
    }

    private static int length(@Nullable Incoming next) {
        return switch (next) {
            case Message.Text(var text) -> text.length();
            case Message.Binary(var bytes) -> bytes.length;
            case null, default -> 0;
        };
    }

    /** Some of what came is lost, for want of memory mostly, so what follows can't be understood. */
    private IOException outOfStep(Throwable failure) {
        try {
            ProtocolViolation e = failure instanceof OutOfMemoryError
                    ? new ProtocolViolation(WebSocketClosed.TRY_AGAIN_LATER, "no memory for a message now")
                    : new ProtocolViolation(WebSocketClosed.INTERNAL_ERROR, "");
            e.initCause(failure);
            return violated(e);
        } catch (Throwable t) { // not even for that
            return giveUp("no memory for a message", failure);
        }
    }

    private ProtocolViolation violated(ProtocolViolation e) {
        endReading(new Ended(e.code, e.what, e), Frames.closePayload(e.code, e.what));
        return e;
    }

    /** The peer's close frame has come: it is answered with the same code. */
    void closedByPeer(Incoming.Close close) {
        endReading(new Ended(close.code(), close.reason(), null), Frames.closePayload(close.code(), ""));
    }

    private void endReading(Ended how, byte[] answer) {
        end = how;
        if (partial != null) {
            partial.drop();
            partial = null;
        }
        forgetKept();
        oweClose(answer, how);
        tellWatching();
    }

    /** {@return what to say when there is no connection any more; from now on there is none} */
    WebSocketClosed broken(String reason, @Nullable Throwable cause) {
        Ended how = new Ended(WebSocketClosed.ABNORMAL, reason, cause);
        if (end == null) {
            end = how;
        }
        end(how, true);
        tellWatching();
        return how.asException();
    }

    @Override
    public String toString() {
        return "WebSocket on " + stream();
    }
}
