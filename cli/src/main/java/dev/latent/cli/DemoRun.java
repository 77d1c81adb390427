package dev.latent.cli;

import dev.latent.cli.demo.DemoLoad;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat server in one process and its users in another, measured from outside.
 *
 * @param bounds where it is to find out how many connections there can be; null where there have to be as many as are said
 */
record DemoRun(int connections, int seconds, @Nullable Bounds bounds) {
    /** A server that needs more has a fault. */
    static final int SERVER_MB = 512;

    private static final long KB = 1_024;

    /** Connections from which on the server may have more memory. */
    private static final int MANY = 50_000;

    /** Between two looks at a server's memory. */
    private static final int LOOK_MILLIS = 250;

    /** Looks that find no less, before the least is believed: for longer than the 5 s for which a JVM keeps what its compilers had. */
    private static final int CALM_LOOKS = 22;

    /** Looks in all. */
    private static final int MOST_LOOKS = 80;

    /** A run with so many connections. */
    DemoRun(int connections, int seconds) {
        this(connections, seconds, null);
    }

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
            List<String> arguments = new ArrayList<>(List.of(
                    server.line("port"),
                    String.valueOf(connections),
                    String.valueOf(seconds),
                    bounds == null ? "all" : "reach"));
            arguments.addAll(addresses);
            try (Child load = Child.start("load", List.of("-XX:+UseSerialGC", "-Xmn64m"), DemoLoad.class, arguments)) {
                int[] held = new int[1];
                try {
                    return run(server, load, progress, held);
                } catch (IOException | Failure e) {
                    if (bounds == null || server.isAlive()) {
                        throw e;
                    }
                    return Report.gone(held[0], "the server's end");
                }
            }
        } finally {
            progress.end();
        }
    }

    /** @param held is told of how many have come */
    private Report run(Child server, Child load, Progress progress, int[] held)
            throws IOException, Failure, InterruptedException {
        progress.now("warming up");
        List<String> errors = new ArrayList<>();
        long empty = 0;
        long full = 0;
        double cpu = 0;
        String stopped = null;
        long begun = 0;
        while (true) {
            String line = load.line();
            String[] words = line.split(" ", 2);
            switch (words[0]) {
                case "warm" -> {
                    empty = settledRss(server);
                    begun = System.nanoTime();
                    load.tell("connect");
                }
                case "connecting" -> {
                    held[0] = (int) number(words[1]);
                    progress.now("connecting: %,d of %,d".formatted(held[0], connections));
                    if (bounds != null && stopped == null) {
                        stopped = reached(server, bounds, System.nanoTime() - begun);
                        if (stopped != null) {
                            load.tell("enough");
                        }
                    }
                }
                case "stopped" -> stopped = words[1];
                case "connected" -> {
                    progress.now("connected: %,d of %,d; measuring memory".formatted(number(words[1]), connections));
                    full = settledRss(server);
                    cpu = server.cpuSeconds();
                    load.tell("go");
                }
                case "running" -> progress.now("chatting: %,d messages have arrived".formatted(number(words[1])));
                case "error" -> errors.add(words[1]);
                case "result" -> {
                    Report report = Report.of(
                            connections, words[1], empty, full, server.cpuSeconds() - cpu, List.copyOf(errors));
                    return bounds == null
                            ? report
                            : report.stoppedBy(stopped == null ? bounds.most().why() : stopped);
                }
                default -> throw new Failure("the load said \"" + line + "\"");
            }
        }
    }

    /** {@return the bound that it has come to; null where it has come to none} */
    private static @Nullable String reached(Child server, Bounds bounds, long nanos) throws IOException {
        if (server.rssKb() > bounds.memoryMb() * KB) {
            return "%,d MB of memory".formatted(bounds.memoryMb());
        }
        return nanos > bounds.time().toNanos() ? bounds.time().toSeconds() + " s" : null;
    }

    /**
     * What a server holds at rest: after a collection, the least, once it becomes no less. A JVM's compilers hold megabytes while they compile, its pool of chunks keeps those for 5 s more, and malloc until it is
     * trimmed, see the flags; spread over all connections that would be as much as they are, or as much less.
     */
    private long settledRss(Child server) throws IOException, Failure, InterruptedException {
        server.tell("memory");
        server.line("memory");
        long least = Long.MAX_VALUE;
        int calm = 0;
        int looks = connections < Report.TELLING ? 1 : MOST_LOOKS;
        for (int i = 0; i < looks && calm < CALM_LOOKS; i++) {
            Thread.sleep(LOOK_MILLIS);
            long now = server.rssKb();
            calm = now < least ? 0 : calm + 1;
            least = Math.min(least, now);
        }
        return least;
    }

    /** Small and fixed, and no more heap held than is used: what is measured is to be the connections. */
    private List<String> serverFlags() {
        long megabytes = bounds != null
                ? bounds.memoryMb()
                : connections <= MANY ? SERVER_MB : (long) connections * SERVER_MB / MANY;
        return List.of(
                "-Xlog:disable", // that there is no memory for a thread is told by what becomes of it
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
