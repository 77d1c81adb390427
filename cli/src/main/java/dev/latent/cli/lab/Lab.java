package dev.latent.cli.lab;

import dev.latent.cli.Failure;
import dev.latent.cli.Progress;
import dev.latent.cli.bench.Child;
import dev.latent.cli.bench.Children;
import dev.latent.cli.bench.Plan;
import dev.latent.cli.bench.Program;
import dev.latent.cli.bench.Statistics;
import dev.latent.cli.bench.Workshop;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where experiments run.
 *
 * @param workshop builds what is missing
 * @param sources the reader's own code, for what javac takes; null for some of Latent's
 * @param classPath of that code
 * @param openFiles that a process may have
 */
public record Lab(
        Plan plan,
        Children children,
        Workshop workshop,
        Progress progress,
        @Nullable Path sources,
        String classPath,
        long openFiles) {
    static final JsonNode NOTHING = JsonMapper.shared().createObjectNode();

    /** Memory is compared, and a collector that takes what it can would hide what is needed. */
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

    /** {@return a lab that builds what is missing, and says so} */
    public static Lab of(
            Plan plan, Children children, Progress progress, @Nullable Path sources, String classPath, long openFiles) {
        Workshop workshop = new Workshop(plan, children, said -> {
            progress.end();
            System.err.println(said);
        });
        return new Lab(plan, children, workshop, progress, sources, classPath, openFiles);
    }

    boolean isQuick() {
        return plan.quick();
    }

    Path root() {
        return plan.root();
    }

    void now(Experiment experiment, String what) {
        progress.now(experiment.name() + ": " + what);
    }

    /** {@return what a program of {@link dev.latent.cli.lab.program} says} */
    public JsonNode figures(Class<?> program, Object... arguments) throws Failure, InterruptedException {
        return Program.parse(children.json(command(program, arguments)));
    }

    /** Starts such a program. */
    Child start(Class<?> program, Object... arguments) throws Failure {
        return children.start(command(program, arguments));
    }

    private List<String> command(Class<?> program, Object... arguments) {
        return plan.latent(
                FLAGS,
                program.getName(),
                Arrays.stream(arguments).map(String::valueOf).toList());
    }

    /** {@return what the command says, on either stream, however it ends} */
    List<String> said(List<String> command) throws Failure, InterruptedException {
        return children.said(command, Map.of("RUST_BACKTRACE", "1"));
    }

    /** {@return why the programs of that language can't run, null when they can} */
    @Nullable
    String missing(Language language, Experiment experiment) throws Failure, InterruptedException {
        if (language.part == null) {
            return null;
        }
        now(experiment, "looking for what " + language.shown + " needs");
        return workshop.missing(language.part);
    }

    void stopIfClosing() throws Failure {
        if (children.isClosing()) {
            throw new Failure("interrupted");
        }
    }

    /** {@return the middle one} */
    static double median(List<Double> values) {
        return Statistics.median(values).orElseThrow();
    }
}
