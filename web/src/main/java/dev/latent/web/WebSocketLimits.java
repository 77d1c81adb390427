package dev.latent.web;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much a peer may ask of a connection, and how long it may be silent.
 *
 * {@snippet :
 * WebSocketLimits.DEFAULT
 *         .keepAlive(Duration.ofSeconds(30), Duration.ofSeconds(10))
 *         .writeTimeout(Duration.ofSeconds(20))
 * }
 *
 * <p>The deadlines need no task, and cost a connection a timer while it waits. They are kept by whoever {@linkplain WebSocket#receive receives}, or sends: while nobody
 * receives, what the peer says is not heard, and its silence means nothing.
 *
 * @param maxFrame payload bytes of one frame
 * @param maxMessage payload bytes of one message, all its fragments together; the memory is taken as the bytes arrive, so a
 *     peer that only announces a large frame costs nothing
 * @param maxFrames frames of one message, empty ones included
 * @param closeTimeout how long a close may take, its frame's way out included, before the connection is cut
 * @param pingEvery see {@link #keepAlive}; null for no pings
 * @param pongWithin null if {@code pingEvery} is
 * @param idleTimeout see {@link #idleTimeout(Duration)}; null for ever
 * @param writeTimeout see {@link #writeTimeout(Duration)}; null for ever
 */
public record WebSocketLimits(
        int maxFrame,
        int maxMessage,
        int maxFrames,
        Duration closeTimeout,
        @Nullable Duration pingEvery,
        @Nullable Duration pongWithin,
        @Nullable Duration idleTimeout,
        @Nullable Duration writeTimeout) {
    private static final int MAX_FRAMES = 16 * 1024;

    /** Frames and messages up to 1 MiB, 16,384 frames in a message, five seconds for the close, and no deadlines. */
    public static final WebSocketLimits DEFAULT = new WebSocketLimits(1 << 20, 1 << 20, Duration.ofSeconds(5));

    /** Checks the limits. */
    public WebSocketLimits {
        if (maxFrame < 125 || maxMessage < 1 || maxFrames < 1 || closeTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "maxFrame is at least 125 bytes, maxMessage and maxFrames 1, closeTimeout not negative");
        }
        if ((pingEvery == null) != (pongWithin == null)
                || !isDeadline(pingEvery)
                || !isDeadline(pongWithin)
                || !isDeadline(idleTimeout)
                || !isDeadline(writeTimeout)) {
            throw new IllegalArgumentException("deadlines are positive, and a ping has one");
        }
    }

    private static boolean isDeadline(@Nullable Duration time) {
        return time == null || time.isPositive();
    }

    /** Limits without deadlines. */
    public WebSocketLimits(int maxFrame, int maxMessage, int maxFrames, Duration closeTimeout) {
        this(maxFrame, maxMessage, maxFrames, closeTimeout, null, null, null, null);
    }

    /** Limits with 16,384 frames in a message, and without deadlines. */
    public WebSocketLimits(int maxFrame, int maxMessage, Duration closeTimeout) {
        this(maxFrame, maxMessage, MAX_FRAMES, closeTimeout);
    }

    /**
     * {@return these, and a peer which has said nothing for {@code every} is pinged; the connection is given up when nothing has come {@code deadline} after that} As by
     * {@link WebSocket#keepAlive}.
     *
     * @throws IllegalArgumentException when either is not positive
     */
    public WebSocketLimits keepAlive(Duration every, Duration deadline) {
        return new WebSocketLimits(
                maxFrame, maxMessage, maxFrames, closeTimeout, every, deadline, idleTimeout, writeTimeout);
    }

    /**
     * {@return these, and the connection is closed with {@link WebSocketClosed#GOING_AWAY} once receives have waited {@code longest} for a message} Pongs are no messages; receives that lose a
     * select and are asked for anew count together.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public WebSocketLimits idleTimeout(Duration longest) {
        return new WebSocketLimits(
                maxFrame, maxMessage, maxFrames, closeTimeout, pingEvery, pongWithin, longest, writeTimeout);
    }

    /**
     * {@return these, and a peer that takes nothing in for {@code longest}, while there is something for it, is given up} Everybody who waits for the connection then gets
     * a {@link WebSocketClosed} with {@link WebSocketClosed#ABNORMAL}.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public WebSocketLimits writeTimeout(Duration longest) {
        return new WebSocketLimits(
                maxFrame, maxMessage, maxFrames, closeTimeout, pingEvery, pongWithin, idleTimeout, longest);
    }
}
