package dev.latent.web;

import dev.latent.Future;
import dev.latent.io.TcpStream;
import dev.latent.web.http.Upgrade;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A server's WebSocket, with its handler. It is one object with its socket, because very many wait. */
final class ServedSocket extends FramedSocket implements Upgrade.Upgraded {
    private final WebSocketHandler handler;

    ServedSocket(
            TcpStream stream,
            Side side,
            @Nullable ByteBuffer early,
            @Nullable String subprotocol,
            WebSocketHandler handler) {
        super(stream, side, early, subprotocol);
        this.handler = handler;
    }

    @Override
    public Future<Void> serve() throws Exception {
        return handler.handle(this);
    }

    @Override
    public boolean isFailure(Throwable failure) {
        return !(failure instanceof WebSocketClosed);
    }

    @Override
    public Future<Void> end(@Nullable Throwable failure) {
        return close(
                failure != null && isFailure(failure) ? WebSocketClosed.INTERNAL_ERROR : WebSocketClosed.NORMAL, "");
    }

    /** The handler then sees a {@link WebSocketClosed}, and may take its time. */
    @Override
    public Future<Void> goodbye() {
        return close(WebSocketClosed.GOING_AWAY, "the server goes away");
    }

    @Override
    public void cut() {
        cut(WebSocketClosed.GOING_AWAY);
    }
}
