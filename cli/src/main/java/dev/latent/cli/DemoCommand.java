package dev.latent.cli;

import dev.latent.cli.demo.DemoLoad;
import dev.latent.cli.demo.DemoServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code latent demo}. */
@Command(
        name = "demo",
        description =
                "A chat server in one process, its users in another: real WebSocket connections that join, chat and leave.",
        footer = "Exit code 0 only if every connection was served and every message arrived.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {
    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_SECONDS = 3_600;

    /** A server that needs more has a fault. */
    private static final int SERVER_MB = 512;

    /** Connections from which on the server may have more memory. */
    private static final int MANY = 50_000;

    /** For malloc to give back what it holds, see the flags. */
    private static final int SETTLE_MILLIS = 1_500;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many, held at the same time. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "15",
            description = "How long they chat. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--json", description = "Print one line of JSON instead of the table.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Range.check(spec.commandLine(), "--connections", connections, 1, MAX_CONNECTIONS);
        Range.check(spec.commandLine(), "--seconds", seconds, 1, MAX_SECONDS);
        Limits limits = Limits.ofThisMachine();
        limits.check(connections);
        Report report = run(limits.addresses(connections));
        report.errors().forEach(error -> System.err.println("latent demo: " + error));
        System.out.print(json ? report.json() : report.table());
        System.out.flush();
        return report.isPerfect() ? 0 : 1;
    }

    private Report run(List<String> addresses) throws IOException, Failure, InterruptedException {
        Progress progress = new Progress();
        progress.now("starting the server");
        try (Child server = Child.start("server", serverFlags(), DemoServer.class, addresses)) {
            List<String> arguments =
                    new ArrayList<>(List.of(server.line("port"), String.valueOf(connections), String.valueOf(seconds)));
            arguments.addAll(addresses);
            try (Child load = Child.start("load", List.of("-XX:+UseSerialGC", "-Xmn64m"), DemoLoad.class, arguments)) {
                return run(server, load, progress);
            }
        } finally {
            progress.end();
        }
    }

    private Report run(Child server, Child load, Progress progress) throws IOException, Failure, InterruptedException {
        progress.now("warming up");
        List<String> errors = new ArrayList<>();
        long empty = 0;
        long full = 0;
        double cpu = 0;
        while (true) {
            String line = load.line();
            String[] words = line.split(" ", 2);
            switch (words[0]) {
                case "warm" -> {
                    empty = settledRss(server);
                    load.tell("connect");
                }
                case "connecting" -> progress.now("connecting: %,d of %,d".formatted(number(words[1]), connections));
                case "connected" -> {
                    progress.now("connected: %,d of %,d; measuring memory".formatted(number(words[1]), connections));
                    full = settledRss(server);
                    cpu = server.cpuSeconds();
                    load.tell("go");
                }
                case "running" -> progress.now("chatting: %,d messages have arrived".formatted(number(words[1])));
                case "error" -> errors.add(words[1]);
                case "result" -> {
                    return Report.of(
                            connections, words[1], empty, full, server.cpuSeconds() - cpu, List.copyOf(errors));
                }
                default -> throw new Failure("the load said \"" + line + "\"");
            }
        }
    }

    private static long settledRss(Child server) throws IOException, Failure, InterruptedException {
        server.tell("memory");
        server.line("memory");
        Thread.sleep(SETTLE_MILLIS);
        return server.rssKb();
    }

    /** Small and fixed, and no more heap held than is used: what is measured is to be the connections. */
    private List<String> serverFlags() {
        long megabytes = connections <= MANY ? SERVER_MB : (long) connections * SERVER_MB / MANY;
        return List.of(
                "-XX:+UseSerialGC",
                "-Xmx" + megabytes + "m",
                "-Xms18m",
                "-Xmn16m",
                "-XX:MinHeapFreeRatio=5",
                "-XX:MaxHeapFreeRatio=15",
                "-XX:TrimNativeHeapInterval=500");
    }

    private static long number(String text) {
        return Long.parseLong(text);
    }
}
