package dev.latent.cli;

import dev.latent.cli.demo.DemoServer;
import dev.latent.cli.demo.ThreadsServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The same chat with a thread for each connection, with virtual threads, and with Latent: with as many connections as are said, then with as many as each can hold. */
record Comparison(List<Entry> entries) {
    /** How one server did. */
    record Entry(String server, Report report) {}

    private record Server(String name, Class<?> main, List<String> flags) {}

    private static final List<Server> SERVERS = List.of(
            new Server("platform threads", ThreadsServer.class, List.of()),
            new Server("virtual threads", ThreadsServer.class, List.of("-Dlatent.virtual=true")),
            new Server("Latent", DemoServer.class, List.of()));

    static Comparison run(int connections, int seconds, Limits limits, Bounds bounds)
            throws IOException, Failure, InterruptedException {
        List<Entry> entries = new ArrayList<>();
        for (Server server : SERVERS) {
            entries.add(run(server, new DemoRun(connections, seconds), limits));
        }
        for (Server server : SERVERS) {
            entries.add(run(server, new DemoRun(bounds.most().connections(), seconds, bounds), limits));
        }
        return new Comparison(entries);
    }

    private static Entry run(Server server, DemoRun run, Limits limits)
            throws IOException, Failure, InterruptedException {
        return new Entry(
                server.name, run.run(server.name, server.main, limits.addresses(run.connections()), server.flags));
    }

    /** {@return whether nothing was lost with as many connections as were said} How each does at its end is what is asked. */
    boolean isPerfect() {
        return entries.stream()
                .allMatch(entry ->
                        entry.report.isPerfect() || !entry.report.stopped().isEmpty());
    }

    String table() {
        StringBuilder table = new StringBuilder("%-17s %11s %14s %16s %9s %9s   %s%n"
                .formatted(
                        "server", "connections", "kB/connection", "CPU µs/message", "p50 ms", "p99 ms", "stopped by"));
        for (Entry entry : entries) {
            Report report = entry.report;
            table.append("%-17s %,11d %14.1f %16.1f %9.2f %9.2f   %s%s%n"
                    .formatted(
                            entry.server,
                            report.held(),
                            report.kbPerConnection(),
                            micros(report),
                            report.p50(),
                            report.p99(),
                            report.stopped(),
                            report.isPerfect() ? "" : lost(report)));
        }
        return table.toString();
    }

    private static String lost(Report report) {
        return "%s%,d of %,d held, %,d of %,d arrived, %,d errors"
                .formatted(
                        report.stopped().isEmpty() ? "" : "; ",
                        report.held(),
                        report.connections(),
                        report.received(),
                        report.expected(),
                        report.errorCount());
    }

    private static double micros(Report report) {
        return report.received() > 0 ? report.cpuSeconds() * 1e6 / report.received() : 0;
    }

    String json() {
        StringBuilder json = new StringBuilder("[");
        for (Entry entry : entries) {
            json.append(json.length() == 1 ? "" : ",")
                    .append(String.format(Locale.ROOT, "{\"server\":\"%s\",\"report\":", entry.server))
                    .append(entry.report.json().strip());
            if (!entry.report.stopped().isEmpty()) {
                json.append(",\"stopped_by\":\"")
                        .append(entry.report.stopped().replaceAll("[\"\\\\\\p{Cntrl}]", "'"))
                        .append('"');
            }
            json.append('}');
        }
        return json.append("]\n").toString();
    }
}
