package dev.latent.io;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A file, open to be read. One read at a time may wait; a second one is an {@link IllegalStateException} naming the first. It belongs to
 * the executor that opened it.
 *
 * <p>{@link #close} and {@link #closeAsync} give up what waits. A thread that is in the middle of a read goes on to the end of it and then closes.
 * Closed by {@link #close}, an idle file is closed by the caller's thread, which on a network's disk may take a moment.
 */
public interface OpenFile extends AsyncReader, AsyncCloseable {
    /** {@return what it was when it was opened} */
    FileInfo info();

    /**
     * {@return a future of the number of bytes read into {@code to}, at least one, or -1 at the end of the file}
     *
     * <p>Each read takes its turn on a thread, so a large buffer is worth its memory; at most 64 kB come at a time.
     *
     * <p><em>Cancel safety:</em> dropped, no byte is lost and {@code to} is let alone: what was being read is kept, up to 64 kB, for the next read.
     */
    @Override
    Future<Integer> read(ByteBuffer to);

    /** {@return where the next read begins, in bytes from the start} */
    long position();

    /** Moves on, or back, to where the next read is to begin; beyond the end it finds the end. Nothing is read by that. */
    void position(long bytes);

    /**
     * {@return what {@link Files} know of this file, so that it can be opened again sooner; null: nothing, by default} It is the caller's to close.
     */
    default @Nullable Remembered remember() {
        return null;
    }
}
