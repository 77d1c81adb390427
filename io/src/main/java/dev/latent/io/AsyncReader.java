package dev.latent.io;

import dev.latent.Future;
import java.nio.ByteBuffer;

/**
 * Where bytes come from: a connection, a file, the output of a process. {@link java.io.InputStream} for what has to be waited for.
 *
 * <p>One read at a time may wait. Lines, exact numbers of bytes and the like are read by an {@link AsyncBufReader}.
 */
@FunctionalInterface
public interface AsyncReader {
    /**
     * {@return a future of the number of bytes read into {@code to}, at least one, or -1 at the end}
     *
     * <p>Bytes are put into {@code to} by the poll that is ready, and by no other.
     *
     * <p><em>Cancel safety:</em> dropped, no byte is lost.
     *
     * <p><em>Throws</em> {@link IllegalArgumentException} where {@code to} has no room.
     */
    Future<Integer> read(ByteBuffer to);
}
