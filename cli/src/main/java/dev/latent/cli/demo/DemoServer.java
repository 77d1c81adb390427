package dev.latent.cli.demo;

import dev.latent.examples.chat.Chat;
import dev.latent.examples.chat.ChatServer;
import dev.latent.runtime.Latent;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The chat server as a process: says {@code port N}, settles its memory on {@code memory}, and drains on {@code stop}.
 */
public final class DemoServer {
    private static final int COLLECTIONS = 3;

    private DemoServer() {}

    /**
     * Serves until it is told to stop.
     *
     * @param args the addresses to listen at
     */
    public static void main(String[] args) throws Exception {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        Orders.listen(word -> {
            if (word.equals("memory")) {
                for (int i = 0; i < COLLECTIONS; i++) {
                    System.gc();
                }
                Runtime runtime = Runtime.getRuntime();
                System.out.println("memory " + (runtime.totalMemory() - runtime.freeMemory()));
            } else {
                stop.complete(null);
            }
        });
        Latent.blockOn(ChatServer.serve(
                new Chat(), List.of(args), 0, stop, address -> System.out.println("port " + address.getPort())));
        System.out.println("stopped");
    }
}
