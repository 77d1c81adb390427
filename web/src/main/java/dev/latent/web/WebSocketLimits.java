package dev.latent.web;

import java.time.Duration;

/**
 * How much a peer may ask of a connection.
 *
 * @param maxFrame payload bytes of one frame
 * @param maxMessage payload bytes of one message, all its fragments together; the memory is taken as the bytes arrive, so a
 *     peer that only announces a large frame costs nothing
 * @param closeTimeout how long a close waits for the peer's answer before the connection is cut
 */
public record WebSocketLimits(int maxFrame, int maxMessage, Duration closeTimeout) {
    /** Frames and messages up to 1 MiB, and five seconds for the close. */
    public static final WebSocketLimits DEFAULT = new WebSocketLimits(1 << 20, 1 << 20, Duration.ofSeconds(5));

    /** Checks the limits. */
    public WebSocketLimits {
        if (maxFrame < 125 || maxMessage < 1 || closeTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "maxFrame is at least 125 bytes, maxMessage 1, closeTimeout not negative");
        }
    }
}
