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
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link BlockingIo#outputStream}: a task writes what a channel hands it. Calls come one after the other. */
final class WriterStream extends OutputStream {
    /** Some bytes; or none, but somebody who waits until all before is flushed. */
    private record Piece(ByteBuffer bytes, @Nullable Channel<Boolean> flushed, boolean isLast) {}

    private final AsyncWriter writer;
    private final Spawner spawner;
    private final Channel<Piece> pieces = Channel.bounded(1, WriterStream::abandoned);
    private @Nullable JoinHandle<Void> task;
    private boolean closed;
    private volatile @Nullable Throwable failure;

    WriterStream(AsyncWriter writer, Spawner spawner) {
        this.writer = writer;
        this.spawner = spawner;
    }

    private static void abandoned(Piece piece) {
        if (piece.flushed != null) {
            piece.flushed.close();
        }
    }

    private Future<Void> pump(Receiver<Piece> received) {
        return async(() -> {
            try (received) {
                while (await(received.next()) instanceof Item(var piece)) {
                    try {
                        await(done(piece));
                        if (piece.flushed != null) {
                            piece.flushed.trySend(true);
                        }
                    } catch (Throwable t) {
                        failure = t; // before anybody hears that there is one
                        return;
                    } finally {
                        abandoned(piece);
                    }
                }
            }
        });
    }

    private Future<?> done(Piece piece) {
        return piece.flushed == null
                ? writer.write(piece.bytes)
                : piece.isLast ? writer.shutdownOutput() : writer.flush();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        if (length > 0) {
            send(new Piece(ByteBuffer.wrap(Arrays.copyOfRange(from, offset, offset + length)), null, false));
        }
    }

    @Override
    public void flush() throws IOException {
        flush(false);
    }

    private void flush(boolean isLast) throws IOException {
        Channel<Boolean> flushed = Channel.unbounded();
        try (Receiver<Boolean> told = flushed.receiver()) {
            send(new Piece(ByteBuffer.allocate(0), flushed, isLast));
            if (!(told.nextBlocking() instanceof Item<Boolean>)) {
                throw broken();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void send(Piece piece) throws IOException {
        if (closed) {
            throw new IOException("write to a stream that was closed");
        }
        if (task == null) {
            task = spawner.spawn(pump(pieces.receiver()));
        }
        try {
            pieces.sendBlocking(piece);
        } catch (ChannelClosedException e) {
            throw broken();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private IOException broken() {
        Throwable why = failure;
        return why == null
                ? new IOException("the write to " + writer + " was given up: its executor has ended")
                : new IOException(String.valueOf(why.getMessage()), why);
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting to write");
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            flush(true);
        } finally {
            closed = true;
            pieces.close();
            if (task != null) {
                task.close();
            }
        }
    }
}
