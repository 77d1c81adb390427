package dev.latent.web;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket on a stream whose handshake is done.
 *
 * <p>While it waits it consists of this object and its {@link Outgoing}: bytes are read into the executor's scratch buffer and
 * decoded from there. A {@link FrameDecoder} is kept only in the middle of a message, {@link #kept} only between a message and
 * the bytes of the next that came with it. Both, and the stream's input, belong to the future that is the reader now.
 */
final class FramedSocket implements WebSocket {
    private static final byte[] NOTHING = {};

    final Outgoing out;
    final WebSocketLimits limits;
    private @Nullable FrameDecoder partial;
    private @Nullable ByteBuffer kept;

    /** How the receiving ended. */
    private volatile Outgoing.@Nullable Ended end;

    /**
     * A socket.
     *
     * @param masks a client's source of masks; null for a server
     * @param early what came behind the handshake
     */
    FramedSocket(
            TcpStream stream, WebSocketLimits limits, @Nullable SplittableRandom masks, @Nullable ByteBuffer early) {
        this.limits = limits;
        this.out = new Outgoing(stream, masks);
        this.kept = early;
    }

    @Override
    public Future<Message> receive() {
        return new Receive(this);
    }

    @Override
    public Future<Void> send(String text) {
        return new Send(out, Frames.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Future<Void> send(byte[] bytes) {
        return new Send(out, Frames.BINARY, bytes);
    }

    @Override
    public Future<Void> send(PreparedMessage message) {
        return new Send(out, message);
    }

    @Override
    public Future<Void> ping() {
        return new Send(out, Frames.PING, NOTHING);
    }

    @Override
    public Future<Void> close(int code, String reason) {
        return new Close(this, Frames.closePayload(code, reason));
    }

    @Override
    public void close() {
        cut(WebSocketClosed.GOING_AWAY);
    }

    /** As {@link #close()}, with the code to say. */
    void cut(int code) {
        if (!out.closed) {
            out.lastWords(Frames.closePayload(code, ""));
            broken("closed by this side", null);
            closed();
            stream().close();
        }
    }

    /** The stream is about to be closed in good order. */
    void closed() {
        out.closed = true;
    }

    boolean isClosed() {
        return out.closed;
    }

    TcpStream stream() {
        return out.stream();
    }

    /** {@return how the receiving ended, null while it goes on} */
    Outgoing.@Nullable Ended end() {
        return end;
    }

    /** {@return whether the peer is to be told that it did wrong before the connection ends} */
    boolean isViolated() {
        Outgoing.Ended how = end;
        return how != null && how.cause() instanceof ProtocolViolation;
    }

    // ---- for the reader ---------------------------------------------------------------------------------------------

    /** {@return the next of what was read before, null when that is used up} */
    @Nullable
    Incoming decodeKept() throws IOException {
        ByteBuffer bytes = kept;
        if (bytes == null) {
            return null;
        }
        Incoming next = decode(bytes);
        if (!bytes.hasRemaining()) {
            kept = null;
        }
        return next;
    }

    /**
     * Reads what is there now.
     *
     * @return the first of it, null when it ends before
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
        Incoming next = decode(scratch);
        if (scratch.hasRemaining()) {
            byte[] copy = new byte[scratch.remaining()];
            scratch.get(copy);
            kept = ByteBuffer.wrap(copy);
        }
        return next;
    }

    private @Nullable Incoming decode(ByteBuffer bytes) throws IOException {
        FrameDecoder decoder = partial == null ? new FrameDecoder(limits, !out.isMasked()) : partial;
        try {
            Incoming next = decoder.next(bytes);
            partial = decoder.isIdle() ? null : decoder;
            return next;
        } catch (ProtocolViolation e) {
            String reason = e.what;
            endReading(new Outgoing.Ended(e.code, reason, e), Frames.closePayload(e.code, reason));
            throw e;
        }
    }

    /** The peer's close frame has come: it is answered with the same code. */
    void closedByPeer(Incoming.Close close) {
        endReading(new Outgoing.Ended(close.code(), close.reason(), null), Frames.closePayload(close.code(), ""));
    }

    private void endReading(Outgoing.Ended how, byte[] answer) {
        end = how;
        partial = null;
        kept = null;
        out.oweClose(answer, how);
    }

    /** {@return what to say when there is no connection any more; from now on there is none} */
    WebSocketClosed broken(String reason, @Nullable IOException cause) {
        Outgoing.Ended how = new Outgoing.Ended(WebSocketClosed.ABNORMAL, reason, cause);
        if (end == null) {
            end = how;
        }
        out.end(how, true);
        return how.asException();
    }

    @Override
    public String toString() {
        return "WebSocket on " + stream();
    }
}
