package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Futures;
import dev.latent.OwnedFuture;
import dev.latent.Poll;

/** {@link Futures#pollFn}. */
public final class PollFn<T> extends OwnedFuture<T> {
    private final Futures.PollFunction<? extends T> function;

    public PollFn(Futures.PollFunction<? extends T> function) {
        this.function = function;
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Poll<T> pollOwned(Context cx) throws Exception {
        return (Poll<T>) function.poll(cx);
    }

    @Override
    protected void dropOwned() {}

    @Override
    public String toString() {
        return "pollFn";
    }
}
