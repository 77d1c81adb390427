package dev.latent.web;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.TcpListener;

/** {@link WebServerBuilder#bind}. */
final class Bind extends OwnedFuture<WebServer> {
    private final Future<TcpListener> listener;
    private final WebServerBuilder.Config config;

    Bind(String host, int port, WebServerBuilder.Config config) {
        this.listener = TcpListener.bind(host, port);
        this.config = config;
        Owners.claim(listener, this);
    }

    @Override
    protected Poll<WebServer> pollOwned(Context cx) throws Exception {
        return Owners.poll(listener, this, cx) instanceof Poll.Ready<TcpListener>(var bound)
                ? Poll.ready(new WebServer(bound, config))
                : Poll.pending();
    }

    @Override
    protected void dropOwned() {
        Owners.drop(listener, this);
    }
}
