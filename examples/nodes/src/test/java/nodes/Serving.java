package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.examples.chat.Bus;
import dev.latent.examples.chat.Chat;
import dev.latent.examples.chat.ChatServer;
import dev.latent.examples.chat.History;
import dev.latent.runtime.Latent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A node in this process, on a thread of its own, until it is closed. */
record Serving(Thread thread, CompletableFuture<Void> stop, int port, Bus bus, History history)
        implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    /** What a node is made of. */
    record Parts(String id, Bus bus, History history) {}

    static Serving begin(Future<Parts> made) throws Exception {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        CompletableFuture<Parts> parts = new CompletableFuture<>();
        CompletableFuture<Integer> port = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                Latent.blockOn(serve(made, stop, parts, port));
            } catch (Throwable t) {
                parts.completeExceptionally(t);
                port.completeExceptionally(t);
            }
        });
        int at = port.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return new Serving(thread, stop, at, parts.join().bus(), parts.join().history());
    }

    private static Future<Void> serve(
            Future<Parts> made,
            CompletableFuture<Void> stop,
            CompletableFuture<Parts> parts,
            CompletableFuture<Integer> port) {
        return async(() -> {
            Parts all = await(made);
            parts.complete(all);
            try (Bus bus = all.bus();
                    History history = all.history()) {
                await(ChatServer.serve(
                        new Chat(all.id(), bus, history, Duration.ofSeconds(5)),
                        List.of("127.0.0.1"),
                        0,
                        stop,
                        address -> port.complete(address.getPort())));
            }
        });
    }

    @Override
    public void close() {
        stop.complete(null);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
