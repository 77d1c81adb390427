package dev.latent.io;

import dev.latent.Future;
import java.net.InetSocketAddress;

/**
 * A TCP connection. It belongs to the executor that made it.
 *
 * <p>Small messages are sent at once ({@code TCP_NODELAY}). Unlike {@link java.net.Socket} it has no timeout of its own: any wait is bounded
 * from outside. {@link #shutdownOutput} happens at the first poll, which is ready.
 */
public interface TcpStream extends Duplex {
    /**
     * {@return a future of a connection to {@code host}:{@code port}, by the network of whatever executor polls it}
     *
     * <p><em>Cancel safety:</em> dropped, all attempts are given up.
     */
    static Future<TcpStream> connect(String host, int port) {
        return connect(host, port, TcpOptions.defaults());
    }

    /**
     * {@return as {@link #connect(String, int)}, of a connection with {@code options}}
     *
     * <p>Of a host with several addresses the one is taken that answers first: the next is tried when one has failed, or has been silent for a quarter of a second
     * (RFC 8305).
     *
     * <p><em>Cancel safety:</em> dropped, all attempts are given up.
     *
     * <p><em>Throws</em> {@link java.net.SocketTimeoutException} after the {@linkplain TcpOptions#connectTimeout connect timeout}, else as {@link Net#connect}.
     */
    static Future<TcpStream> connect(String host, int port, TcpOptions options) {
        return NetFutures.connect(host, port, options);
    }

    /** {@return the peer's address} */
    InetSocketAddress remoteAddress();

    /** {@return this side's address} */
    InetSocketAddress localAddress();
}
