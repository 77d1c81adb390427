package dev.latent.fuzz;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.io.TcpStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;

/** A connection whose peer says the given pieces, each a moment after the one before, takes in all that it is told, and then is silent, or has gone. */
public final class Line implements TcpStream {
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4711);

    private final Iterator<byte[]> pieces;
    private final boolean ends;
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private ByteBuffer now = ByteBuffer.allocate(0);
    private boolean waited;
    private boolean closed;

    /** A connection; {@code ends} tells whether its peer goes when it has said all. */
    public Line(List<byte[]> pieces, boolean ends) {
        this.pieces = pieces.iterator();
        this.ends = ends;
    }

    /** {@return all that the peer was told} */
    public byte[] told() {
        return told.toByteArray();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public Future<Void> readable() {
        return new OwnedFuture<>() {
            @Override
            protected Poll<Void> pollOwned(Context cx) {
                if (!cx.spend()) {
                    return Poll.pending();
                }
                if (now.hasRemaining() || waited || ends && !pieces.hasNext()) {
                    return Poll.done();
                }
                if (pieces.hasNext()) {
                    waited = true;
                    cx.waker().wake();
                }
                return Poll.pending();
            }

            @Override
            protected void dropOwned() {}
        };
    }

    @Override
    public int tryRead(ByteBuffer to) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        if (!to.hasRemaining()) {
            throw new IllegalArgumentException("no room");
        }
        if (!now.hasRemaining()) {
            if (!pieces.hasNext()) {
                return ends ? -1 : 0;
            }
            if (!waited) {
                return 0;
            }
            waited = false;
            now = ByteBuffer.wrap(pieces.next());
        }
        int n = Math.min(to.remaining(), now.remaining());
        to.put(now.slice(now.position(), n));
        now.position(now.position() + n);
        return n;
    }

    @Override
    public int tryWrite(ByteBuffer from) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        int n = from.remaining();
        byte[] bytes = new byte[n];
        from.get(bytes);
        told.writeBytes(bytes);
        return n;
    }

    @Override
    public Future<Void> writable() {
        return Futures.done();
    }

    @Override
    public Future<Integer> read(ByteBuffer to) {
        return async(() -> {
            await(readable());
            return tryRead(to);
        });
    }

    @Override
    public Future<Void> write(ByteBuffer from) {
        return async(() -> {
            tryWrite(from);
        });
    }

    @Override
    public Future<Void> shutdownOutput() {
        return Futures.done();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return PEER;
    }

    @Override
    public InetSocketAddress localAddress() {
        return PEER;
    }

    @Override
    public Future<Void> closeAsync() {
        return async(() -> close());
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public String toString() {
        return "a line";
    }
}
