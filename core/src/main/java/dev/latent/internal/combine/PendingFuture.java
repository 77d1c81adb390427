package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;

/** {@link Futures#pending}. */
public final class PendingFuture<T> implements Future<T> {
    public static final PendingFuture<?> FOREVER = new PendingFuture<>();

    private PendingFuture() {}

    @Override
    public Poll<T> poll(Context cx) {
        cx.waker(); // what waits for nothing owes it nothing: that is meant
        return Poll.pending();
    }

    @Override
    public void drop() {}

    @Override
    public String toString() {
        return "pending";
    }
}
