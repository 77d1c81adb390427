package dev.latent.io;

import dev.latent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An {@link AsyncReader} that may be asked without waiting, so that who waits for it needs no buffer. */
public interface ReadyReader extends AsyncReader {
    /**
     * {@return a future that is ready when {@link #tryRead} is worth calling}
     *
     * <p><em>Cancel safety:</em> nothing is lost.
     */
    Future<Void> readable();

    /**
     * Reads without waiting.
     *
     * @return the number of bytes read, 0 when there are none now, -1 at the end
     * @throws IOException when the other end broke off, or this was closed
     */
    int tryRead(ByteBuffer to) throws IOException;
}
