package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.NotCancelSafe;
import dev.latent.Source;
import java.io.IOException;

/**
 * Frames that are written, to an {@link AsyncWriter} by a {@link Codec}. They are gathered: {@link #feed} takes one, {@link #flush} sends what was
 * taken, {@link #send} does both.
 *
 * <p>It borrows the writer. One call at a time may wait.
 *
 * <p><em>Cancel safety:</em> a frame that was taken is kept here, whole, and goes out once and in its order with the next call, whatever was dropped. So
 * no half of a frame is ever followed by another.
 *
 * @param <T> the frames
 */
public final class FramedWriter<T> {
    private final AsyncBufWriter target;
    private final Codec<?, ? super T> codec;
    private final int limit;

    private FramedWriter(AsyncBufWriter target, Codec<?, ? super T> codec, int limit) {
        this.target = target;
        this.codec = codec;
        this.limit = limit;
    }

    /**
     * {@return a writer of frames}
     *
     * @param limit bytes that a frame may take, with all that belongs to it
     * @throws IllegalArgumentException when {@code limit} is not positive
     */
    public static <T> FramedWriter<T> of(AsyncWriter target, Codec<?, ? super T> codec, int limit) {
        FramedReader.checkLimit(limit);
        return new FramedWriter<>(
                target instanceof AsyncBufWriter writer ? writer : AsyncBufWriter.of(target), codec, limit);
    }

    /**
     * {@return a future that is ready when {@code frame} has been taken; it waits while too much is held back}
     *
     * <p><em>Cancel safety:</em> dropped before it was ready, the frame was not taken.
     *
     * <p><em>Throws</em> {@link TooLongException} when the frame takes more bytes than the limit, and what the codec throws; then it was not taken.
     */
    public Future<Void> feed(T frame) {
        return async(() -> {
            await(target.makeRoom(1));
            encode(frame);
        });
    }

    private void encode(T frame) throws IOException {
        ByteSink bytes = target.bytes();
        int before = bytes.size();
        try {
            codec.encode(frame, bytes);
            if (bytes.size() - before > limit) {
                throw TooLongException.of("frame", limit);
            }
        } catch (Throwable t) {
            bytes.shrink(before);
            throw t;
        }
    }

    /**
     * {@return a future that is ready when {@code frame}, and all before it, has been handed to the target}
     *
     * <p><em>Cancel safety:</em> dropped, the frame may have been taken or not. {@link #feed} and {@link #flush} tell.
     *
     * <p><em>Throws</em> as {@link #feed}.
     */
    @NotCancelSafe
    public Future<Void> send(T frame) {
        return async(() -> {
            await(feed(frame));
            await(flush());
        });
    }

    /**
     * {@return a future that is ready when all frames of {@code frames} have been sent} They are sent together while they come faster than they can be, and each
     * at once otherwise. It does not close {@code frames}.
     *
     * <p><em>Cancel safety:</em> as {@link #send}, of one frame.
     */
    @NotCancelSafe
    public Future<Void> sendAll(Source<? extends T> frames) {
        return async(() -> {
            while (true) {
                Object now = frames.nextNow(context());
                if (!(now instanceof Next<?>)) {
                    await(flush());
                    now = await(frames.next());
                }
                if (!(now instanceof Item<?>(var frame))) {
                    await(flush());
                    return;
                }
                await(feed(cast(frame)));
            }
        });
    }

    @SuppressWarnings("unchecked")
    private T cast(Object frame) {
        return (T) frame;
    }

    /** {@return a future that is ready when all that was taken has been handed to the target} <em>Cancel safety:</em> the next flush goes on. */
    public Future<Void> flush() {
        return target.flush();
    }

    /** {@return a future that flushes, and then tells the other end that no more will come} */
    public Future<Void> shutdownOutput() {
        return target.shutdownOutput();
    }

    @Override
    public String toString() {
        return "frames to " + target;
    }
}
