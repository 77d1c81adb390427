package dev.latent.io;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * {@link TcpListener#bind} and {@link TcpStream#connect}: which network it is, is known at the first poll. A host name is handed on
 * as it is, because what it means is that network's business: a simulated one has names of its own.
 */
final class NetFutures {
    private NetFutures() {}

    static Future<TcpListener> bind(String host, int port) {
        return new Late<>("bind to ", host, port) {
            @Override
            Future<TcpListener> start(Net net) {
                return net.bind(address);
            }
        };
    }

    static Future<TcpStream> connect(String host, int port) {
        return new Late<>("connect to ", host, port) {
            @Override
            Future<TcpStream> start(Net net) {
                return net.connect(address);
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
