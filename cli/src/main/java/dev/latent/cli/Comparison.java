package dev.latent.cli;

import dev.latent.cli.demo.DemoServer;
import dev.latent.cli.demo.ThreadsServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The same chat with a thread for each connection, with virtual threads, and with Latent. */
record Comparison(List<Entry> entries) {
    /** From the first number of connections to the second. */
    static final int STEP = 10;

    /** How one server did. */
    record Entry(String server, Report report) {}

    static Comparison run(int connections, int seconds, Limits limits)
            throws IOException, Failure, InterruptedException {
        List<Entry> entries = new ArrayList<>();
        for (int level : new int[] {connections, connections * STEP}) {
            DemoRun run = new DemoRun(level, seconds);
            List<String> addresses = limits.addresses(level);
            entries.add(new Entry(
                    "platform threads", run.run("platform threads", ThreadsServer.class, addresses, List.of())));
            entries.add(new Entry(
                    "virtual threads",
                    run.run("virtual threads", ThreadsServer.class, addresses, List.of("-Dlatent.virtual=true"))));
            entries.add(new Entry("Latent", run.run("Latent", DemoServer.class, addresses, List.of())));
        }
        return new Comparison(entries);
    }

    boolean isPerfect() {
        return entries.stream().allMatch(entry -> entry.report.isPerfect());
    }

    String table() {
        StringBuilder table = new StringBuilder("%-17s %11s %8s %14s %16s %9s %9s%n"
                .formatted("server", "connections", "held", "kB/connection", "CPU µs/message", "p50 ms", "p99 ms"));
        for (Entry entry : entries) {
            Report report = entry.report;
            table.append("%-17s %,11d %,8d %14.1f %16.1f %9.2f %9.2f%s%n"
                    .formatted(
                            entry.server,
                            report.connections(),
                            report.held(),
                            report.kbPerConnection(),
                            micros(report),
                            report.p50(),
                            report.p99(),
                            report.isPerfect()
                                    ? ""
                                    : "   %,d of %,d arrived, %,d errors"
                                            .formatted(report.received(), report.expected(), report.errorCount())));
        }
        return table.toString();
    }

    private static double micros(Report report) {
        return report.received() > 0 ? report.cpuSeconds() * 1e6 / report.received() : 0;
    }

    String json() {
        StringBuilder json = new StringBuilder("[");
        for (Entry entry : entries) {
            json.append(json.length() == 1 ? "" : ",")
                    .append(String.format(Locale.ROOT, "{\"server\":\"%s\",\"report\":", entry.server))
                    .append(entry.report.json().strip())
                    .append('}');
        }
        return json.append("]\n").toString();
    }
}
