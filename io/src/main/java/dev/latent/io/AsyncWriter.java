package dev.latent.io;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.LeavesHalf;
import java.nio.ByteBuffer;

/**
 * Where bytes go. {@link java.io.OutputStream} for what has to be waited for; small pieces are gathered by an {@link AsyncBufWriter}.
 *
 * <p>One write at a time may wait.
 */
@FunctionalInterface
public interface AsyncWriter {
    /**
     * {@return a future that is ready when all of {@code from} has been taken; pending while the other end is too slow}
     *
     * <p><em>Cancel safety:</em> dropped, half of it may have been taken: {@code from}'s position tells how much, and another write of it goes on there.
     */
    @LeavesHalf
    Future<Void> write(ByteBuffer from);

    /**
     * {@return a future that is ready when all of {@code from} has been taken, in its order} A connection takes small ones together.
     *
     * <p><em>Cancel safety:</em> dropped, half of it may have been taken: the positions tell how much, and another write of them goes on there.
     */
    @LeavesHalf
    default Future<Void> writeAll(ByteBuffer... from) {
        return Io.writeEach(this, from.clone());
    }

    /**
     * {@return a future that is ready when the next {@code bytes} bytes of {@code from} have been taken} A connection has the system move them, if it can, and
     * they never pass through this program's memory; others take them by a buffer.
     *
     * <p><em>Cancel safety:</em> dropped, half of it may have been taken: when its drop is over, {@code from}'s position tells how much. A thread that waits for the disk just then goes on to the end of
     * that; a write before the drop is over waits for it, and a close is left to it.
     *
     * <p><em>Throws</em> {@link java.io.EOFException} when the file ends before, and {@link java.nio.file.FileSystemException} when it can't be read.
     */
    @LeavesHalf
    default Future<Void> writeFile(OpenFile from, long bytes) {
        return Io.writeFile(this, from, bytes);
    }

    /**
     * {@return a future that is ready when nothing that was written is held back any more} By default nothing is.
     *
     * <p><em>Cancel safety:</em> nothing is lost; what is left goes out with the next flush.
     */
    default Future<Void> flush() {
        return Futures.done();
    }

    /**
     * {@return a future that tells the other end that no more will come; it reads the end, and this side may go on reading} By default it only flushes.
     *
     * <p><em>Cancel safety:</em> as {@link #flush}; it may be asked for again.
     */
    default Future<Void> shutdownOutput() {
        return flush();
    }
}
