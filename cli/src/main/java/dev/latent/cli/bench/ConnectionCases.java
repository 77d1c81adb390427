package dev.latent.cli.bench;

import static dev.latent.cli.bench.Program.number;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Row.Aim;
import dev.latent.cli.bench.Servers.Running;
import dev.latent.cli.bench.Servers.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What very many WebSocket connections cost: that they are there, with compression or without, and a message to all of them. */
final class ConnectionCases {
    private static final String IDLE = "idle";
    private static final String DEFLATE = "deflate";
    private static final String BROADCAST = "broadcast";
    private static final int MOST = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, Aim> BROADCAST_AIMS =
            Map.of("tokio-tungstenite", Aim.atMost(0.8), "netty-nio", Aim.atMost(0.8));

    private ConnectionCases() {}

    // ---- memory -----------------------------------------------------------------------------------------------------

    static List<Case> idle(Plan plan) {
        Row opened = Row.lower(IDLE, "an idle connection", "kB").aims(Map.of(Row.LATENT, Aim.atMost(2.8)));
        return List.of(memory(IDLE, "10,000 idle connections", opened, Servers.echo(plan), List.of()));
    }

    static List<Case> deflate(Plan plan) {
        Row opened = Row.lower(DEFLATE, "an idle connection", "kB").aims(Map.of(Row.LATENT, Aim.atMost(2.8)));
        return List.of(memory(
                DEFLATE, "10,000 connections that compress", opened, Servers.deflate(plan), List.of("--deflate")));
    }

    private static Case memory(String benchmark, String title, Row opened, List<Server> servers, List<String> more) {
        Row used = Row.lower(benchmark, "an idle connection that was used", "kB");
        Row peak = Row.lower(benchmark, "a connection while all are used, at most", "kB");
        Row empty = Row.lower(benchmark, "the server without connections", "MB");
        List<String> load = new ArrayList<>(List.of("--idle", "--connections", String.valueOf(MOST)));
        load.addAll(more);
        List<Subject> subjects = new ArrayList<>();
        for (Server server : servers) {
            subjects.add(new Loaded(
                    server,
                    load,
                    List.of(
                            new Figure(opened, "opened_kb_per_connection", 1),
                            new Figure(used, "used_kb_per_connection", 1),
                            new Figure(peak, "peak_kb_per_connection", 1),
                            new Figure(empty, "rss_empty_kb", 1_000)),
                    null));
        }
        return new Case(benchmark, title, List.of(opened, used, peak, empty), subjects);
    }

    // ---- a message to all -------------------------------------------------------------------------------------------

    static List<Case> broadcast(Plan plan) {
        Row cpu = Row.lower(BROADCAST, "CPU of a delivery", "µs").aims(BROADCAST_AIMS);
        Row time = Row.lower(BROADCAST, "until all have it, p50", "ms");
        Row bytes = Row.lower(BROADCAST, "allocated for a delivery", "B");
        List<String> load = List.of(
                "--broadcast",
                "--hold",
                "--connections",
                String.valueOf(MOST),
                "--seconds",
                plan.either("1.5", "5"),
                "--warmup",
                plan.either("1.5", "5"));
        List<Subject> subjects = new ArrayList<>();
        for (Server server : Servers.broadcast(plan)) {
            subjects.add(new Loaded(
                    server,
                    load,
                    List.of(new Figure(cpu, "cpu_us_per_delivery", 1), new Figure(time, "p50_us", 1_000)),
                    bytes));
        }
        return List.of(new Case(BROADCAST, "a message to 10,000 connections", List.of(cpu, time, bytes), subjects));
    }

    /** What the load's client calls a row's value, and how many of its units make one of the row's. */
    private record Figure(Row row, String name, double units) {}

    /**
     * A server under the load's client.
     *
     * @param bytes of what is allocated for each delivery, from when the measurement begins; null where nobody asks
     */
    private record Loaded(
            Server server,
            List<String> arguments,
            List<Figure> figures,
            @Nullable Row bytes) implements OfServer {
        @Override
        public List<String> load(int port) {
            return Servers.load(port, arguments);
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            try (Running running = server.start(children);
                    Child client = children.start(load(running.port()))) {
                long before = 0;
                if (bytes != null) {
                    client.line(line -> line.equals("begin"), PATIENCE);
                    before = server.isJvm() ? running.allocated() : 0;
                }
                JsonNode said = Program.parse(client.line(line -> line.startsWith("{"), PATIENCE));
                List<Value> values = new ArrayList<>();
                for (Figure figure : figures) {
                    values.add(new Value(figure.row, name(), number(said, figure.name) / figure.units));
                }
                if (bytes != null && server.isJvm()) {
                    double allocated = running.allocated() - before;
                    values.add(new Value(bytes, name(), allocated / number(said, "deliveries")));
                }
                return values;
            }
        }
    }
}
