package dev.latent.io;

import dev.latent.Future;
import dev.latent.Futures;
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
     * <p><em>Cancel safety:</em> dropped, {@code from}'s position tells how much was taken.
     */
    Future<Void> write(ByteBuffer from);

    /**
     * {@return a future that is ready when all of {@code from} has been taken, in its order} A connection takes small ones together.
     *
     * <p><em>Cancel safety:</em> dropped, the positions tell how much was taken.
     */
    default Future<Void> writeAll(ByteBuffer... from) {
        return Io.writeEach(this, from.clone());
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
