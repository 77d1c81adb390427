package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.JoinHandle;
import dev.latent.Spawner;
import dev.latent.channel.Channel;
import dev.latent.channel.ChannelClosedException;
import dev.latent.channel.Receiver;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link BlockingIo#inputStream}: a task reads, and hands on what it has read by a channel. Calls come one after the other; a close may come at any time. */
final class ReaderStream extends InputStream {
    private static final int PIECE_BYTES = 8 * 1024;

    /** Some bytes; or none: the end, and how it came. */
    private record Piece(ByteBuffer bytes, @Nullable Throwable failure) {
        boolean isLast() {
            return bytes.limit() == 0;
        }
    }

    private final AsyncReader reader;
    private final Spawner spawner;
    private final Channel<Piece> pieces = Channel.bounded(1);
    private final Receiver<Piece> received = pieces.receiver();
    private @Nullable JoinHandle<Void> task;
    private boolean closed;

    /** What is being read; behind the last one no more is asked for. */
    private @Nullable Piece piece;

    ReaderStream(AsyncReader reader, Spawner spawner) {
        this.reader = reader;
        this.spawner = spawner;
    }

    private static Future<Void> pump(AsyncReader reader, Channel<Piece> pieces) {
        return async(() -> {
            try (pieces) {
                while (true) {
                    ByteBuffer bytes = ByteBuffer.allocate(PIECE_BYTES);
                    Throwable failure = null;
                    try {
                        await(reader.read(bytes));
                    } catch (Throwable t) {
                        failure = t;
                    }
                    bytes.flip();
                    await(pieces.send(new Piece(bytes, failure)));
                    if (bytes.limit() == 0) {
                        return;
                    }
                }
            } catch (ChannelClosedException e) {
                // nobody reads any more
            }
        });
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (length == 0) {
            return 0;
        }
        begin();
        Piece now = piece;
        if (now == null || !now.isLast() && !now.bytes.hasRemaining()) {
            now = next();
            piece = now;
        }
        if (now.isLast()) {
            if (now.failure != null) {
                throw new IOException(String.valueOf(now.failure.getMessage()), now.failure);
            }
            return -1;
        }
        int n = Math.min(length, now.bytes.remaining());
        now.bytes.get(to, offset, n);
        return n;
    }

    private synchronized void begin() throws IOException {
        if (closed) {
            throw new IOException("read of a stream that was closed");
        }
        if (task == null) {
            task = spawner.spawn(pump(reader, pieces));
        }
    }

    private Piece next() throws IOException {
        try {
            if (received.nextBlocking() instanceof Item<Piece>(var next)) {
                return next;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for bytes of " + reader);
        }
        throw new IOException(
                "the read of " + reader + " was given up: the stream was closed, or its executor has ended");
    }

    @Override
    public int available() {
        Piece now = piece;
        return now == null ? 0 : now.bytes.remaining();
    }

    @Override
    public void close() {
        JoinHandle<Void> ended;
        synchronized (this) {
            closed = true;
            ended = task;
        }
        received.close();
        if (ended != null) {
            ended.close();
        }
    }
}
