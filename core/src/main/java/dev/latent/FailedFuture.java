package dev.latent;

import dev.latent.internal.Sneaky;

/** {@link Futures#failed}. */
final class FailedFuture<T> implements Future<T> {
    private final Throwable failure;

    FailedFuture(Throwable failure) {
        this.failure = failure;
    }

    @Override
    public Poll<T> poll(Context cx) {
        throw Sneaky.rethrow(failure);
    }

    @Override
    public void drop() {}

    @Override
    public String toString() {
        return "failed with " + failure;
    }
}
