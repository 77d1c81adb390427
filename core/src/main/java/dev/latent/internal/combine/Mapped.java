package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import java.util.function.Function;

/** {@link Futures#map}. */
public final class Mapped<A, R> extends Single<A, R> {
    private final Function<? super A, ? extends R> function;

    public Mapped(Future<? extends A> future, Function<? super A, ? extends R> function) {
        this.function = function;
        take(future);
    }

    @Override
    protected Poll<R> pollOwned(Context cx) throws Exception {
        return pollInner(cx) instanceof Poll.Ready<A>(var value) ? Poll.ready(function.apply(value)) : Poll.pending();
    }

    @Override
    public String toString() {
        return "map of " + inner();
    }
}
