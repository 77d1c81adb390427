package dev.latent;

import java.util.function.Function;

/** {@link Futures#map}. */
final class Mapped<A, R> extends Single<A, R> {
    private final Function<? super A, ? extends R> function;

    Mapped(Future<? extends A> future, Function<? super A, ? extends R> function) {
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
