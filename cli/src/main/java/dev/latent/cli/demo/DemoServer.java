package dev.latent.cli.demo;

import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.examples.chat.Chat;
import dev.latent.examples.chat.ChatServer;
import dev.latent.io.Shutdown;
import dev.latent.runtime.Latent;
import java.util.List;

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
        Shutdown stop = Shutdown.on();
        Orders.listen(word -> {
            if (word.equals("memory")) {
                tellMemory();
            } else {
                stop.ask("told to stop");
            }
        });
        Shutdown.Report report = Latent.blockOn(stop.run(_ -> await(ChatServer.serve(
                new Chat(),
                List.of(args),
                0,
                context().spawner().toCompletableFuture(stop.asked()),
                address -> System.out.println("port " + address.getPort())))));
        System.out.println(report.isClean() ? "stopped" : "stopped: " + report);
    }

    static void tellMemory() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        System.out.println("memory " + (runtime.totalMemory() - runtime.freeMemory()));
    }
}
