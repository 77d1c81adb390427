package dev.latent.io;

import dev.latent.Future;
import java.net.SocketAddress;

/**
 * A capability: an executor's network. The system's own, or a simulated one.
 *
 * <p>An unresolved {@link java.net.InetSocketAddress} is a host name, and what it means is the network's to find out; the system's own
 * asks the resolver on the {@link dev.latent.world.BlockingPool}.
 */
public interface Net {
    /**
     * {@return a future of a listener bound to {@code address}}
     *
     * <p>Fails with {@link java.net.BindException} naming the address when the port is in use.
     *
     * <p><em>Cancel safety:</em> dropped, nothing was bound.
     */
    Future<TcpListener> bind(SocketAddress address);

    /** {@return as {@link #bind(SocketAddress)}; what it accepts has {@code options}} By default they are not heeded. */
    default Future<TcpListener> bind(SocketAddress address, TcpOptions options) {
        return bind(address);
    }

    /**
     * {@return a future of a connection to {@code address}}
     *
     * <p>Fails with {@link java.net.ConnectException} or {@link java.net.UnknownHostException} naming the address.
     *
     * <p><em>Cancel safety:</em> dropped, the attempt is given up and its socket closed.
     */
    Future<TcpStream> connect(SocketAddress address);

    /**
     * {@return as {@link #connect(SocketAddress)}, of a connection with {@code options}} By default they are not heeded. The connect timeout is the caller's, see
     * {@link TcpStream#connect(String, int, TcpOptions)}.
     */
    default Future<TcpStream> connect(SocketAddress address, TcpOptions options) {
        return connect(address);
    }
}
