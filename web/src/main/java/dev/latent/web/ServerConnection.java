package dev.latent.web;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.io.TcpStream;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a server, the future of its task: HTTP, then the handler of its WebSocket, then the close.
 *
 * <p>Whatever its client does ends here: it never fails, so its siblings never notice. Asked to go away ({@link WebServer#drain}), it
 * closes its socket beside the handler, which sees a {@link WebSocketClosed} and ends; one that does not is dropped.
 */
final class ServerConnection extends OwnedFuture<Void> {
    private final WebServer server;
    private final TcpStream stream;

    /** What runs now: first {@link HttpPhase}, then the handler; null: the handler has ended. */
    private @Nullable Future<?> work;

    private @Nullable FramedSocket socket;
    private @Nullable Future<Void> closing;
    private boolean ended;

    /** Of the latest poll; written by its task, read by who drains. */
    volatile @Nullable Waker waker;

    /** The next four under the server's monitor. */
    boolean cancelled;

    @Nullable
    JoinHandle<Void> handle;

    @Nullable
    ServerConnection previous;

    @Nullable
    ServerConnection next;

    ServerConnection(WebServer server, TcpStream stream) {
        this.server = server;
        this.stream = stream;
        this.work = claimed(new HttpPhase(stream, server.config()));
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) {
        if (waker != cx.waker()) {
            waker = cx.waker();
        }
        try {
            return run(cx);
        } catch (IOException e) {
            // the client is gone, or sent what is no HTTP
        } catch (Throwable t) {
            Owners.report(cx.spawner(), toString(), t);
        }
        end(WebSocketClosed.INTERNAL_ERROR);
        return Poll.done();
    }

    private Poll<Void> run(Context cx) throws Exception {
        if (socket == null && !pollHttp(cx)) {
            return Poll.pending();
        }
        if (socket == null) {
            end(WebSocketClosed.GOING_AWAY);
            return Poll.done();
        }
        if (closing == null && server.isDraining()) {
            closing = claimed(socket.close(WebSocketClosed.GOING_AWAY, "the server goes away"));
        }
        if (closing != null && Owners.poll(closing, this, cx).isReady()) {
            closing = null;
            if (work != null && !Owners.pollDrop(work, this, cx).isReady()) {
                return Poll.pending();
            }
            work = null;
        } else if (work != null) {
            if (!pollHandler(cx)) {
                return Poll.pending();
            }
            return run(cx);
        } else if (closing != null) {
            return Poll.pending();
        }
        end(WebSocketClosed.GOING_AWAY);
        return Poll.done();
    }

    private boolean pollHttp(Context cx) throws Exception {
        HttpPhase http = (HttpPhase) Objects.requireNonNull(work);
        if (!(Owners.poll(http, this, cx) instanceof Poll.Ready<Optional<HttpPhase.Upgraded>>(var outcome))) {
            return server.isDraining() && http.isIdle();
        }
        work = null;
        if (outcome.isPresent()) {
            socket = outcome.get().socket();
            try {
                work = claimed(outcome.get().handler().handle(socket));
            } catch (Throwable t) {
                failed(cx, t);
            }
        }
        return true;
    }

    /** {@return whether the handler has ended} */
    private boolean pollHandler(Context cx) {
        try {
            if (!Owners.poll(Objects.requireNonNull(work), this, cx).isReady()) {
                return false;
            }
            close(WebSocketClosed.NORMAL);
        } catch (WebSocketClosed e) {
            close(WebSocketClosed.NORMAL);
        } catch (Throwable t) {
            failed(cx, t);
        }
        work = null;
        return true;
    }

    private void failed(Context cx, Throwable t) {
        Owners.report(cx.spawner(), "the handler of " + socket, t);
        close(WebSocketClosed.INTERNAL_ERROR);
    }

    private void close(int code) {
        if (closing == null) {
            closing = claimed(Objects.requireNonNull(socket).close(code, ""));
        }
    }

    private <T extends @Nullable Object> Future<T> claimed(Future<T> future) {
        Owners.claim(future, this);
        return future;
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        try {
            if (work != null && !Owners.pollDrop(work, this, cx).isReady()) {
                return Poll.pending();
            }
        } catch (Throwable t) {
            Owners.report(cx.spawner(), toString(), t);
        }
        work = null;
        end(WebSocketClosed.GOING_AWAY);
        return Poll.done();
    }

    @Override
    protected void dropOwned() {
        end(WebSocketClosed.GOING_AWAY);
    }

    private void end(int code) {
        if (ended) {
            return;
        }
        ended = true;
        try {
            if (work != null) {
                Owners.drop(work, this);
                work = null;
            }
            if (closing != null) {
                Owners.drop(closing, this);
                closing = null;
            }
            if (socket != null) {
                socket.cut(code);
            }
        } finally {
            stream.close();
            server.remove(this);
        }
    }

    @Override
    public String toString() {
        return "connection of " + stream.remoteAddress();
    }
}
