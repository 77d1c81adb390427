package dev.latent.junit;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.io.Net;
import dev.latent.io.OpenFile;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpOptions;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** A real network; while a socket of it is open, the clock stands. */
record HoldingNet(Net net, TestClock clock) implements Net {
    @Override
    public Future<TcpListener> bind(SocketAddress address) {
        return bind(address, TcpOptions.defaults());
    }

    @Override
    public Future<TcpListener> bind(SocketAddress address, TcpOptions options) {
        return async(() -> {
            try (var _ = clock.hold("a bind to " + address)) {
                return listener(await(net.bind(address, options)));
            }
        });
    }

    @Override
    public Future<TcpStream> connect(SocketAddress address) {
        return connect(address, TcpOptions.defaults());
    }

    @Override
    public Future<TcpStream> connect(SocketAddress address, TcpOptions options) {
        return async(() -> {
            try (var _ = clock.hold("a connect to " + address)) {
                return stream(await(net.connect(address, options)));
            }
        });
    }

    private TcpListener listener(TcpListener real) {
        return new Listener(this, real, clock.hold("a listener at " + real.localAddress()));
    }

    private TcpStream stream(TcpStream real) {
        return new Stream(real, clock.hold("a connection from " + real.localAddress() + " to " + real.remoteAddress()));
    }

    private record Listener(HoldingNet home, TcpListener real, TestClock.Hold hold) implements TcpListener {
        @Override
        public Future<TcpStream> accept() {
            return async(() -> home.stream(await(real.accept())));
        }

        @Override
        public InetSocketAddress localAddress() {
            return real.localAddress();
        }

        @Override
        public void close() {
            real.close();
            hold.close();
        }

        @Override
        public Future<Void> closeAsync() {
            return async(() -> {
                try (hold) {
                    await(real.closeAsync());
                }
            });
        }
    }

    private record Stream(TcpStream real, TestClock.Hold hold) implements TcpStream {
        @Override
        public Future<Integer> read(ByteBuffer to) {
            return real.read(to);
        }

        @Override
        public Future<Void> write(ByteBuffer from) {
            return real.write(from);
        }

        @Override
        public Future<Void> writeFile(OpenFile from, long bytes) {
            return real.writeFile(from, bytes);
        }

        @Override
        public Future<Void> readable() {
            return real.readable();
        }

        @Override
        public Future<Void> writable() {
            return real.writable();
        }

        @Override
        public int tryRead(ByteBuffer to) throws IOException {
            return real.tryRead(to);
        }

        @Override
        public int tryWrite(ByteBuffer from) throws IOException {
            return real.tryWrite(from);
        }

        @Override
        public Future<Void> shutdownOutput() {
            return real.shutdownOutput();
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return real.remoteAddress();
        }

        @Override
        public InetSocketAddress localAddress() {
            return real.localAddress();
        }

        @Override
        public void close() {
            real.close();
            hold.close();
        }

        @Override
        public Future<Void> closeAsync() {
            return async(() -> {
                try (hold) {
                    await(real.closeAsync());
                }
            });
        }
    }
}
