package dev.latent;

import dev.latent.internal.combine.Around;
import java.util.Objects;

/** {@link Async#named}: the one among the futures of a task that a person knows. */
final class Named<T> extends Around<T> {
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
    public String toString() {
        return name + ", " + inner();
    }
}
