package dev.latent.runtime.driver.nio;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.io.spi.NetErrors;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@link TcpListener#accept}.
 *
 * <p>Out of file descriptors, a connection stays in the backlog and the listener stays ready: to wait for the event would be to
 * spin, and to fail would end most servers' accept loop for a state that passes when a connection closes. So it takes its
 * interest back, reports once, and looks again after a pause; without a clock it fails.
 */
final class NioAccept extends NioOp<TcpStream> {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final NioTcpListener listener;
    private @Nullable OwnedFuture<Void> pause;
    private long pauseNanos;

    NioAccept(NioTcpListener listener) {
        super(SelectionKey.OP_ACCEPT);
        this.listener = listener;
    }

    @Override
    NioTcpListener source() {
        return listener;
    }

    @Override
    @Nullable
    Poll<TcpStream> attempt(Context cx) throws Exception {
        while (true) {
            if (pause != null) {
                if (!Owners.poll(pause, this, cx).isReady()) {
                    return Poll.pending();
                }
                pause = null;
            }
            try {
                SocketChannel accepted = listener.channel().accept();
                if (accepted == null) {
                    listener.inputReady = false;
                    return null;
                }
                return Poll.ready(NioTcpStream.accepted(listener.driver, accepted, listener.options));
            } catch (ClosedChannelException e) {
                throw NetErrors.closedMeanwhile(this);
            } catch (IOException e) {
                IOException clear = NetErrors.explained(this + " failed", e);
                if (!NetErrors.isTooManyOpenFiles(e)) {
                    throw clear;
                }
                startPause(cx, clear);
            }
        }
    }

    private void startPause(Context cx, IOException reason) throws IOException {
        Timers timers = cx.spawner().capability(Timers.class);
        if (timers == null) {
            throw reason;
        }
        if (pauseNanos == 0) {
            Owners.report(cx.spawner(), this + ", which waits and tries again", reason);
        }
        pauseNanos = pauseNanos == 0 ? FIRST_PAUSE_NANOS : Math.min(pauseNanos * 2, LONGEST_PAUSE_NANOS);
        listener.disarm(interest);
        pause = timers.sleepUntil(cx.capability(Clock.class).nanoTime() + pauseNanos);
        Owners.claim(pause, this);
    }

    @Override
    void dropped() {
        if (pause != null) {
            Owners.drop(pause, this);
        }
    }

    @Override
    public String toString() {
        return "accept of " + listener;
    }
}
