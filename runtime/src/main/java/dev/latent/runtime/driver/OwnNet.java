package dev.latent.runtime.driver;

import dev.latent.Future;
import dev.latent.io.Net;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpOptions;
import dev.latent.io.TcpStream;
import dev.latent.runtime.system.OwnPart;
import java.net.SocketAddress;
import java.util.function.Supplier;

/** The network of a driver that is opened with its first use. */
public final class OwnNet implements Net, OwnPart {
    private final Supplier<Net> opened;

    public OwnNet(Supplier<Net> opened) {
        this.opened = opened;
    }

    @Override
    public Future<TcpListener> bind(SocketAddress address) {
        return opened.get().bind(address);
    }

    @Override
    public Future<TcpListener> bind(SocketAddress address, TcpOptions options) {
        return opened.get().bind(address, options);
    }

    @Override
    public Future<TcpStream> connect(SocketAddress address) {
        return opened.get().connect(address);
    }

    @Override
    public Future<TcpStream> connect(SocketAddress address, TcpOptions options) {
        return opened.get().connect(address, options);
    }
}
