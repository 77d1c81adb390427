package dev.latent.cli.bench;

import static dev.latent.cli.bench.Program.number;

import dev.latent.cli.bench.Row.Aim;
import dev.latent.cli.bench.Subject.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/**
 * Operations a second of a workload of tasks, and what a JVM allocates for one.
 *
 * @param word what the programs call it
 * @param onOne the aims on one thread
 * @param onTwo the aims on two workers
 * @param bytes the aim of what one operation allocates; 0 for none
 * @param hasLocal whether Latent has something of its own for one thread, beside what it has for any
 */
record Throughput(
        String benchmark,
        String word,
        String shown,
        Map<String, Aim> onOne,
        Map<String, Aim> onTwo,
        double bytes,
        boolean hasLocal,
        List<TaskSystem> systems) {
    /** {@return the case on one thread, or on two workers} */
    Case of(Flavor flavor, Plan plan) {
        String title = shown + ", " + flavor.shown;
        Row speed = Row.higher(benchmark, title, "million/s").aims(flavor == Flavor.CURRENT ? onOne : onTwo);
        Row allocated = Row.lower(benchmark, title + ", allocated", "B each")
                .aims(bytes > 0 ? Map.of(Row.LATENT, Aim.atMost(bytes)) : Map.of());
        List<String> arguments = new ArrayList<>(
                List.of(word, "--seconds", plan.either("0.4", "2"), "--warmup", plan.either("0.5", "3")));
        arguments.addAll(flavor.arguments());
        BiFunction<String, JsonNode, List<Value>> values = (system, figures) -> {
            List<Value> both = new ArrayList<>();
            both.add(new Value(speed, system, number(figures, "ops_per_second") / 1e6));
            if (figures.has("bytes_per_operation")) {
                both.add(new Value(allocated, system, number(figures, "bytes_per_operation")));
            }
            return both;
        };
        List<Subject> subjects = new ArrayList<>();
        boolean local = hasLocal && flavor == Flavor.CURRENT;
        for (TaskSystem system : systems) {
            List<String> its = new ArrayList<>(arguments);
            if (local && system == TaskSystem.LATENT) {
                its.add("--local");
            }
            subjects.add(system.program(plan, List.of(), its, values));
        }
        if (local) {
            subjects.add(TaskSystem.SHARED.program(plan, List.of(), arguments, values));
        }
        return new Case(benchmark, title, List.of(speed, allocated), subjects);
    }

    /** {@return the cases of these on one thread and on two workers} */
    static List<Case> cases(List<Throughput> works, Plan plan) {
        List<Case> all = new ArrayList<>();
        for (Throughput work : works) {
            for (Flavor flavor : Flavor.values()) {
                all.add(work.of(flavor, plan));
            }
        }
        return all;
    }
}
