package dev.latent.cli.bench;

import static dev.latent.cli.bench.Program.number;

import dev.latent.cli.bench.Row.Aim;
import dev.latent.cli.bench.Subject.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/** Workloads of executors, on one thread and on two workers, beside tokio and kotlinx.coroutines. */
final class ExecutorCases {
    static final List<String> SMALL_HEAP =
            List.of("-XX:+UseSerialGC", "-Xmn16m", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10");

    private static final String TOKIO = "tokio";
    private static final String KOTLINX = "kotlinx";
    private static final Part TOKIO_PART = Part.rust(TOKIO);
    private static final Part KOTLINX_PART = Part.maven(KOTLINX);

    private final Plan plan;

    private ExecutorCases(Plan plan) {
        this.plan = plan;
    }

    /** How many threads run the tasks. */
    private enum Flavor {
        CURRENT("one thread"),
        MULTI("two workers");

        final String shown;

        Flavor(String shown) {
            this.shown = shown;
        }

        List<String> arguments() {
            return this == CURRENT ? List.of() : List.of("--flavor", "multi", "--workers", "2");
        }
    }

    private enum Work {
        SPAWN_JOIN("spawn-join", "spawn + join", 5, 3),
        YIELD("yield", "yield", 3, 2),
        PING_PONG("ping-pong", "ping-pong", 3.5, 3),
        MUTEX("mutex", "uncontended mutex", 3, 3),
        MUTEX_100("mutex-100", "mutex, 100 tasks that yield", 2, 2);

        final String word;
        final String shown;
        final double onOne;
        final double onTwo;

        Work(String word, String shown, double onOne, double onTwo) {
            this.word = word;
            this.shown = shown;
            this.onOne = onOne;
            this.onTwo = onTwo;
        }
    }

    static List<Case> executor(Plan plan) {
        ExecutorCases cases = new ExecutorCases(plan);
        List<Case> all = new ArrayList<>();
        for (Work work : Work.values()) {
            for (Flavor flavor : Flavor.values()) {
                all.add(cases.throughput(work, flavor));
            }
        }
        return all;
    }

    private Case throughput(Work work, Flavor flavor) {
        String title = work.shown + ", " + flavor.shown;
        Aim aim = Aim.atLeast(flavor == Flavor.CURRENT ? work.onOne : work.onTwo);
        Row speed = Row.higher("executor", title, "million/s").aims(Map.of(TOKIO, aim));
        Row bytes = Row.lower("executor", title + ", allocated", "B each");
        List<String> arguments = new ArrayList<>(
                List.of(work.word, "--seconds", plan.either("0.4", "2"), "--warmup", plan.either("0.5", "3")));
        arguments.addAll(flavor.arguments());
        return new Case("executor", title, List.of(speed, bytes), subjects(List.of(), arguments, (system, figures) -> {
            List<Value> values = new ArrayList<>();
            values.add(new Value(speed, system, number(figures, "ops_per_second") / 1e6));
            if (figures.has("bytes_per_operation")) {
                values.add(new Value(bytes, system, number(figures, "bytes_per_operation")));
            }
            return values;
        }));
    }

    static List<Case> timers(Plan plan) {
        ExecutorCases cases = new ExecutorCases(plan);
        List<Case> all = new ArrayList<>();
        for (Flavor flavor : Flavor.values()) {
            String title = "1,000,000 timers, " + flavor.shown;
            Row time = Row.lower("timers", title, "s").aims(Map.of(TOKIO, Aim.atMost(0.9)));
            Row cpu = Row.lower("timers", title + ", CPU", "s");
            List<String> arguments = new ArrayList<>(List.of("timers", "1000000"));
            arguments.addAll(flavor.arguments());
            all.add(new Case(
                    "timers",
                    title,
                    List.of(time, cpu),
                    cases.subjects(
                            List.of(),
                            arguments,
                            (system, figures) -> List.of(
                                    new Value(time, system, number(figures, "elapsed_seconds")),
                                    new Value(cpu, system, number(figures, "cpu_seconds"))))));
        }
        return all;
    }

    static List<Case> memory(Plan plan) {
        ExecutorCases cases = new ExecutorCases(plan);
        Case bare = cases.sleepers(Flavor.CURRENT, ", JVM without flags", List.of(), 0.8);
        Case one = cases.sleepers(Flavor.CURRENT, "", SMALL_HEAP, 0.55);
        Case two = cases.sleepers(Flavor.MULTI, "", SMALL_HEAP, 0.55);
        return plan.either(List.of(one, two), List.of(one, bare, two));
    }

    private Case sleepers(Flavor flavor, String how, List<String> flags, double aim) {
        String title = "1,000,000 sleepers, " + flavor.shown + how;
        Row rss = Row.lower("memory", title, "MB").aims(Map.of(TOKIO, Aim.atMost(aim)));
        List<String> arguments = new ArrayList<>(List.of("sleepers", "1000000"));
        arguments.addAll(flavor.arguments());
        return new Case(
                "memory",
                title,
                List.of(rss),
                subjects(
                        flags,
                        arguments,
                        (system, figures) -> List.of(new Value(rss, system, number(figures, "rss_kb") / 1_000))));
    }

    private List<Subject> subjects(
            List<String> flags, List<String> arguments, BiFunction<String, JsonNode, List<Value>> values) {
        List<String> tokio = new ArrayList<>(List.of(TOKIO_PART.artifact()));
        tokio.addAll(arguments);
        String folder = "bench/peers/kotlinx/target/";
        String path = Plan.path(folder + "latent-peer-kotlinx.jar", folder + "lib/*");
        return List.of(
                program(
                        Row.LATENT,
                        List.of(),
                        plan.latent(flags, "dev.latent.examples.bench.ExecutorBench", arguments),
                        values),
                program(TOKIO, List.of(TOKIO_PART), tokio, values),
                program(
                        KOTLINX,
                        List.of(KOTLINX_PART),
                        plan.java(flags, path, "dev.latent.peers.KotlinxBenchKt", arguments),
                        values));
    }

    private static Program program(
            String name, List<Part> parts, List<String> command, BiFunction<String, JsonNode, List<Value>> values) {
        return new Program(name, parts, command, figures -> values.apply(name, figures));
    }
}
