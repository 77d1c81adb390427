package dev.latent.stream;

import dev.latent.Future;
import dev.latent.Next;

/**
 * A stream whose next value can be looked at before it is taken.
 *
 * @param <T> the values
 */
public sealed interface PeekableStream<T> extends AsyncStream<T> permits Peeked {
    /**
     * {@return what {@link #next} will give; it stays}
     *
     * <p><em>Cancel safety:</em> nothing is lost.
     */
    Future<Next<T>> peek();
}
