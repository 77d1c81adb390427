package dev.latent.web;

import dev.latent.web.http.ByteBudget;
import org.jspecify.annotations.Nullable;

/**
 * What a socket is to its peer, and what it may take.
 *
 * @param budget null on a client
 * @param masks null on a server
 * @param deflate null where messages are not compressed
 */
record Side(
        WebSocketLimits limits,
        @Nullable ByteBudget budget,
        @Nullable Masks masks,
        @Nullable Deflate deflate) {
    /** {@return a server's, on which messages are not compressed} */
    static Side server(WebSocketLimits limits, ByteBudget budget) {
        return new Side(limits, budget, null, null);
    }
}
