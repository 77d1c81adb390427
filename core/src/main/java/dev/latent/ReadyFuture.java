package dev.latent;

import org.jspecify.annotations.Nullable;

/** {@link Futures#ready}. */
final class ReadyFuture<T extends @Nullable Object> implements Future<T> {
    static final ReadyFuture<Void> DONE = new ReadyFuture<>(Poll.done());

    private final Poll<T> poll;

    ReadyFuture(Poll<T> poll) {
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
