package dev.latent.channel;

import dev.latent.Poll;
import dev.latent.channel.Watch.State;
import java.util.function.Predicate;

/** {@link Watch#until}. */
final class Until<T> extends Watching<T, T> {
    private final Predicate<? super T> condition;

    Until(Watch<T> watch, Predicate<? super T> condition) {
        super(watch);
        this.condition = condition;
    }

    @Override
    Poll<T> look(State<T> state) {
        if (condition.test(state.value())) {
            return Poll.ready(state.value());
        }
        if (state.closed()) {
            throw new ChannelClosedException(watch);
        }
        return Poll.pending();
    }

    /** The value is the watch's, and nobody else's. */
    @Override
    protected void undelivered(T value) {}

    @Override
    public String toString() {
        return "until of a watch";
    }
}
