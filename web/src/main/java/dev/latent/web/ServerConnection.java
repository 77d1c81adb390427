package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.io.TcpStream;
import dev.latent.web.ws.FramedSocket;
import dev.latent.web.ws.WebSocketClosed;
import dev.latent.web.ws.WebSocketHandler;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a server: HTTP, then the handler of its WebSocket, then the close. Whatever its client or its handler does ends
 * here, so its siblings never notice.
 *
 * <p>While a WebSocket waits, this object and one frame beside the handler's own are all that is kept of it here.
 */
final class ServerConnection implements AutoCloseable {
    final WebServer server;
    final TcpStream stream;

    /** The rest is for {@link Connections}, under its monitor. The socket once it is open. */
    @Nullable
    FramedSocket socket;

    /** It waits for a request of which nothing has come yet. */
    boolean idle;

    /** Its task is to be cancelled, or has been. */
    boolean cancelled;

    /** Its task's, as long as that may be cancelled. */
    @Nullable
    JoinHandle<Void> handle;

    @Nullable
    ServerConnection previous;

    @Nullable
    ServerConnection next;

    /** Of those that are about to be dropped. */
    @Nullable
    ServerConnection nextCancelled;

    ServerConnection(WebServer server, TcpStream stream) {
        this.server = server;
        this.stream = stream;
    }

    /**
     * {@return the future of its task; dropped, even unpolled, it closes the connection}
     *
     * <p>While the handler waits, all that lives here is {@code connection}: it is this frame that many idle connections are made of.
     */
    static Future<Void> run(ServerConnection accepted) {
        return async(() -> {
            try (var connection = accepted) {
                WebSocketHandler handler = await(connection.http()).upgrade();
                if (handler != null) {
                    try {
                        await(connection.handled(handler));
                        await(connection.close(WebSocketClosed.NORMAL));
                    } catch (WebSocketClosed e) {
                        await(connection.close(WebSocketClosed.NORMAL));
                    } catch (Throwable t) {
                        Owners.report(context().spawner(), "the handler of " + connection.socket, t);
                        await(connection.close(WebSocketClosed.INTERNAL_ERROR));
                    }
                }
            }
        });
    }

    /** {@return the answer that made it a WebSocket, which is open then; {@link Responder#NONE} when it never became one} */
    private Future<Responder> http() {
        return async(() -> {
            try {
                Http http = new Http(this);
                Responder last = await(http.untilUpgrade());
                if (last.upgrade() == null) {
                    return Responder.NONE;
                }
                if (server.connections.opened(this, http.socket())) {
                    return last;
                }
                await(goodbye());
            } catch (IOException | TimeoutException e) {
                // the client is gone, sent what is no HTTP, or took too long
            } catch (Throwable t) {
                Owners.report(context().spawner(), toString(), t);
            }
            return Responder.NONE;
        });
    }

    private Future<Void> handled(WebSocketHandler handler) throws Exception {
        return handler.handle(Objects.requireNonNull(socket));
    }

    private Future<Void> close(int code) {
        return Objects.requireNonNull(socket).close(code, "");
    }

    /** {@return a future that closes the WebSocket, beside its handler perhaps, which then sees a {@link WebSocketClosed} and may take its time} */
    Future<Void> goodbye() {
        return Objects.requireNonNull(socket).close(WebSocketClosed.GOING_AWAY, "the server goes away");
    }

    /**
     * Before it waits for a request, and when it has one.
     *
     * @param waits whether nothing of the next one has come
     * @return false when it is to end, since the server is being drained
     */
    boolean goesOn(boolean waits) {
        return server.connections.goesOn(this, waits);
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.cut(WebSocketClosed.GOING_AWAY);
            }
        } finally {
            stream.close();
            server.connections.remove(this);
        }
    }

    @Override
    public String toString() {
        return "connection of " + stream.remoteAddress();
    }
}
