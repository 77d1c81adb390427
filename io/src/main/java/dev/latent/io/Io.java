package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.LeavesHalf;
import dev.latent.NotCancelSafe;
import dev.latent.Tuple2;
import dev.latent.io.spi.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What is built from readers and writers. */
public final class Io {
    private static final int PIECE_BYTES = 16 * 1024;

    /** Of a file, each of which may cost a turn of a thread. */
    private static final int FILE_PIECE_BYTES = 64 * 1024;

    private Io() {}

    /** {@link AsyncWriter#writeAll} where there is nothing better: one buffer after the other. */
    static Future<Void> writeEach(AsyncWriter target, ByteBuffer[] from) {
        return async(() -> {
            for (ByteBuffer each : from) {
                if (each.hasRemaining()) {
                    await(target.write(each));
                }
            }
        });
    }

    /** {@link AsyncWriter#writeFile} where there is nothing better: by a buffer. */
    static Future<Void> writeFile(AsyncWriter target, OpenFile from, long bytes) {
        return async(() -> {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(bytes, FILE_PIECE_BYTES));
            long left = bytes;
            while (left > 0) {
                piece.clear().limit((int) Math.min(left, piece.capacity()));
                int n;
                try {
                    n = await(from.read(piece));
                } catch (IOException e) {
                    throw FileErrors.asFilesOwn(from, e);
                }
                if (n < 0) {
                    throw FileErrors.endedEarly(from, left);
                }
                piece.flip();
                long behind = from.position();
                try {
                    await(target.write(piece));
                } finally {
                    from.position(behind - piece.remaining());
                }
                left -= piece.position();
            }
        });
    }

    /**
     * {@return a future of the number of bytes copied from {@code from} to {@code to}, ready at the end of {@code from}}
     *
     * <p>It reads no faster than {@code to} takes, and passes the end on: {@code to}'s output is then shut down. So {@code copy(s, s)} echoes.
     * {@link java.io.InputStream#transferTo} leaves its target open instead; here a peer that reads to the end would
     * wait for ever. Neither is closed. Between two connections it holds no buffer while it waits for {@code from}.
     *
     * <p><em>Cancel safety:</em> dropped, up to 64 kB that were read and that {@code to} has not taken are lost, half of what was on its way.
     */
    @NotCancelSafe
    public static Future<Long> copy(AsyncReader from, @LeavesHalf AsyncWriter to) {
        if (from instanceof ReadyReader reader && to instanceof ReadyWriter writer) {
            return new Copy(reader, writer);
        }
        return async(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(PIECE_BYTES);
            long copied = 0;
            while (true) {
                int n = await(from.read(buffer.clear()));
                if (n < 0) {
                    await(to.shutdownOutput());
                    return copied;
                }
                copied += n;
                await(to.write(buffer.flip()));
            }
        });
    }

    /**
     * {@return a future that copies both ways between {@code a} and {@code b}, until both have ended: a proxy}
     *
     * <p>The end of one direction is passed on and leaves the other one open, as long as it takes. A failure of one drops the other. Neither is closed.
     *
     * <p><em>Cancel safety:</em> that of {@link #copy}, in each direction.
     */
    @NotCancelSafe
    public static Future<Copied> copyBidirectional(@LeavesHalf Duplex a, @LeavesHalf Duplex b) {
        return Futures.map(join(copy(a, b), copy(b, a)), both -> new Copied(both.first(), both.second()));
    }

    /**
     * Bytes that were copied.
     *
     * @param there from the first to the second
     * @param back from the second to the first
     */
    public record Copied(long there, long back) {}

    /**
     * {@return the two ends of a connection in memory: what is written to one is read from the other}
     *
     * <p>Each direction holds up to {@code capacity} bytes; who writes more waits. Its ends may be used by any two tasks, on any threads, as
     * those of a connection are: closed, an end is read to its end by the other, whose writes then fail.
     *
     * <p><em>Memory effects:</em> what happened before a write is visible to who reads its bytes.
     *
     * @throws IllegalArgumentException when {@code capacity} is not positive
     */
    public static Tuple2<Duplex, Duplex> duplex(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a connection that holds " + capacity + " bytes");
        }
        return MemoryDuplex.pair(capacity);
    }
}
