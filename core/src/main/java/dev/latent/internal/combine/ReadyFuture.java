package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import org.jspecify.annotations.Nullable;

/** {@link Futures#ready}. */
public final class ReadyFuture<T extends @Nullable Object> implements Future<T> {
    public static final ReadyFuture<Void> DONE = new ReadyFuture<>(Poll.done());

    private final Poll<T> poll;

    public ReadyFuture(Poll<T> poll) {
        this.poll = poll;
    }

    @Override
    public Poll<T> poll(Context cx) {
        return poll;
    }

    @Override
    public void drop() {}

    @Override
    public String toString() {
        return "ready";
    }
}
