package dev.latent.cli.bench;

import static dev.latent.cli.bench.Program.number;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Row.Aim;
import dev.latent.examples.bench.Attack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What one attacker costs a server's other clients, and the server. All are on one machine, so the attacker, which elsewhere would have one of its own, runs at the lowest priority: what is
 * measured is what the server does for it, and not who gets the processor.
 */
final class AttackCases {
    static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-Xmn64m");
    private static final List<String> LOAD_FLAGS = List.of("-XX:+UseSerialGC", "-Xmx256m");
    private static final int SHOWN_PORT = 7001;
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final double MOST_TIMES = 3;
    private static final int KB = 1024;

    /** What a server may take to let go of connections whose clients have gone: a close's time, and some. */
    private static final Duration AFTER = Duration.ofSeconds(3);

    private AttackCases() {}

    static List<Case> attacks(Plan plan) {
        List<Case> cases = new ArrayList<>();
        for (Attack attack : Attack.values()) {
            Rows rows = Rows.of(attack);
            cases.add(new Case("attacks", attack.title(), rows.all(), List.of(new Attacked(plan, attack, rows))));
        }
        return cases;
    }

    /** The rows of one attack. */
    private record Rows(Row before, Row during, Row times, Row memory, Row left, Row lost, Row wrong) {
        static Rows of(Attack attack) {
            return new Rows(
                    row(attack, "neighbours' p99 before", "µs"),
                    row(attack, "neighbours' p99", "µs"),
                    row(attack, "neighbours' p99, times that before", "").aims(atMost(MOST_TIMES)),
                    row(attack, "live heap grown by", "MB").aims(atMost(attack.megabytes())),
                    row(attack, "connections left", "").aims(atMost(0)),
                    row(attack, "neighbours lost", "").aims(atMost(0)),
                    row(attack, "answered otherwise", "").aims(atMost(0)));
        }

        private static Row row(Attack attack, String what, String unit) {
            return Row.lower("attacks", attack.title() + ": " + what, unit);
        }

        private static Map<String, Aim> atMost(double bound) {
            return Map.of(Row.LATENT, Aim.atMost(bound));
        }

        List<Row> all() {
            return List.of(before, during, times, memory, left, lost, wrong);
        }
    }

    private record Attacked(Plan plan, Attack attack, Rows rows) implements Subject {
        @Override
        public String name() {
            return Row.LATENT;
        }

        @Override
        public List<Part> parts() {
            return List.of();
        }

        @Override
        public List<String> commands() {
            return List.of(
                    Plan.shown(server(SHOWN_PORT)),
                    Plan.shown(program("Neighbours", SHOWN_PORT)),
                    Plan.shown(attacker(SHOWN_PORT)));
        }

        private List<String> server(int port) {
            List<String> command = plan.latent(
                    FLAGS, "dev.latent.examples.bench.AttackedServer", List.of("--port", String.valueOf(port)));
            return attack.descriptors() == 0
                    ? command
                    : List.of("sh", "-c", "ulimit -n " + attack.descriptors() + "; exec " + Plan.shown(command));
        }

        private List<String> program(String name, int port) {
            return plan.latent(
                    LOAD_FLAGS, "dev.latent.examples.bench." + name, List.of("--port", String.valueOf(port)));
        }

        private List<String> attacker(int port) {
            List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
            command.addAll(program("Attacker", port));
            command.addAll(List.of("--attack", attack.name()));
            return command;
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            int port = Servers.freePort();
            long window = plan.either(1_200L, 5_000L);
            try (Child server = children.start(server(port))) {
                server.line(line -> line.startsWith("ready"), PATIENCE);
                try (Child neighbours = children.start(program("Neighbours", port))) {
                    neighbours.line(line -> line.startsWith("ready"), PATIENCE);
                    Thread.sleep(plan.either(3_000L, 5_000L)); // until both are warm
                    figures(neighbours);
                    Thread.sleep(window);
                    JsonNode before = figures(neighbours);
                    JsonNode calm = figures(server);
                    JsonNode during;
                    JsonNode strained;
                    JsonNode seen;
                    try (Child attacker = children.start(attacker(port))) {
                        attacker.line(line -> line.startsWith("attacking"), PATIENCE);
                        figures(neighbours);
                        Thread.sleep(window);
                        during = figures(neighbours);
                        strained = figures(server);
                        attacker.tell("stop");
                        seen = Program.parse(attacker.line(line -> line.startsWith("{"), PATIENCE));
                    }
                    JsonNode after = figures(server);
                    for (long end = System.nanoTime() + AFTER.toNanos();
                            number(after, "connections") > number(calm, "connections") && System.nanoTime() < end; ) {
                        Thread.sleep(200);
                        after = figures(server);
                    }
                    JsonNode end = figures(neighbours);
                    return values(before, during, end, calm, strained, after, seen);
                }
            }
        }

        private static JsonNode figures(Child child) throws Failure, InterruptedException {
            child.tell("figures");
            return Program.parse(child.line(line -> line.startsWith("{"), PATIENCE));
        }

        private List<Value> values(
                JsonNode before,
                JsonNode during,
                JsonNode end,
                JsonNode calm,
                JsonNode strained,
                JsonNode after,
                JsonNode seen)
                throws Failure {
            double grown = (number(strained, "live_kb") - number(calm, "live_kb")) / KB;
            String detail = "%s; %.0f connections and %.0f files under attack, %.0f reported"
                    .formatted(
                            seen,
                            number(strained, "connections"),
                            number(strained, "files"),
                            number(after, "reported"));
            return List.of(
                    value(rows.before, number(before, "p99_us")),
                    value(rows.during, number(during, "p99_us")),
                    value(rows.times, number(during, "p99_us") / number(before, "p99_us")),
                    new Value(rows.memory, Row.LATENT, Math.max(0, grown), detail),
                    value(rows.left, Math.max(0, number(after, "connections") - number(calm, "connections"))),
                    value(rows.lost, number(end, "lost")),
                    value(rows.wrong, number(seen, "wrong")));
        }

        private static Value value(Row row, double value) {
            return new Value(row, Row.LATENT, value);
        }
    }
}
