package dev.latent.cli;

import dev.latent.cli.demo.DemoLoad;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A chat server in one process and its users in another, measured from outside. */
record DemoRun(int connections, int seconds) {
    /** A server that needs more has a fault. */
    private static final int SERVER_MB = 512;

    /** Connections from which on the server may have more memory. */
    private static final int MANY = 50_000;

    /** For malloc to give back what it holds, see the flags. */
    private static final int SETTLE_MILLIS = 1_500;

    /**
     * {@return how it went}
     *
     * @param main the server: says {@code port N}, and settles its memory on {@code memory}
     * @param addresses its arguments
     * @param flags more of them, for its JVM
     */
    Report run(String name, Class<?> main, List<String> addresses, List<String> flags)
            throws IOException, Failure, InterruptedException {
        Progress progress = new Progress();
        progress.now("starting the " + name);
        List<String> all = new ArrayList<>(serverFlags());
        all.addAll(flags);
        try (Child server = Child.start(name, all, main, addresses)) {
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
