package dev.latent.cli;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;

import dev.latent.Future;
import dev.latent.examples.chat.Chat;
import dev.latent.examples.chat.ChatServer;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
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
        try {
            Shutdown.Report report = Latent.blockOn(serve());
            System.out.println("drained: " + (report.isClean() ? "nobody is left" : report));
        } catch (IOException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        }
        return 0;
    }

    private Future<Shutdown.Report> serve() {
        return Shutdown.on(Signal.INT, Signal.TERM).run(stop -> {
            CompletableFuture<Void> goodbye = context().spawner().toCompletableFuture(async(() -> {
                await(stop.asked());
                System.out.println("draining: everybody is told goodbye");
            }));
            try {
                await(ChatServer.serve(
                        new Chat(),
                        List.of(host),
                        port,
                        goodbye,
                        address -> System.out.println("listening on http://" + name(address.getHostString()) + ":"
                                + address.getPort() + "/ until Ctrl-C")));
            } finally {
                goodbye.cancel(false);
            }
        });
    }

    private static String name(String host) {
        return host.equals("0.0.0.0") ? "localhost" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }
}
