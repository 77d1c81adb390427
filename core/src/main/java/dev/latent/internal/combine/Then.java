package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Poll;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Futures#then}: one future, and then the one that a function makes of its value. */
public final class Then<A, R> extends Single<Object, R> {
    /** Null once it has been applied. */
    private @Nullable Function<? super A, ? extends Future<? extends R>> function;

    private final String name;

    public Then(String name, Future<? extends A> future, Function<? super A, ? extends Future<? extends R>> function) {
        this.name = name;
        this.function = function;
        take(future);
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Poll<R> pollOwned(Context cx) throws Exception {
        if (function != null) {
            if (!(pollInner(cx) instanceof Poll.Ready<?>(var value))) {
                return Poll.pending();
            }
            var next = function;
            function = null;
            take(next.apply((A) value));
        }
        return (Poll<R>) pollInner(cx);
    }

    @Override
    protected void undelivered(R value) {
        undeliveredInner(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
