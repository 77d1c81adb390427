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

    private static final List<TaskSystem> SYSTEMS = List.of(TaskSystem.LATENT, TaskSystem.TOKIO, TaskSystem.KOTLINX);
    private static final String TOKIO = TaskSystem.TOKIO.shown;

    private final Plan plan;

    private ExecutorCases(Plan plan) {
        this.plan = plan;
    }

    static List<Case> executor(Plan plan) {
        return Throughput.cases(List.of(work("spawn-join", "spawn + join", 5, 3), work("yield", "yield", 3, 2)), plan);
    }

    private static Throughput work(String word, String shown, double onOne, double onTwo) {
        return new Throughput(
                "executor",
                word,
                shown,
                Map.of(TOKIO, Aim.atLeast(onOne)),
                Map.of(TOKIO, Aim.atLeast(onTwo)),
                0,
                false,
                SYSTEMS);
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
        return TaskSystem.subjects(SYSTEMS, plan, flags, arguments, values);
    }
}
