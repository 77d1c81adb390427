package dev.latent.web;

/** What the decoder gives: a whole message, or a control frame. */
sealed interface Incoming permits Message, Incoming.Ping, Incoming.Pong, Incoming.Close {
    /** To be answered by a pong with the same payload. */
    record Ping(byte[] payload) implements Incoming {}

    /** Answers a ping of ours, or nothing. */
    record Pong(byte[] payload) implements Incoming {}

    /**
     * The peer sends nothing more.
     *
     * @param code {@link WebSocketClosed#NO_CODE} where it gave none
     */
    record Close(int code, String reason) implements Incoming {}
}
