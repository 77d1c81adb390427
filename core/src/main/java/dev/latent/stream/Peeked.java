package dev.latent.stream;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Next;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#peekable}. */
final class Peeked<T> extends Linear<T, T> implements PeekableStream<T> {
    Peeked(AsyncStream<T> source) {
        super("peekable", source);
    }

    @Override
    @Nullable
    Object advance(Context cx) throws Exception {
        return source.advance(cx);
    }

    @Override
    @Nullable
    Leaf<?> leaf() {
        return source.leaf();
    }

    @Override
    public Future<Next<T>> peek() {
        return ask(true);
    }
}
