package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;

/** A future that is another one with something around it: it becomes the same, and a person is shown that one. */
public abstract class Around<T> extends Single<T, T> {
    protected Around() {}

    @Override
    protected Poll<T> pollOwned(Context cx) throws Exception {
        return pollInner(cx);
    }

    @Override
    protected final Future<?> shown() {
        Future<? extends T> inner = inner();
        return inner == null ? this : inner;
    }

    @Override
    protected final void undelivered(T value) {
        undeliveredInner(value);
    }

    @Override
    public String toString() {
        return String.valueOf(inner());
    }
}
