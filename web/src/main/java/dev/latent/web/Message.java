package dev.latent.web;

/** What a peer sent, fragments put together. */
public sealed interface Message extends Incoming {
    /** A text message. */
    record Text(String text) implements Message {}

    /**
     * A binary message.
     *
     * @param bytes the receiver's to keep and to change; nobody else has them
     */
    record Binary(byte[] bytes) implements Message {}
}
