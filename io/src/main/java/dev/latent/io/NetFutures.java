package dev.latent.io;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.withTimeout;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Timed;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@link TcpListener#bind} and {@link TcpStream#connect}: which network it is, is known at the first poll. A host name is handed on
 * as it is, because what it means is that network's business: a simulated one has names of its own.
 */
final class NetFutures {
    private NetFutures() {}

    static Future<TcpListener> bind(String host, int port, TcpOptions options) {
        return new Late<>("bind to ", host, port) {
            @Override
            Future<TcpListener> start(Net net) {
                return net.bind(address, options);
            }
        };
    }

    static Future<TcpStream> connect(String host, int port, TcpOptions options) {
        Duration limit = options.connectTimeout();
        if (limit == null) {
            return connecting(host, port, options);
        }
        return async(() -> {
            if (await(withTimeout(limit, connecting(host, port, options)))
                    instanceof Timed.InTime<TcpStream>(var stream)) {
                return stream;
            }
            throw new SocketTimeoutException("cannot connect to "
                    + Addresses.text(InetSocketAddress.createUnresolved(host, port)) + ": no answer within "
                    + limit.toMillis()
                    + " ms");
        });
    }

    private static Future<TcpStream> connecting(String host, int port, TcpOptions options) {
        return new Late<>("connect to ", host, port) {
            @Override
            Future<TcpStream> start(Net net) {
                return net.connect(address, options);
            }
        };
    }

    private abstract static class Late<T> extends OwnedFuture<T> {
        final InetSocketAddress address;
        private final String what;
        private @Nullable Future<T> started;

        Late(String what, String host, int port) {
            this.what = what;
            this.address = InetSocketAddress.createUnresolved(host, port);
        }

        abstract Future<T> start(Net net);

        @Override
        protected Poll<T> pollOwned(Context cx) throws Exception {
            if (started == null) {
                Future<T> future = start(cx.capability(Net.class));
                Owners.claim(future, this);
                started = future;
            }
            return Owners.poll(started, this, cx);
        }

        @Override
        protected void dropOwned() {
            if (started != null) {
                Owners.drop(started, this);
            }
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            return started == null ? Poll.done() : Owners.pollDrop(started, this, cx);
        }

        @Override
        public String toString() {
            return what + Addresses.text(address);
        }
    }
}
