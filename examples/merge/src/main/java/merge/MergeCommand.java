package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;

import dev.latent.First;
import dev.latent.Future;
import dev.latent.cli.Failure;
import dev.latent.cli.Job;
import dev.latent.cli.Range;
import dev.latent.cli.Version;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
import dev.latent.runtime.Latent;
import dev.latent.web.WebServer;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code latent merge}. */
@Command(
        name = "merge",
        description = "Serves pages each of which comes from five databases, asked at once, until Ctrl-C.",
        footer = {
            "",
            "For instance:",
            "  latent merge --port 8080",
            "  latent merge --postgres postgresql://me:secret@db/shop --deadline postgres=1s",
            "  latent merge load --quick",
            "",
            "What is not given by URL is started beside it, for as long as it runs."
        },
        subcommands = LoadCommand.class,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class MergeCommand implements Job {
    private static final int MAX_PORT = 65_535;
    private static final Duration DRAIN = Duration.ofSeconds(2);

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
            description = "The address to listen at. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Mixin
    private final DatabaseOptions databases = new DatabaseOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    /** For picocli and the command line. */
    public MergeCommand() {}

    @Override
    public Integer call() throws Exception {
        Range.check(spec.commandLine(), "--port", port, 0, MAX_PORT);
        Quiet.clients();
        try (Databases open = databases.start(spec.commandLine())) {
            System.out.println(Latent.blockOn(serve(open.settings())));
        } catch (IOException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        }
        return 0;
    }

    private Future<Shutdown.Report> serve(Settings settings) {
        return Shutdown.on(Signal.INT, Signal.TERM)
                .within(Duration.ofSeconds(5))
                .run(stop -> {
                    if (await(stop.untilAsked(Sources.open(settings)))
                            instanceof First<Sources, ?, ?, ?>(var sources)) {
                        await(served(sources, stop));
                    }
                });
    }

    private Future<Void> served(Sources open, Shutdown stop) {
        return async(() -> {
            try (var sources = open;
                    var server = await(WebServer.at(host, port)
                            .any("/{path...}", new Service(sources).routes())
                            .bind())) {
                System.out.println("http://" + host + ":"
                        + server.localAddress().getPort() + "/products/7, /databases; Ctrl-C ends");
                await(join(server.serve(), async(() -> {
                    await(stop.asked());
                    await(server.drain(DRAIN));
                })));
            }
        });
    }
}
