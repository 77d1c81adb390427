package dev.latent;

import dev.latent.internal.combine.Single;
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

    /** A body that is dropped while its value is on the way out still has to know whom to give it to. */
    @Override
    protected void dropOwned() {
        if (inner() instanceof AsyncFrame<?> body && !body.isEnded()) {
            body.dropOwned();
        } else {
            super.dropOwned();
        }
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
