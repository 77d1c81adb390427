package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.Addresses;
import dev.latent.io.Net;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.io.spi.NetErrors;
import dev.latent.io.spi.Resolving;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The system's network, on a {@link NioDriver}. */
final class NioNet implements Net {
    private final NioDriver driver;

    NioNet(NioDriver driver) {
        this.driver = driver;
    }

    @Override
    public Future<TcpListener> bind(SocketAddress address) {
        return new Bind(driver, internet(address));
    }

    @Override
    public Future<TcpStream> connect(SocketAddress address) {
        return new Connect(driver, internet(address));
    }

    private static InetSocketAddress internet(SocketAddress address) {
        if (address instanceof InetSocketAddress internet) {
            return internet;
        }
        throw new IllegalArgumentException("this network knows only InetSocketAddress, not " + address);
    }

    @Override
    public String toString() {
        return "NioNet";
    }

    /** Binds to the first address of the name. */
    private static final class Bind extends Resolving<TcpListener> {
        private final NioDriver driver;

        Bind(NioDriver driver, InetSocketAddress address) {
            super(address);
            this.driver = driver;
        }

        @Override
        protected Poll<TcpListener> pollResolved(InetSocketAddress[] found, Context cx) throws IOException {
            if (!cx.spend()) {
                return Poll.pending();
            }
            try {
                return Poll.ready(NioTcpListener.bound(driver, found[0]));
            } catch (IOException e) {
                throw driver.isOpen() ? NetErrors.bind(address(), e) : e;
            }
        }

        @Override
        protected void dropResolved() {}

        @Override
        public String toString() {
            return "bind to " + Addresses.text(address());
        }
    }

    /** Tries the addresses of the name in their order, one at a time; when none answers, fails with what the first one said. */
    private static final class Connect extends Resolving<TcpStream> {
        private final NioDriver driver;
        private int next;
        private @Nullable NioConnect attempt;
        private @Nullable IOException failure;

        Connect(NioDriver driver, InetSocketAddress address) {
            super(address);
            this.driver = driver;
        }

        @Override
        protected Poll<TcpStream> pollResolved(InetSocketAddress[] found, Context cx) throws Exception {
            while (true) {
                try {
                    if (attempt == null) {
                        attempt = begin(found[next++]);
                    }
                    return Owners.poll(attempt, this, cx);
                } catch (ConnectException e) {
                    attempt = null;
                    if (failure == null) {
                        failure = e;
                    } else {
                        failure.addSuppressed(e);
                    }
                    if (next == found.length) {
                        throw failure;
                    }
                }
            }
        }

        private NioConnect begin(InetSocketAddress address) throws IOException {
            try {
                NioConnect begun = new NioConnect(NioTcpStream.unconnected(driver, address));
                Owners.claim(begun, this);
                return begun;
            } catch (IOException e) {
                throw driver.isOpen() ? NetErrors.connect(address, e) : e;
            }
        }

        @Override
        protected void dropResolved() {
            if (attempt != null) {
                Owners.drop(attempt, this);
            }
        }

        @Override
        public String toString() {
            return "connect to " + Addresses.text(address());
        }
    }
}
