package dev.latent;

import dev.latent.internal.combine.Single;
import java.util.Objects;

/** {@link Async#named}: the one among the futures of a task that a person knows. */
final class Named<T> extends Single<T, T> {
    final String name;

    Named(String name, Future<? extends T> future) {
        this.name = Objects.requireNonNull(name);
        take(future);
    }

    @Override
    protected Poll<T> pollOwned(Context cx) throws Exception {
        try {
            return pollInner(cx);
        } catch (Throwable t) {
            AwaitTrace.ofTask(t, this, name);
            throw t;
        }
    }

    @Override
    protected Future<?> shown() {
        Future<? extends T> future = inner();
        return future == null ? this : future;
    }

    @Override
    protected void undelivered(T value) {
        undeliveredInner(value);
    }

    @Override
    public String toString() {
        return name + ", " + inner();
    }
}
