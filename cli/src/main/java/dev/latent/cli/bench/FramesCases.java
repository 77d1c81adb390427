package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import dev.latent.cli.bench.Row.Aim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Woven bodies beside plain calls and beside state machines written by hand, by JMH, each in a JVM of its own. */
final class FramesCases {
    private static final String FOLDER = "bench/jmh/target/";
    private static final Part JMH = new Part(
            "the JMH benchmarks",
            Tool.MAVEN,
            List.of(
                    "mvn",
                    "-q",
                    "-B",
                    "-ntp",
                    "-Pbench",
                    "-pl",
                    "bench/jmh",
                    "-am",
                    "-Dmaven.test.skip=true",
                    "-Dlatent.lint=false",
                    "package"),
            FOLDER + "latent-bench.jar",
            List.of("bench/jmh/pom.xml", "bench/jmh/src", "core/src/main", "compiler/src/main"));

    private static final String LAYERS = "a call in a chain of three, across classes";
    private static final String CHILD = "an await of a body that suspends";
    private static final List<String> MOST_TELLING = List.of(LAYERS, CHILD);

    private FramesCases() {}

    /** What a woven body stands beside: how the benchmark's name ends, how it is told, and the aim. */
    private record Beside(String suffix, String shown, Aim aim) {}

    static List<Case> frames(Plan plan) {
        Beside plain = new Beside("Plain", "plain", Aim.atMost(2));
        Beside hand = new Beside("Hand", "by hand", Aim.atMost(1.05));
        List<Case> pairs = List.of(
                pair(plan, LAYERS, "Chain.layers", plain),
                pair(plan, "a call in a chain of three, within a class", "Chain.levels", plain),
                pair(plan, "a call of a recursion, virtual methods", "Chain.recursionVirtual", plain),
                pair(plan, "a call of a recursion, static methods", "Chain.recursion", plain),
                pair(plan, "a round of a loop, an await in 1,024, ready", "HotLoop.ready", plain),
                pair(plan, "a round of a loop, an await in 1,024, pending", "HotLoop.pending", plain),
                pair(plan, CHILD, "Machine.child", hand),
                pair(plan, "a suspension and resume at a leaf", "Machine.leaf", hand));
        return plan.quick()
                ? pairs.stream()
                        .filter(pair -> MOST_TELLING.contains(pair.title()))
                        .toList()
                : pairs;
    }

    private static Case pair(Plan plan, String title, String benchmark, Beside beside) {
        Row time = Row.lower("frames", title, "ns").aims(Map.of(beside.shown, beside.aim));
        Row bytes = Row.lower("frames", title + ", allocated", "B");
        return new Case(
                "frames",
                title,
                List.of(time, bytes),
                List.of(
                        new Jmh(plan, Row.LATENT, benchmark + "Woven", time, bytes),
                        new Jmh(plan, beside.shown, benchmark + beside.suffix, time, bytes)));
    }

    private record Jmh(Plan plan, String name, String benchmark, Row time, Row bytes) implements Subject {
        private List<String> command(@Nullable Path out) {
            String iterations = plan.either("3", "5");
            String length = plan.either("100ms", "300ms");
            List<String> command = plan.java(
                    List.of(),
                    Plan.path(FOLDER + "latent-bench.jar", FOLDER + "lib/*"),
                    "org.openjdk.jmh.Main",
                    List.of(
                            "^dev.latent.bench." + benchmark + "$",
                            "-f",
                            "1",
                            "-wi",
                            iterations,
                            "-i",
                            iterations,
                            "-w",
                            length,
                            "-r",
                            length,
                            "-prof",
                            "gc"));
            if (out != null) {
                command.addAll(List.of("-v", "SILENT", "-rf", "json", "-rff", out.toString()));
            }
            return command;
        }

        @Override
        public List<Part> parts() {
            return List.of(JMH);
        }

        @Override
        public List<String> commands() {
            return List.of(Plan.shown(command(null)));
        }

        @Override
        public List<Value> run(Children children) throws Failure, InterruptedException {
            try {
                Path out = Files.createTempFile("latent-bench", ".json");
                try {
                    children.run(command(out));
                    return read(Program.parse(Files.readString(out)).path(0));
                } finally {
                    Files.delete(out);
                }
            } catch (IOException e) {
                throw new Failure("JMH's figures can't be read: " + e.getMessage());
            }
        }

        private List<Value> read(JsonNode result) throws Failure {
            List<@Nullable Double> samples = new ArrayList<>();
            for (JsonNode fork : result.path("primaryMetric").path("rawData")) {
                for (JsonNode sample : fork) {
                    samples.add(sample.asDouble());
                }
            }
            OptionalDouble median = Statistics.median(samples);
            if (median.isEmpty()) {
                throw new Failure("JMH has measured nothing");
            }
            JsonNode allocated =
                    result.path("secondaryMetrics").path("gc.alloc.rate.norm").path("score");
            // A fraction of a byte is the harness's own.
            return List.of(
                    new Value(time, name, median.getAsDouble()),
                    new Value(bytes, name, Math.rint(allocated.asDouble())));
        }
    }
}
