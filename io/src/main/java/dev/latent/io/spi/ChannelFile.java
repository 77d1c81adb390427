package dev.latent.io.spi;

import dev.latent.Future;
import dev.latent.io.OpenFile;
import java.nio.channels.WritableByteChannel;

/** An open file whose bytes the system moves to a channel by itself, past this program's memory: what {@link dev.latent.io.AsyncWriter#writeFile} of a socket looks for. */
public interface ChannelFile extends OpenFile {
    /**
     * {@return a future of the number of bytes that {@code to}, which must not block, has taken from {@link #position()} on, or -1 at the end of the file}
     *
     * <p>Fewer than {@code atMost} are all that {@code to} takes now, or all up to the end. The position moves on by them. It counts as a read: one at a time.
     *
     * <p><em>Cancel safety:</em> its drop is over when no thread is moving bytes any more, and then the position tells how many there were.
     *
     * <p><em>Throws</em> {@link java.nio.file.FileSystemException} when it is the file that fails, and else what {@code to} says.
     */
    Future<Long> moveTo(WritableByteChannel to, long atMost);
}
