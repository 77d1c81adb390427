package dev.latent.stream;

import dev.latent.Context;
import dev.latent.internal.Fifo;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#buffer}. */
final class Buffer<T> extends Ahead<T, T> {
    private final int most;
    private final Fifo<T> ahead = new Fifo<>();

    Buffer(AsyncStream<T> source, int most) {
        super("buffer", source);
        this.most = most;
    }

    @Override
    boolean wants() {
        return ahead.size() < most;
    }

    @Override
    void accept(@Nullable Object value, Context cx) {
        ahead.add(cast(value));
    }

    @Override
    @Nullable
    Object advance(Context cx) {
        fill(cx);
        if (!ahead.isEmpty()) {
            return ahead.take();
        }
        return isOver() ? end() : PENDING;
    }

    @Override
    void letGo() {
        ahead.drainTo(Stage::discard);
    }
}
