package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.io.Addresses;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpOptions;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket; see {@link NioSource} for how it waits.
 *
 * <p>A registered channel keeps its descriptor, and with it the port, until the selector's next select. A stream can leave that
 * to happen. Whoever awaits the close of a listener wants the port, so {@link #closeAsync} is ready once it is free.
 */
final class NioTcpListener extends NioSource implements TcpListener {
    /** Connections that may wait to be accepted; the system has a limit of its own ({@code net.core.somaxconn}). */
    static final int BACKLOG = 4096;

    private final ServerSocketChannel channel;
    private final InetSocketAddress local;

    /** Of what it accepts. */
    final TcpOptions options;

    NioTcpListener(NioDriver driver, ServerSocketChannel channel, InetSocketAddress local, TcpOptions options) {
        super(driver);
        this.options = options;
        this.channel = channel;
        this.local = local;
    }

    static NioTcpListener bound(NioDriver driver, InetSocketAddress address, TcpOptions options) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            if (driver.sharesPorts) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            SocketSettings.apply(options, channel);
            channel.bind(address, BACKLOG);
            NioTcpListener listener =
                    new NioTcpListener(driver, channel, (InetSocketAddress) channel.getLocalAddress(), options);
            driver.adopt(listener);
            return listener;
        } catch (Throwable t) {
            channel.close();
            throw t;
        }
    }

    @Override
    ServerSocketChannel channel() {
        return channel;
    }

    @Override
    public Future<TcpStream> accept() {
        return new NioAccept(this);
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public Future<Void> closeAsync() {
        return new Close();
    }

    @Override
    public String toString() {
        return "TcpListener[" + Addresses.text(local) + "]";
    }

    /** Ready once the descriptor is free. {@code released} is written by the parking thread before it wakes. */
    private final class Close extends OwnedFuture<Void> {
        private volatile @Nullable Waker waker;
        private volatile boolean released;
        private boolean asked;

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            close();
            waker = cx.waker();
            if (!asked && channel.isRegistered() && driver.isOpen()) {
                driver.whenReleased(this::release);
                asked = true;
            }
            return released || !asked || !driver.isOpen() ? Poll.done() : Poll.pending();
        }

        private void release() {
            released = true;
            Foreign.wake(waker);
        }

        @Override
        protected void dropOwned() {
            waker = null;
        }

        @Override
        public String toString() {
            return "close of " + NioTcpListener.this;
        }
    }
}
