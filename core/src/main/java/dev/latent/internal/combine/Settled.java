package dev.latent.internal.combine;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Outcome;
import dev.latent.Poll;

/** {@link Async#settle}. */
public final class Settled<T> extends Single<T, Outcome<T>> {
    public Settled(Future<? extends T> future) {
        take(future);
    }

    @Override
    protected Poll<Outcome<T>> pollOwned(Context cx) {
        T value;
        try {
            if (!(pollInner(cx) instanceof Poll.Ready<T>(var ready))) {
                return Poll.pending();
            }
            value = ready;
        } catch (Throwable t) {
            return Poll.ready(new Outcome.Failed<>(t));
        }
        try {
            return Poll.ready(new Outcome.Ok<>(value));
        } catch (Throwable noMemory) {
            undeliveredInner(value);
            throw noMemory;
        }
    }

    @Override
    protected void undelivered(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Ok<T>(var value)) {
            undeliveredInner(value);
        }
    }

    @Override
    public String toString() {
        return "settle of " + inner();
    }
}
