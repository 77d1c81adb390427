package dev.latent.cli;

import dev.latent.examples.chat.Chat;
import dev.latent.examples.chat.ChatServer;
import dev.latent.runtime.Latent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code latent chat}. */
@Command(
        name = "chat",
        description = "Serves a chat for people, with its page, until Ctrl-C.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ChatCommand implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

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

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Range.check(spec.commandLine(), "--port", port, 0, MAX_PORT);
        CompletableFuture<Void> stop = new CompletableFuture<>();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!stopped.isDone()) {
                System.out.println("draining: everybody is told goodbye");
                stop.complete(null);
                stopped.exceptionally(e -> null).join();
            }
        }));
        try {
            Latent.blockOn(ChatServer.serve(
                    new Chat(),
                    List.of(host),
                    port,
                    stop,
                    address -> System.out.println("listening on http://" + name(address.getHostString()) + ":"
                            + address.getPort() + "/ until Ctrl-C")));
            System.out.println("drained: nobody is left");
        } catch (IOException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        } finally {
            stopped.complete(null);
        }
        return 0;
    }

    private static String name(String host) {
        return host.equals("0.0.0.0") ? "localhost" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
