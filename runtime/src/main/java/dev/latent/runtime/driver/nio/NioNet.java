package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.io.Addresses;
import dev.latent.io.Net;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpOptions;
import dev.latent.io.TcpStream;
import dev.latent.io.spi.HappyEyeballs;
import dev.latent.io.spi.NetErrors;
import dev.latent.io.spi.Resolving;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** The system's network, on a {@link NioDriver}. */
final class NioNet implements Net {
    private final NioDriver driver;

    NioNet(NioDriver driver) {
        this.driver = driver;
    }

    @Override
    public Future<TcpListener> bind(SocketAddress address) {
        return bind(address, TcpOptions.defaults());
    }

    @Override
    public Future<TcpListener> bind(SocketAddress address, TcpOptions options) {
        return new Bind(driver, internet(address), options);
    }

    @Override
    public Future<TcpStream> connect(SocketAddress address) {
        return connect(address, TcpOptions.defaults());
    }

    @Override
    public Future<TcpStream> connect(SocketAddress address, TcpOptions options) {
        return new HappyEyeballs<>(internet(address), one -> attempt(one, options));
    }

    private Future<TcpStream> attempt(InetSocketAddress address, TcpOptions options) throws IOException {
        try {
            return new NioConnect(NioTcpStream.unconnected(driver, address, options));
        } catch (IOException e) {
            throw driver.isOpen() ? NetErrors.connect(address, e) : e;
        }
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
        private final TcpOptions options;

        Bind(NioDriver driver, InetSocketAddress address, TcpOptions options) {
            super(address);
            this.driver = driver;
            this.options = options;
        }

        @Override
        protected Poll<TcpListener> pollResolved(InetSocketAddress[] found, Context cx) throws IOException {
            if (!cx.spend()) {
                return Poll.pending();
            }
            try {
                return Poll.ready(NioTcpListener.bound(driver, found[0], options));
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
}
