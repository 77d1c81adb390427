package dev.latent.io;

import dev.latent.Spawner;
import dev.latent.io.spi.BlockingReads;
import dev.latent.io.spi.BlockingWrites;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Bridges to the streams of {@code java.io}, which block, in both directions: for tasks over such streams, and for threads over ours. */
public final class BlockingIo {
    private BlockingIo() {}

    /**
     * {@return a reader of {@code in}, which is read on a thread of the {@link dev.latent.world.BlockingPool} while somebody waits for it}
     *
     * <p>It borrows {@code in}, which nobody else is to read; closing that does not end a read that a thread is in, as {@code java.io} has it.
     *
     * <p><em>Cancel safety:</em> a read that is dropped loses no byte: its thread goes on, and the next read has what it brings.
     */
    public static AsyncReader reader(InputStream in) {
        BlockingReads reads = new BlockingReads(in.toString(), new BlockingReads.Source() {
            @Override
            public void read(long position, ByteBuffer to) throws IOException {
                int n = in.read(to.array(), to.arrayOffset() + to.position(), to.remaining());
                to.position(to.position() + Math.max(0, n));
            }

            @Override
            public void close() {}
        });
        return reads::read;
    }

    /**
     * {@return a writer to {@code out}, which is written on a thread of the {@link dev.latent.world.BlockingPool}, up to 64 kB at a time}
     *
     * <p>It borrows {@code out}, to which nobody else is to write. {@link AsyncWriter#flush} flushes it; what {@code out} itself does at its end, its closer sees to.
     *
     * <p><em>Cancel safety:</em> a write that is dropped goes on with the piece that its thread has, which the position of its buffer counts; the next write waits
     * for that, and has its failure.
     */
    public static AsyncWriter writer(OutputStream out) {
        return new BlockingWrites(out.toString(), new BlockingWrites.Sink() {
            @Override
            public void write(byte[] piece) throws IOException {
                out.write(piece);
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }

            @Override
            public void close() {}
        });
    }

    /**
     * {@return {@code reader} for threads that block}
     *
     * <p>A task of {@code spawner}, which has to be the executor of {@code reader}, reads up to 16 kB ahead, from the first read on. Closing the stream drops it, and what it
     * has read ahead is lost.
     *
     * <p>A thread that is interrupted while it waits gets an {@link java.io.InterruptedIOException}, and stays interrupted; no byte is lost. A task is not to read it.
     */
    public static InputStream inputStream(AsyncReader reader, Spawner spawner) {
        return new ReaderStream(reader, spawner);
    }

    /**
     * {@return {@code writer} for threads that block}
     *
     * <p>A task of {@code spawner}, which has to be the executor of {@code writer}, writes what it is given. A write returns when that has been given to the task, and
     * waits while it has more than one piece before it; {@code flush} returns when {@code writer} has flushed it; {@code close} flushes, and shuts {@code writer}'s output down.
     * A failure is thrown by the next call.
     *
     * <p>A thread that is interrupted while it waits gets an {@link java.io.InterruptedIOException}, and stays interrupted. A task is not to write to it.
     */
    public static OutputStream outputStream(AsyncWriter writer, Spawner spawner) {
        return new WriterStream(writer, spawner);
    }
}
