package dev.latent.io;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is to be, in the system's words. A network that is not a system's may not heed them.
 *
 * {@snippet :
 * TcpStream.connect("example.com", 443, TcpOptions.defaults().connectTimeout(ofSeconds(5)).keepAlive(ofMinutes(1), ofSeconds(10), 3))
 * }
 *
 * @param noDelay whether small messages are sent at once ({@code TCP_NODELAY}); so they are by default
 * @param keepAlive null: a peer that has silently gone is never found out while nothing is sent
 * @param linger null: a close returns at once, and what was written is still sent. Zero: a close breaks the connection off, and what was not sent is lost. Of whole
 *     seconds
 * @param sendBuffer bytes that the system takes before a write waits; 0: as the system likes
 * @param receiveBuffer bytes that the system takes before they are read; 0: as the system likes
 * @param reuseAddress of a listener: whether to listen at a port of which connections still linger; null: as the system does
 * @param connectTimeout how long all attempts to connect may take together; null: as long as the system's last one
 */
public record TcpOptions(
        boolean noDelay,
        @Nullable KeepAlive keepAlive,
        @Nullable Duration linger,
        int sendBuffer,
        int receiveBuffer,
        @Nullable Boolean reuseAddress,
        @Nullable Duration connectTimeout) {
    private static final TcpOptions DEFAULTS = new TcpOptions(true, null, null, 0, 0, null, null);

    /**
     * When to ask a silent peer whether it is still there. Of whole seconds; where the JVM knows no such times, the system's are taken.
     *
     * @param idle silence before the first question
     * @param every between one and the next
     * @param probes questions without an answer after which the connection is broken
     */
    public record KeepAlive(Duration idle, Duration every, int probes) {
        /** Times that can be. */
        public KeepAlive {
            if (idle.toSeconds() < 1 || every.toSeconds() < 1 || probes < 1) {
                throw new IllegalArgumentException("keep-alive of less than one second, or one question: idle " + idle
                        + ", every " + every + ", " + probes + " probes");
            }
        }
    }

    /** Options that can be. */
    public TcpOptions {
        if (sendBuffer < 0 || receiveBuffer < 0 || linger != null && linger.isNegative()) {
            throw new IllegalArgumentException("a negative buffer or time");
        }
        if (connectTimeout != null && !connectTimeout.isPositive()) {
            throw new IllegalArgumentException("a connect timeout of " + connectTimeout);
        }
    }

    /** {@return the options of a connection for which none are given} */
    public static TcpOptions defaults() {
        return DEFAULTS;
    }

    /** {@return these, with {@code value}} */
    public TcpOptions noDelay(boolean value) {
        return new TcpOptions(value, keepAlive, linger, sendBuffer, receiveBuffer, reuseAddress, connectTimeout);
    }

    /** {@return these, with a {@link KeepAlive}} */
    public TcpOptions keepAlive(Duration idle, Duration every, int probes) {
        KeepAlive value = new KeepAlive(idle, every, probes);
        return new TcpOptions(noDelay, value, linger, sendBuffer, receiveBuffer, reuseAddress, connectTimeout);
    }

    /** {@return these, with {@code value}} */
    public TcpOptions linger(Duration value) {
        return new TcpOptions(noDelay, keepAlive, value, sendBuffer, receiveBuffer, reuseAddress, connectTimeout);
    }

    /** {@return these, with {@code value}} */
    public TcpOptions sendBuffer(int value) {
        return new TcpOptions(noDelay, keepAlive, linger, value, receiveBuffer, reuseAddress, connectTimeout);
    }

    /** {@return these, with {@code value}} */
    public TcpOptions receiveBuffer(int value) {
        return new TcpOptions(noDelay, keepAlive, linger, sendBuffer, value, reuseAddress, connectTimeout);
    }

    /** {@return these, with {@code value}} */
    public TcpOptions reuseAddress(boolean value) {
        return new TcpOptions(noDelay, keepAlive, linger, sendBuffer, receiveBuffer, value, connectTimeout);
    }

    /** {@return these, with {@code value}} */
    public TcpOptions connectTimeout(Duration value) {
        return new TcpOptions(noDelay, keepAlive, linger, sendBuffer, receiveBuffer, reuseAddress, value);
    }
}
