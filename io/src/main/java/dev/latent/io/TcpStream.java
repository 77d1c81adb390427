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
    /** {@return a future of a connection to {@code host}:{@code port}, by the network of whatever executor polls it} */
    static Future<TcpStream> connect(String host, int port) {
        return NetFutures.connect(host, port);
    }

    /** {@return the peer's address} */
    InetSocketAddress remoteAddress();

    /** {@return this side's address} */
    InetSocketAddress localAddress();
}
