package dev.latent.stream;

import dev.latent.Future;
import dev.latent.LeavesHalf;
import dev.latent.NotCancelSafe;

/**
 * Where the body of a generator gives its values.
 *
 * @param <T> the values
 * @see AsyncStream#generate
 */
public interface Emitter<T> {
    /**
     * {@return a future that gives {@code value} to whoever asks the stream for its next, and is ready when that asks for one more}
     *
     * <p><em>Cancel safety:</em> dropped after {@code value} was taken, it was given; dropped or never polled before that, it was not, and is still the body's. The
     * body can't tell the one from the other, so what it emits next comes behind something half done.
     *
     * @throws IllegalStateException when it is polled: by anyone but the stream's own {@code next()}, such as a task that the body has spawned (there
     *     it is {@link AsyncStream#channel}), a second time while one waits, or after the end
     */
    @NotCancelSafe
    @LeavesHalf
    Future<Void> emit(T value);
}
