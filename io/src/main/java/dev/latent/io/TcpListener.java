package dev.latent.io;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import java.net.InetSocketAddress;

/**
 * Accepts connections. One future of {@link #accept} at a time may be waiting.
 *
 * <p>{@link #closeAsync} is ready once the port is free again.
 */
public interface TcpListener extends AsyncCloseable {
    /**
     * {@return a future of a listener on {@code host}:{@code port}, by the network of whatever executor polls it; port 0 picks a free one}
     *
     * <p><em>Cancel safety:</em> dropped, nothing was bound.
     */
    static Future<TcpListener> bind(String host, int port) {
        return bind(host, port, TcpOptions.defaults());
    }

    /** {@return as {@link #bind(String, int)}; what it accepts has {@code options}} */
    static Future<TcpListener> bind(String host, int port, TcpOptions options) {
        return NetFutures.bind(host, port, options);
    }

    /**
     * {@return a future of the next connection}
     *
     * <p>While the process has too many open files it waits and tries again, and says so once to the executor's
     * {@link dev.latent.world.FailureHandler}; on an executor without a clock it fails, naming {@code ulimit -n}.
     *
     * <p><em>Cancel safety:</em> dropped, no connection is lost; it goes to the next accept.
     */
    Future<TcpStream> accept();

    /** {@return where it listens} */
    InetSocketAddress localAddress();
}
