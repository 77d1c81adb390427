package dev.latent.cli.bench;

import dev.latent.cli.bench.Subject.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A system that runs tasks. Each has a program, and all of these know the same words. */
enum TaskSystem {
    LATENT(Row.LATENT, null, TaskSystem.OURS),

    /** With channels for any threads where {@link #LATENT} has those of one thread. */
    SHARED("shared", null, TaskSystem.OURS),
    TOKIO("tokio", Part.rust("tokio"), null),
    KOTLINX("kotlinx", Part.maven("kotlinx"), "dev.latent.peers.KotlinxBenchKt"),
    REACTOR("reactor", Part.maven("jvm"), "dev.latent.peers.ReactorBench"),
    THREADS("virtual-threads", Part.maven("jvm"), "dev.latent.peers.ThreadsBench"),
    GO("go", Part.go("go"), null);

    private static final String OURS = "dev.latent.examples.bench.ExecutorBench";

    final String shown;
    private final @Nullable Part part;

    /** Null where the part itself runs. */
    private final @Nullable String main;

    TaskSystem(String shown, @Nullable Part part, @Nullable String main) {
        this.shown = shown;
        this.part = part;
        this.main = main;
    }

    /** {@return what runs a workload on it, with these flags if it is a JVM} */
    Program program(
            Plan plan, List<String> flags, List<String> arguments, BiFunction<String, JsonNode, List<Value>> values) {
        List<Part> parts = part == null ? List.of() : List.of(part);
        return new Program(shown, parts, command(plan, flags, arguments), figures -> values.apply(shown, figures));
    }

    private List<String> command(Plan plan, List<String> flags, List<String> arguments) {
        if (part == null) {
            return plan.latent(flags, String.valueOf(main), arguments);
        }
        String artifact = part.artifact();
        if (main == null) {
            List<String> command = new ArrayList<>(List.of(artifact));
            command.addAll(arguments);
            return command;
        }
        String lib = artifact.substring(0, artifact.lastIndexOf('/') + 1) + "lib/*";
        return plan.java(flags, Plan.path(artifact, lib), main, arguments);
    }

    /** {@return a workload on several of them} */
    static List<Subject> subjects(
            List<TaskSystem> systems,
            Plan plan,
            List<String> flags,
            List<String> arguments,
            BiFunction<String, JsonNode, List<Value>> values) {
        return systems.stream()
                .<Subject>map(system -> system.program(plan, flags, arguments, values))
                .toList();
    }
}
