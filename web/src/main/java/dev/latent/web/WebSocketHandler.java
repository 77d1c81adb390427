package dev.latent.web;

import dev.latent.Future;

/** What a server does with a connection: {@code Chat::connection}, or {@code socket -> async(() -> …)}. */
@FunctionalInterface
public interface WebSocketHandler {
    /**
     * {@return a future that serves {@code socket}; once it has ended, the connection is closed}
     *
     * <p><em>Cancel safety:</em> it is dropped, and its cleanup awaited, with the server.
     *
     * <p>A {@link WebSocketClosed} that it lets through is the ordinary end. Any other failure closes the connection with 1011 and is
     * reported to the executor's {@link dev.latent.world.FailureHandler}.
     */
    Future<Void> handle(WebSocket socket) throws Exception;
}
