package dev.latent.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How frames become bytes, and bytes frames. Some are ready in {@link Codecs}; who reads and writes by one are {@link FramedReader} and
 * {@link FramedWriter}.
 *
 * <p>It knows of no connection, and waits for nothing. One without state serves any number of them.
 *
 * @param <I> what is decoded
 * @param <O> what is encoded; mostly the same
 */
public interface Codec<I, O> {
    /**
     * Takes the next frame from {@code in}, whose position it moves behind it.
     *
     * <p>It is asked again with the same bytes and more of them where it said null, so it keeps nothing of {@code in}. What it throws ends the stream of frames.
     *
     * @param in all bytes that have come and not been taken, big-endian
     * @param ended whether no more will come
     * @return null when there is no whole frame yet; what it has taken by then, padding for instance, is taken
     */
    @Nullable
    I decode(ByteBuffer in, boolean ended) throws IOException;

    /** Puts the bytes of {@code frame} into {@code out}. Where it throws, nothing of the frame is sent. */
    void encode(O frame, ByteSink out) throws IOException;
}
