package dev.latent.web.ws;

import dev.latent.web.http.ByteBudget;
import org.jspecify.annotations.Nullable;

/**
 * What a socket is to its peer, and what it may take.
 *
 * @param budget null on a client
 * @param masks null on a server
 */
record Side(
        WebSocketLimits limits,
        @Nullable ByteBudget budget,
        @Nullable Masks masks) {
    static Side server(WebSocketLimits limits, ByteBudget budget) {
        return new Side(limits, budget, null);
    }

    static Side client(WebSocketLimits limits, Masks masks) {
        return new Side(limits, null, masks);
    }
}
