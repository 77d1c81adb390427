package dev.latent.web;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.io.TcpStream;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@link WebServer#serve}: accepts, and owns what it accepted. */
final class Serve extends OwnedFuture<Void> {
    /** After an accept that failed, for want of file descriptors mostly: time for some to come free. */
    private static final long RETRY_NANOS = 100_000_000;

    private final WebServer server;
    private boolean started;
    private boolean cancelled;

    private @Nullable Future<TcpStream> accept;
    private @Nullable Future<Void> retry;

    Serve(WebServer server) {
        this.server = server;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) throws Exception {
        if (!started) {
            server.startServing();
            started = true;
        }
        server.await(cx.waker());
        while (!server.isDraining()) {
            if (!server.hasAtMost(server.config().maxConnections() - 1, cx.waker()) || !pollAccept(cx)) {
                return Poll.pending();
            }
        }
        giveBack();
        if (!server.hasAtMost(0, cx.waker())) {
            return Poll.pending();
        }
        server.stopServing();
        return Poll.done();
    }

    /** {@return false when it has to wait} */
    private boolean pollAccept(Context cx) throws Exception {
        if (retry != null) {
            if (!Owners.poll(retry, this, cx).isReady()) {
                return false;
            }
            retry = null;
        }
        Future<TcpStream> accepting = accept;
        if (accepting == null) {
            accepting = server.listener().accept();
            Owners.claim(accepting, this);
            accept = accepting;
        }
        try {
            if (!(Owners.poll(accepting, this, cx) instanceof Poll.Ready<TcpStream>(var stream))) {
                return false;
            }
            accept = null;
            ServerConnection connection = new ServerConnection(server, stream);
            server.add(connection);
            JoinHandle<Void> handle = cx.spawner().spawn(connection);
            server.started(connection, handle);
        } catch (IOException e) {
            accept = null;
            Timers timers = cx.spawner().capability(Timers.class);
            if (server.isDraining()) {
                return true;
            }
            if (timers == null) {
                throw e;
            }
            Owners.report(cx.spawner(), "accept of " + server, e);
            retry = timers.sleepUntil(cx.capability(Clock.class).nanoTime() + RETRY_NANOS);
            Owners.claim(retry, this);
        }
        return true;
    }

    private void giveBack() {
        if (accept != null) {
            Owners.drop(accept, this);
            accept = null;
        }
        if (retry != null) {
            Owners.drop(retry, this);
            retry = null;
        }
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        if (!started) {
            return Poll.done();
        }
        if (!cancelled) {
            cancelled = true;
            dropOwned();
        }
        return server.hasAtMost(0, cx.waker()) ? Poll.done() : Poll.pending();
    }

    @Override
    protected void dropOwned() {
        if (started) {
            giveBack();
            server.stopServing();
            server.cancelAll();
        }
    }

    @Override
    public String toString() {
        return "serve of " + server;
    }
}
