package dev.latent.io;

import dev.latent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An {@link AsyncWriter} that may be asked without waiting. */
public interface ReadyWriter extends AsyncWriter {
    /**
     * {@return a future that is ready when {@link #tryWrite} is worth calling}
     *
     * <p><em>Cancel safety:</em> nothing is lost.
     */
    Future<Void> writable();

    /**
     * Writes without waiting.
     *
     * @return the number of bytes taken, 0 when none is taken now
     * @throws IOException when the other end broke off, or this was closed
     */
    int tryWrite(ByteBuffer from) throws IOException;
}
