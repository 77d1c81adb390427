package physics;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;

import dev.latent.First;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.cli.Failure;
import dev.latent.cli.Job;
import dev.latent.cli.Output;
import dev.latent.cli.Progress;
import dev.latent.cli.Range;
import dev.latent.cli.Version;
import dev.latent.cli.bench.Children;
import dev.latent.cli.bench.Machine;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
import dev.latent.runtime.Latent;
import dev.latent.web.WebServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code latent physics}. */
@Command(
        name = "physics",
        description =
                "Physics at 60 frames a second on a thread of its own, with viewers; or, measured, what becomes of the same loop as a task.",
        footer = {
            "",
            "For instance:",
            "  latent physics --port 8080                serves a page that shows the bodies, until Ctrl-C",
            "  latent physics --seconds 30               the same for half a minute",
            "  latent physics --compare --html jitter.html"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class PhysicsCommand implements Job {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_BODIES = 10_000;
    private static final int MAX_SECONDS = 600;
    private static final int COMPARED_SECONDS = 10;
    private static final int MAX_BUSY = 1_000;
    private static final int MAX_COMPUTE = 1_000;
    private static final int FRAMES_PER_SECOND = 60;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    /** For a run without an end only the last frames would be worth keeping, and they are not asked for. */
    private static final int KEPT = 0;

    @Option(
            names = "--bodies",
            paramLabel = "N",
            defaultValue = "300",
            description = "How many bodies. Default: ${DEFAULT-VALUE}.")
    private int bodies;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Where to listen; 0 picks a free port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--compare", description = "Measure the loop on a thread and as a task, instead of serving it.")
    private boolean compare;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description =
                    "How long it is served, by default until Ctrl-C; with --compare how long each way is measured, by default 10.")
    private @Nullable Integer seconds;

    @Option(
            names = "--busy",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many busy tasks are beside it. Default: ${DEFAULT-VALUE}.")
    private int busy;

    @Option(
            names = "--busy-compute",
            paramLabel = "MS",
            defaultValue = "5",
            description =
                    "For how many ms each of them computes at a time; then it pauses for 2 ms. Default: ${DEFAULT-VALUE}.")
    private int busyCompute;

    @Mixin
    private final Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    /** By picocli. */
    public PhysicsCommand() {}

    @Override
    public Integer call() throws Exception {
        CommandLine line = spec.commandLine();
        Range.check(line, "--bodies", bodies, 1, MAX_BODIES);
        Range.check(line, "--port", port, 0, MAX_PORT);
        if (seconds != null) {
            Range.check(line, "--seconds", seconds, 1, MAX_SECONDS);
        }
        Range.check(line, "--busy", busy, 0, MAX_BUSY);
        Range.check(line, "--busy-compute", busyCompute, 1, MAX_COMPUTE);
        if (compare) {
            compare(seconds == null ? COMPARED_SECONDS : seconds);
        } else {
            serve();
        }
        return 0;
    }

    private void compare(int length) throws Exception {
        output.check();
        Progress progress = new Progress();
        Machine machine;
        try (Children children = new Children(Path.of("").toAbsolutePath())) {
            machine = Machine.now(children);
        }
        Map<Way, FrameTimes> all;
        try {
            all = new Comparison(bodies, length * FRAMES_PER_SECOND, busy, Duration.ofMillis(busyCompute))
                    .run(what -> progress.now("%d s of %s".formatted(length, what)));
        } finally {
            progress.end();
        }
        String question =
                "%,d bodies at 60 frames a second, %d s each; %d busy tasks compute for %d ms and pause for 2 ms"
                        .formatted(bodies, length, busy, busyCompute);
        Told told = new Told(all, question, machine);
        output.tell(told.json(), told::text, Told::page);
    }

    private void serve() throws Exception {
        Scene scene = new Scene(bodies, 1);
        FrameTimes times = new FrameTimes(KEPT);
        Physics physics = new Physics(scene, times);
        try {
            Latent.blockOn(serve(physics, new Viewers(physics, scene.shapes())));
        } catch (IOException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        }
        System.out.printf("%,d frames, %,d missed (%.2f %%)%n", times.frames(), times.missed(), times.missedPercent());
    }

    private Future<Shutdown.Report> serve(Physics physics, Viewers viewers) {
        return Shutdown.on(Signal.INT, Signal.TERM).run(stop -> {
            try (var server = await(viewers.on(WebServer.at("127.0.0.1", port)).bind())) {
                var loop = physics.onThread(Integer.MAX_VALUE);
                System.out.println("http://127.0.0.1:" + server.localAddress().getPort() + "/ shows it "
                        + (seconds == null ? "until Ctrl-C" : "for %,d s".formatted(seconds)));
                try {
                    await(join(
                            server.serve(),
                            drain(server, stop),
                            telling(physics, stop),
                            stop.untilAsked(Futures.observe(loop)))); // or it would be served when it has failed
                } finally {
                    physics.stop();
                    await(settle(Futures.observe(loop)));
                }
            }
        });
    }

    /** Tells every second how it goes, and asks for the end when it is time. */
    private Future<Void> telling(Physics physics, Shutdown stop) {
        return async(() -> {
            Progress progress = new Progress();
            boolean tells = seconds != null || progress.isTerminal();
            try {
                for (int passed = 1; await(stop.untilAsked(sleep(SECOND))) instanceof First; passed++) {
                    Physics.State now = physics.state().get();
                    if (tells) {
                        progress.now("%,d%s s: %,d frames, %,d missed"
                                .formatted(
                                        passed,
                                        seconds == null ? "" : " of %,d".formatted(seconds),
                                        now.frame(),
                                        now.missed()));
                    }
                    if (seconds != null && passed >= seconds) {
                        stop.ask("the time is over");
                    }
                }
            } finally {
                progress.end();
            }
        });
    }

    private static Future<Void> drain(WebServer server, Shutdown stop) {
        return async(() -> {
            await(stop.asked());
            await(server.drain(GOODBYE));
        });
    }
}
