package dev.latent.cli;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Future;
import dev.latent.examples.chat.Chat;
import dev.latent.examples.chat.ChatServer;
import dev.latent.examples.chat.NodeKit;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
import dev.latent.runtime.Latent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code latent chat}. */
@Command(
        name = "chat",
        description = "Serves a chat for people, with its page, until Ctrl-C.",
        footer = {
            "Examples:",
            "  latent chat --port 8080",
            "  latent chat --bus kafka                                  the first node of several, with a Kafka in it",
            "  latent chat --port 8081 --bus kafka://127.0.0.1:19092    another node"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ChatCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    /** For readers who hold a room up. */
    private static final int PATIENCE_SECONDS = 5;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Where to listen; 0 picks a free port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen at; 0.0.0.0 lets other machines in. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--bus",
            paramLabel = "URL",
            description =
                    "Makes it one node of several, which share their rooms over kafka://host:port, nats://host:port or redis://host:port; kafka alone starts one in this process.")
    private @Nullable String bus;

    @Option(
            names = "--public",
            paramLabel = "HOST:PORT",
            description =
                    "With --bus: where browsers find this node, which the others tell their people for when theirs is gone. Default: where it listens, unless that is all addresses.")
    private @Nullable String place;

    @Option(
            names = "--history",
            paramLabel = "FILE-OR-URL",
            description =
                    "With --bus: where what was said is kept, a file of H2 or a jdbc: address. Default: a file that goes with this node, and is filled from the bus.")
    private @Nullable String history;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Range.check(spec.commandLine(), "--port", port, 0, MAX_PORT);
        if (history != null && bus == null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--history is for --bus; without, what was said is kept in memory");
        }
        if (place != null && (bus == null || !isPlace(place))) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    bus == null
                            ? "--public is for --bus; there are no other nodes without"
                            : "--public: " + place + " is no HOST:PORT");
        }
        try {
            Shutdown.Report report = Latent.blockOn(bus == null ? serve(new Chat()) : serveNode(kit(), bus));
            System.out.println("drained: " + (report.isClean() ? "nobody is left" : report));
        } catch (IOException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
        return 0;
    }

    private NodeKit kit() {
        return NodeKit.find()
                .orElseThrow(
                        () -> new CommandLine.ParameterException(
                                spec.commandLine(),
                                "--bus stands in a module of its own, and only the script latent builds it: ./latent chat --bus …"));
    }

    private Future<Shutdown.Report> serveNode(NodeKit kit, String url) {
        return async(() -> {
            try (var shared = await(kit.bus(url));
                    var kept = await(kit.history(history, shared.name()))) {
                System.out.println("the bus is " + shared);
                String id = Long.toHexString(new SecureRandom().nextLong());
                return await(serve(new Chat(id, shared, kept, Duration.ofSeconds(PATIENCE_SECONDS))));
            }
        });
    }

    private Future<Shutdown.Report> serve(Chat chat) {
        return Shutdown.on(Signal.INT, Signal.TERM).run(stop -> {
            CompletableFuture<Void> goodbye = context().spawner().toCompletableFuture(async(() -> {
                await(stop.asked());
                System.out.println("draining: everybody is told goodbye");
            }));
            try {
                await(ChatServer.serve(chat, List.of(host), port, goodbye, address -> {
                    if (place != null || !address.getAddress().isAnyLocalAddress()) {
                        chat.isAt(place != null ? place : at(address));
                    }
                    System.out.println("listening on http://" + at(address) + "/ until Ctrl-C");
                }));
            } finally {
                goodbye.cancel(false);
            }
        });
    }

    private static String at(InetSocketAddress address) {
        String host = address.getHostString();
        String name = host.equals("0.0.0.0") ? "localhost" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return name + ":" + address.getPort();
    }

    private static boolean isPlace(String place) {
        try {
            URI uri = new URI("ws://" + place);
            return uri.getHost() != null
                    && uri.getPort() > 0
                    && uri.getPort() <= MAX_PORT
                    && place.equals(uri.getHost() + ":" + uri.getPort());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
