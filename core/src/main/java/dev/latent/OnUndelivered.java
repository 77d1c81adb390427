package dev.latent;

import java.util.function.Consumer;

/** {@link Futures#onUndelivered}. */
final class OnUndelivered<T> extends Single<T, T> {
    private final Consumer<? super T> consumer;

    OnUndelivered(Future<T> future, Consumer<? super T> consumer) {
        this.consumer = consumer;
        take(future);
    }

    @Override
    protected Poll<T> pollOwned(Context cx) throws Exception {
        return pollInner(cx);
    }

    @Override
    protected void undelivered(T value) {
        consumer.accept(value);
    }

    @Override
    public String toString() {
        return String.valueOf(inner());
    }
}
