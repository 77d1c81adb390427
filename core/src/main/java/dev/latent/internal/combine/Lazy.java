package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import java.util.function.Function;

/** A future that is made at its first poll. */
public final class Lazy<T> extends Single<T, T> {
    private final String name;
    private final Function<Context, ? extends Future<? extends T>> supplier;

    public Lazy(String name, Function<Context, ? extends Future<? extends T>> supplier) {
        this.name = name;
        this.supplier = supplier;
    }

    @Override
    protected Poll<T> pollOwned(Context cx) throws Exception {
        if (inner() == null) {
            take(supplier.apply(cx));
        }
        return pollInner(cx);
    }

    @Override
    protected void undelivered(T value) {
        undeliveredInner(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
