package nodes;

import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.cli.demo.Orders;
import dev.latent.examples.chat.Bus;
import dev.latent.examples.chat.Chat;
import dev.latent.examples.chat.ChatServer;
import dev.latent.examples.chat.History;
import dev.latent.io.Shutdown;
import dev.latent.runtime.Latent;
import java.time.Duration;
import java.util.List;

/** One node as a process: says {@code port N}, and drains on {@code stop}. */
public final class NodeProcess {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private NodeProcess() {}

    /**
     * Serves until it is told to stop.
     *
     * @param args its name, the bus, the history
     */
    public static void main(String[] args) throws Exception {
        Shutdown stop = Shutdown.on();
        Orders.listen(_ -> stop.ask("told to stop"));
        Kit kit = new Kit();
        Latent.blockOn(stop.run(_ -> {
            try (Bus bus = await(kit.bus(args[1]));
                    History history = await(kit.history(args[2], bus.name()))) {
                Chat chat = new Chat(args[0], bus, history, PATIENCE);
                await(ChatServer.serve(
                        chat,
                        List.of("127.0.0.1"),
                        0,
                        context().spawner().toCompletableFuture(stop.asked()),
                        address -> {
                            chat.isAt("127.0.0.1:" + address.getPort());
                            System.out.println("port " + address.getPort());
                        }));
            }
        }));
    }
}
