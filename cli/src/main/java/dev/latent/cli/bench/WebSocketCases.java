package dev.latent.cli.bench;

import static dev.latent.cli.bench.Program.number;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Row.Aim;
import dev.latent.cli.bench.Row.Curve;
import dev.latent.cli.bench.Servers.Running;
import dev.latent.cli.bench.Servers.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** WebSocket echo at several numbers of connections. */
final class WebSocketCases {
    private static final int MIDDLE = 1_000;
    private static final int MOST = 10_000;
    private static final int[] CONNECTIONS = {100, MIDDLE, MOST};
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, Aim> CPU_AIMS =
            Map.of("fastwebsockets", Aim.atMost(1.05), "netty-nio", Aim.atMost(0.85));

    private WebSocketCases() {}

    static List<Case> websocket(Plan plan) {
        List<Case> cases = new ArrayList<>();
        for (int connections : CONNECTIONS) {
            cases.add(echo(plan, connections));
        }
        for (int connections : plan.either(new int[] {MIDDLE}, CONNECTIONS)) {
            cases.add(SystemCalls.of(plan, connections));
        }
        return cases;
    }

    static Row row(int connections, String what, String unit) {
        return Row.lower("websocket", "%s, %,d connections".formatted(what, connections), unit)
                .on(new Curve(what + ", " + unit, "connections", connections));
    }

    /** The rows of one number of connections. */
    private record Rows(Row cpu, Row p50, Row p99, Row p999, Row speed, Row bytes) {
        static Rows of(int connections) {
            Row p999 = row(connections, "p99.9", "µs");
            Row speed = Row.higher("websocket", "messages, %,d connections".formatted(connections), "thousand/s")
                    .on(new Curve("messages, thousand/s", "connections", connections));
            return new Rows(
                    row(connections, "CPU of a message", "µs").aims(CPU_AIMS),
                    row(connections, "p50", "µs"),
                    row(connections, "p99", "µs"),
                    connections == MOST ? p999.aims(Map.of("fastwebsockets", Aim.atMost(1.3))) : p999,
                    speed,
                    row(connections, "allocated for a message", "B"));
        }

        List<Row> all() {
            return List.of(cpu, p50, p99, p999, speed, bytes);
        }
    }

    private static Case echo(Plan plan, int connections) {
        Rows rows = Rows.of(connections);
        List<String> load = List.of(
                "--echo",
                "--hold",
                "--connections",
                String.valueOf(connections),
                "--seconds",
                plan.either("0.8", "5"),
                "--warmup",
                plan.either("1", "5"));
        List<Subject> subjects = new ArrayList<>();
        for (Server server : Servers.echo(plan)) {
            subjects.add(new Echo(server, load, rows));
        }
        return new Case("websocket", "echo, %,d connections".formatted(connections), rows.all(), subjects);
    }

    private record Echo(Server server, List<String> arguments, Rows rows) implements OfServer {
        @Override
        public List<String> load(int port) {
            return Servers.load(port, arguments);
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            try (Running running = server.start(children);
                    Child client = children.start(load(running.port()))) {
                client.line(line -> line.equals("begin"), PATIENCE);
                long before = server.isJvm() ? running.allocated() : 0;
                JsonNode figures = Program.parse(client.line(line -> line.startsWith("{"), PATIENCE));
                List<Value> values = new ArrayList<>(List.of(
                        value(rows.cpu, figures, "cpu_us_per_message"),
                        value(rows.p50, figures, "p50_us"),
                        value(rows.p99, figures, "p99_us"),
                        value(rows.p999, figures, "p999_us"),
                        new Value(rows.speed, name(), number(figures, "messages_per_second") / 1_000)));
                if (server.isJvm()) {
                    double bytes = running.allocated() - before;
                    values.add(new Value(rows.bytes, name(), bytes / number(figures, "messages")));
                }
                return values;
            }
        }

        private Value value(Row row, JsonNode figures, String name) {
            return new Value(row, name(), number(figures, name));
        }
    }
}
