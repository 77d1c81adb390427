package dev.latent.examples.chat;

import dev.latent.web.WebSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A connection that waits to be in a room.
 *
 * @param entered is told; nothing where the name is taken
 */
record Arrival(WebSocket socket, CompletableFuture<Optional<Entered>> entered) {
    Arrival(WebSocket socket) {
        this(socket, new CompletableFuture<>());
    }

    /**
     * Who has come in.
     *
     * @param recent what the room remembers: all that was said in it after {@code floor}
     */
    record Entered(Member member, List<Said> recent, long floor) {}
}
