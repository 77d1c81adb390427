package dev.latent.runtime;

import dev.latent.Future;

/** {@link dev.latent.io.TcpListener#bind}, for programs that import this package alone. */
public final class TcpListener {
    private TcpListener() {}

    /**
     * {@return as {@link dev.latent.io.TcpListener#bind}}
     *
     * <p><em>Cancel safety:</em> dropped, nothing was bound.
     */
    public static Future<dev.latent.io.TcpListener> bind(String host, int port) {
        return dev.latent.io.TcpListener.bind(host, port);
    }
}
