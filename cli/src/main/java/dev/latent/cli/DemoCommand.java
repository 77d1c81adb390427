package dev.latent.cli;

import dev.latent.cli.demo.DemoServer;
import dev.latent.cli.demo.ManyNodes;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code latent demo}. */
@Command(
        name = "demo",
        description =
                "A chat server in one process, its users in another: real WebSocket connections that join, chat and"
                        + " leave.",
        footer = {
            "Exit code 0 only if every connection was served and every message arrived.",
            "",
            "Examples:",
            "  latent demo --connections 50000",
            "  latent demo --nodes 3             three servers over Kafka, one of which is killed",
            "  latent demo --compare             the same chat with threads"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {
    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_SECONDS = 3_600;
    private static final int MAX_NODES = 16;
    private static final int MOST = 100_000;
    private static final int LEAST_MEMORY = 100;
    private static final int MAX_MEMORY = 1_000_000;

    /** For as many to come as a server can hold. */
    private static final Duration REACH_TIME = Duration.ofSeconds(60);

    private static final int DEFAULT = 10_000;

    /** Where there is more than one server. */
    private static final int FEW = 1_000;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "How many, held at the same time. Default: 10000, with --nodes or --compare 1000.")
    private @Nullable Integer asked;

    private int connections;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "15",
            description = "How long they chat. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description =
                    "As many servers, which share their rooms over a bus; one is killed in the middle, and nobody may"
                            + " miss anything.")
    private int nodes;

    @Option(
            names = "--bus",
            paramLabel = "URL",
            description =
                    "With --nodes: kafka://host:port, nats://host:port or redis://host:port. Default: a Kafka that is"
                            + " started for it.")
    private @Nullable String bus;

    @Option(
            names = "--compare",
            description =
                    "The same chat with a thread for each connection, with virtual threads and with Latent; then as"
                            + " many as each can hold, and what kept it from more.")
    private boolean compare;

    @Option(
            names = "--most",
            paramLabel = "N",
            description =
                    "With --compare: with so many connections a server has shown enough. Default: 100000, or what this"
                            + " machine lets one process have.")
    private @Nullable Integer most;

    @Option(
            names = "--memory",
            paramLabel = "MB",
            description = "With --compare: what each server may have, heap and in all. Default: 512.")
    private @Nullable Integer memory;

    @Option(names = "--json", description = "Print one line of JSON instead of the table.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        boolean isSmall = nodes > 0 || compare;
        connections = asked != null ? asked : isSmall ? FEW : DEFAULT;
        Range.check(spec.commandLine(), "--connections", connections, 1, MAX_CONNECTIONS);
        Range.check(spec.commandLine(), "--seconds", seconds, 1, MAX_SECONDS);
        Range.check(spec.commandLine(), "--nodes", nodes, 0, MAX_NODES);
        if (bus != null && nodes == 0) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--bus is for --nodes");
        }
        if (!compare && (most != null || memory != null)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), (most != null ? "--most" : "--memory") + " is for --compare");
        }
        Range.check(spec.commandLine(), "--most", most == null ? MOST : most, 1, MAX_CONNECTIONS);
        Range.check(
                spec.commandLine(), "--memory", memory == null ? DemoRun.SERVER_MB : memory, LEAST_MEMORY, MAX_MEMORY);
        Limits limits = Limits.ofThisMachine();
        limits.check(connections);
        if (nodes > 0) {
            return ServiceLoader.load(ManyNodes.class)
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.ParameterException(
                            spec.commandLine(),
                            "--nodes stands in a module of its own, and only the script latent builds it: ./latent"
                                    + " demo --nodes "
                                    + nodes))
                    .run(nodes, connections, seconds, bus == null ? "kafka" : bus, json);
        }
        if (compare) {
            return compare(limits);
        }
        Report report = new DemoRun(connections, seconds)
                .run("server", DemoServer.class, limits.addresses(connections), List.of());
        report.errors().forEach(error -> System.err.println("latent demo: " + error));
        System.out.print(json ? report.json() : report.table());
        System.out.flush();
        return report.isPerfect() ? 0 : 1;
    }

    private int compare(Limits limits) throws Exception {
        Bounds bounds = new Bounds(
                limits.most(most == null ? MOST : most), memory == null ? DemoRun.SERVER_MB : memory, REACH_TIME);
        Comparison comparison = Comparison.run(connections, seconds, limits, bounds);
        System.out.print(json ? comparison.json() : comparison.table());
        System.out.flush();
        return comparison.isPerfect() ? 0 : 1;
    }
}
