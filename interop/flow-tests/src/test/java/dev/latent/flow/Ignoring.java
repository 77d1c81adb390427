package dev.latent.flow;

import java.util.concurrent.Flow;

/** Asks for nothing, and does nothing. */
final class Ignoring<T> implements Flow.Subscriber<T> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {}

    @Override
    public void onNext(T value) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
}
