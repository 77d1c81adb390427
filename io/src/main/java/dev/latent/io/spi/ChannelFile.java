package dev.latent.io.spi;

import dev.latent.Future;
import dev.latent.io.OpenFile;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** An open file whose bytes the system moves to a channel by itself, past this program's memory: what {@link dev.latent.io.AsyncWriter#writeFile} of a socket looks for. */
public interface ChannelFile extends OpenFile {
    /** Where the bytes go: a channel, and what stands around it while it is being used. */
    @FunctionalInterface
    interface Target {
        /**
         * {@return how many bytes were taken, by {@link FileChannel#transferTo}, to a channel that must not block}
         *
         * <p>It is called by the thread that may wait for the disk meanwhile.
         */
        long take(FileChannel file, long from, long atMost) throws IOException;
    }

    /**
     * {@return a future of the number of bytes that {@code to} has taken from {@link #position()} on, or -1 at the end of the file}
     *
     * <p>Fewer than {@code atMost} are all that {@code to} takes now, or all up to the end. The position moves on by them. It counts as a read: one at a time.
     *
     * <p><em>Cancel safety:</em> its drop is over when no thread is moving bytes any more, and then the position tells how many there were.
     *
     * <p><em>Throws</em> {@link java.nio.file.FileSystemException} when it is the file that fails, and else what {@code to} says.
     */
    Future<Long> moveTo(Target to, long atMost);
}
