package dev.latent.web;

/**
 * How messages are compressed, by permessage-deflate (RFC 7692), on connections whose other side agrees.
 *
 * <p>Each message stands for itself: no window is kept from one to the next, on either side. That compresses a stream of short, similar messages less well; but a connection
 * that waits costs not a byte more. What a message needs while it is packed, some 270 kB, or unpacked, 45 kB, is lent to it for that time: there is as much of it
 * as there are threads that poll. A peer that asks for a smaller window gets one.
 *
 * <p>A message is unpacked only up to the {@linkplain WebSocketLimits#maxMessage limits'} length; one that would become longer is refused with
 * {@link WebSocketClosed#TOO_BIG}, however short it came.
 *
 * <p>One for a server, or a client, however many connections it has. Thread-safe.
 */
public final class Compression {
    private static final int LEVEL = 6;
    private static final int THRESHOLD = 256;

    final Deflate deflate;

    private Compression(int level, int threshold) {
        deflate = new Deflate(level, threshold);
    }

    /** {@return one of level 6, for messages of at least 256 bytes} */
    public static Compression create() {
        return create(LEVEL, THRESHOLD);
    }

    /**
     * {@return one}
     *
     * @param level from 1, fast, to 9, small
     * @param threshold bytes of the shortest message that is compressed
     * @throws IllegalArgumentException when the level is another, or {@code threshold} negative
     */
    public static Compression create(int level, int threshold) {
        if (level < 1 || level > 9 || threshold < 0) {
            throw new IllegalArgumentException(
                    "level is 1 to 9, not " + level + ", threshold not negative, " + threshold);
        }
        return new Compression(level, threshold);
    }
}
