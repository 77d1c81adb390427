package dev.latent.channel;

/** What a {@link Subscription} hears: a message, or how many it was too slow for. */
public sealed interface Heard<T> {
    /** One message. */
    record Message<T>(T value) implements Heard<T> {}

    /**
     * Messages have been overwritten before they were received; what comes next is the oldest that is left.
     *
     * @param missed how many, at least one
     */
    record Lagged<T>(long missed) implements Heard<T> {}
}
