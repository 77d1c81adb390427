package dev.latent.web;

import java.time.Duration;

/**
 * How much a peer may ask of a connection.
 *
 * @param maxFrame payload bytes of one frame
 * @param maxMessage payload bytes of one message, all its fragments together; the memory is taken as the bytes arrive, so a
 *     peer that only announces a large frame costs nothing
 * @param maxFrames frames of one message, empty ones included
 * @param closeTimeout how long a close may take, its frame's way out included, before the connection is cut
 */
public record WebSocketLimits(int maxFrame, int maxMessage, int maxFrames, Duration closeTimeout) {
    private static final int MAX_FRAMES = 16 * 1024;

    /** Frames and messages up to 1 MiB, 16,384 frames in a message, and five seconds for the close. */
    public static final WebSocketLimits DEFAULT = new WebSocketLimits(1 << 20, 1 << 20, Duration.ofSeconds(5));

    /** Checks the limits. */
    public WebSocketLimits {
        if (maxFrame < 125 || maxMessage < 1 || maxFrames < 1 || closeTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "maxFrame is at least 125 bytes, maxMessage and maxFrames 1, closeTimeout not negative");
        }
    }

    /** Limits with 16,384 frames in a message. */
    public WebSocketLimits(int maxFrame, int maxMessage, Duration closeTimeout) {
        this(maxFrame, maxMessage, MAX_FRAMES, closeTimeout);
    }
}
