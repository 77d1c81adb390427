package dev.latent.channel;

/** What became of a value that could not wait for its place. */
public enum Sent {
    /** The channel has it. */
    SENT,
    /** No place is free for one who comes now; the value is still the caller's. */
    FULL,
    /** Nothing can be sent any more; the value is still the caller's. */
    CLOSED
}
