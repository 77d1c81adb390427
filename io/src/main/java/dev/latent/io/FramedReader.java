package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Poll;
import dev.latent.Source;
import dev.latent.stream.AsyncStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Frames that are read: a {@link Source} over an {@link AsyncReader} and a {@link Codec}.
 *
 * {@snippet :
 * var frames = FramedReader.of(connection, Codecs.lengthPrefixed(4), 1 << 20);
 * while (await(frames.next()) instanceof Item(var frame)) {
 *     await(handle(frame));
 * }
 * }
 *
 * <p>It borrows the reader; {@link #close} does nothing. What was read of it and is no frame yet is kept here, or in the {@link AsyncBufReader} that it was given.
 *
 * <p><em>Cancel safety:</em> dropped, no byte and no frame is lost.
 *
 * @param <T> the frames
 */
public final class FramedReader<T> implements Source<T> {
    private final AsyncReader source;
    private final ReadBuffer buffer;
    private final Codec<? extends T, ?> codec;
    private final int limit;

    private FramedReader(AsyncReader source, ReadBuffer buffer, Codec<? extends T, ?> codec, int limit) {
        this.source = source;
        this.buffer = buffer;
        this.codec = codec;
        this.limit = limit;
    }

    /**
     * {@return a reader of frames}
     *
     * @param limit bytes of {@code source} that a frame may take, with all that belongs to it
     * @throws IllegalArgumentException when {@code limit} is not positive
     */
    public static <T> FramedReader<T> of(AsyncReader source, Codec<? extends T, ?> codec, int limit) {
        checkLimit(limit);
        return new FramedReader<>(source, AsyncBufReader.of(source).buffer(), codec, limit);
    }

    static void checkLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("frames of at most " + limit + " bytes");
        }
    }

    /**
     * {@return a future of the next frame, or of the end}
     *
     * <p><em>Throws</em> {@link TooLongException} for a frame that takes more than the limit, known as soon as that many bytes have come; {@link EOFException}
     * where the source ends within a frame; and what the codec throws. None takes a byte, so each is thrown again.
     */
    @Override
    public Future<Next<T>> next() {
        return async(() -> {
            while (true) {
                T frame = decode(false);
                if (frame != null) {
                    return new Item<>(frame);
                }
                if (buffer.size() > limit) {
                    throw TooLongException.of("frame", limit);
                }
                if (!await(buffer.fill())) {
                    return last();
                }
            }
        });
    }

    private Next<T> last() throws IOException {
        T frame = decode(true);
        if (frame != null) {
            return new Item<>(frame);
        }
        if (buffer.size() > 0) {
            throw new EOFException(source + " ended within a frame, of which " + buffer.size() + " bytes have come");
        }
        return Next.end();
    }

    private @Nullable T decode(boolean ended) throws IOException {
        ByteBuffer view = buffer.view();
        int before = view.position();
        T frame = codec.decode(view, ended);
        int taken = view.position() - before;
        if (frame != null && taken == 0) {
            throw new IllegalStateException(codec + " has decoded a frame of no bytes, and would do so for ever");
        }
        if (frame != null && taken > limit) {
            throw TooLongException.of("frame", limit);
        }
        buffer.skip(taken);
        return frame;
    }

    @Override
    public Object nextNow(Context cx) {
        if (buffer.size() == 0 || cx.isSpent()) {
            return Poll.pending();
        }
        T frame;
        try {
            frame = decode(false);
        } catch (IOException e) {
            return Poll.pending(); // thrown again by next()
        }
        if (frame == null) {
            return Poll.pending();
        }
        cx.spend();
        return new Item<>(frame);
    }

    /** {@return the frames as a stream} Closed, it leaves the source open, and what it has not given in this reader. */
    public AsyncStream<T> stream() {
        return AsyncStream.from(this);
    }

    /** Does nothing: the source is its opener's. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return "frames of " + source;
    }
}
