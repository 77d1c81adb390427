package dev.latent.io;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import java.nio.ByteBuffer;

/**
 * Another program that runs as long as this is open. It reads an empty input. It belongs to the executor that started it.
 *
 * <p>{@link #close} and {@link #closeAsync} end it by force, and with it the processes that it has started, and those that these have. Not
 * found is one whose parent has ended before, so that it is nobody's child any more, and one that is started in the very moment between the look
 * at them and the end of its parent. {@code closeAsync} is ready when the process has ended.
 *
 * <p>Against {@link Process}: its exit, its output and its errors are waited for without a thread of the executor, and it does not outlive the body that
 * started it. What it writes and nobody reads stops it once the system's buffer is full (some 64 kB), so read both, or have it write elsewhere.
 */
public interface ChildProcess extends AsyncCloseable {
    /** {@return the system's number for it} */
    long pid();

    /**
     * {@return a future of its exit code; any number of them may wait, at any time}
     *
     * <p>A process that a signal has ended has that signal's number and 128 more.
     *
     * <p><em>Cancel safety:</em> dropped, the process runs on.
     */
    Future<Integer> exit();

    /**
     * {@return a future of the number of bytes of its output read into {@code to}, at least one, or -1 at the end}
     *
     * <p>One at a time may wait. The end is there once the process has ended, or all that have its output have closed it. What those that
     * outlive it write is lost, and they are told by an error that nobody reads; only a read that waited as it ended may still have some of it.
     *
     * <p><em>Cancel safety:</em> dropped, no byte is lost: what was being read is kept, up to 64 kB, for the next read.
     */
    Future<Integer> readOutput(ByteBuffer to);

    /** As {@link #readOutput}, of what it writes as its errors. */
    Future<Integer> readErrors(ByteBuffer to);

    /** {@return its output, as {@link #readOutput} reads it} */
    default AsyncReader output() {
        return this::readOutput;
    }

    /** {@return its errors, as {@link #readErrors} reads them} */
    default AsyncReader errors() {
        return this::readErrors;
    }

    /** Asks it to end in its own way ({@code SIGTERM}); it may take its time, or not care. */
    void terminate();
}
