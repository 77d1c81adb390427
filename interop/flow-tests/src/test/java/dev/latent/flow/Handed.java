package dev.latent.flow;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** A publisher that publishes nothing, and hands out its subscriber. */
final class Handed<T> implements Flow.Publisher<T> {
    private final CompletableFuture<Flow.Subscriber<? super T>> subscriber = new CompletableFuture<>();

    @Override
    public void subscribe(Flow.Subscriber<? super T> given) {
        subscriber.complete(given);
    }

    @SuppressWarnings("unchecked")
    Flow.Subscriber<T> subscriber() {
        return (Flow.Subscriber<T>) subscriber.join();
    }
}
