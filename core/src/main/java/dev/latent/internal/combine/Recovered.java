package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import java.util.function.Function;

/** {@link Futures#recover}. */
public final class Recovered<T> extends Single<T, T> {
    private final Function<? super Throwable, ? extends T> function;

    public Recovered(Future<? extends T> future, Function<? super Throwable, ? extends T> function) {
        this.function = function;
        take(future);
    }

    @Override
    protected Poll<T> pollOwned(Context cx) {
        Throwable failure;
        try {
            return pollInner(cx);
        } catch (Throwable t) {
            failure = t;
        }
        return Poll.ready(function.apply(failure));
    }

    @Override
    protected void undelivered(T value) {
        undeliveredInner(value);
    }

    @Override
    public String toString() {
        return "recover of " + inner();
    }
}
