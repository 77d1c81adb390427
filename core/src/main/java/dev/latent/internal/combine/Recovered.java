package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import java.util.Objects;
import java.util.function.Function;

/** {@link Futures#recover}, {@link Futures#catching}. */
public final class Recovered<X extends Throwable, T> extends Single<T, T> {
    private final Class<X> type;
    private final Function<? super X, ? extends T> function;

    public Recovered(Future<? extends T> future, Class<X> type, Function<? super X, ? extends T> function) {
        this.type = Objects.requireNonNull(type);
        this.function = function;
        take(future);
    }

    @Override
    protected Poll<T> pollOwned(Context cx) throws Exception {
        X failure;
        try {
            return pollInner(cx);
        } catch (Throwable t) {
            if (!type.isInstance(t)) {
                throw t;
            }
            failure = type.cast(t);
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
