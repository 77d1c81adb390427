package dev.latent.cli;

import dev.latent.cli.bench.Children;
import dev.latent.cli.bench.Machine;
import dev.latent.cli.bench.Page;
import dev.latent.cli.bench.Plan;
import dev.latent.cli.bench.Turn;
import dev.latent.cli.lab.Experiment;
import dev.latent.cli.lab.Findings;
import dev.latent.cli.lab.JsonText;
import dev.latent.cli.lab.Lab;
import dev.latent.cli.lab.Models;
import dev.latent.cli.lab.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code latent lab}. */
@Command(
        name = "lab",
        description =
                "Runs what the lesson on async claims as experiments on this machine, and says what came of each in a sentence.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class LabCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Which experiments; all if none is named.")
    private List<String> names = List.of();

    @Option(names = "--quick", description = "Short runs and fewer of them: under two minutes in all.")
    private boolean quick;

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--sources",
            paramLabel = "FOLDER",
            description = "What javac is to compile in costs; some of Latent's own if not said.")
    private @Nullable Path sources;

    @Option(names = "--class-path", paramLabel = "PATH", description = "What those sources need.")
    private String classPath = "";

    @Option(
            names = "--record",
            description = "Ask all languages, and keep what they say for those who lack one.",
            hidden = true)
    private boolean record;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    /** Names and examples, below the options. */
    static void addHelp(CommandLine lab) {
        List<String> lines = new ArrayList<>(List.of("", "NAME is one of"));
        Experiment.ALL.forEach(one -> lines.add("  %-10s %s".formatted(one.name(), one.question())));
        lines.addAll(List.of(
                "",
                "For instance:",
                "  latent lab --quick --html report.html",
                "  latent lab costs --sources ../mine/src/main/java --class-path '../mine/lib/*'",
                "",
                "A language whose tool chain is missing is named, and shown as it was recorded."));
        lab.getCommandSpec().usageMessage().footer(lines.toArray(String[]::new));
    }

    @Override
    public Integer call() throws Exception {
        List<Experiment> experiments = new ArrayList<>();
        for (String name : names) {
            experiments.add(Experiment.of(name)
                    .orElseThrow(() -> new ParameterException(spec.commandLine(), Experiment.unknown(name))));
        }
        if (sources != null && !Files.isDirectory(sources)) {
            throw new ParameterException(spec.commandLine(), "--sources: there is no folder " + sources);
        }
        Plan plan = Plan.of(BenchCommand.root(), quick);
        output.check();
        Progress progress = new Progress();
        try (Turn _ = Turn.of(plan.root());
                Children children = new Children(plan.root())) {
            Machine machine = Machine.now(children);
            Path folder = sources == null ? null : sources.toAbsolutePath();
            Lab lab = Lab.of(
                    plan,
                    children,
                    progress,
                    folder,
                    classPath,
                    Limits.ofThisMachine().openFiles());
            if (record) {
                Models.record(lab);
                return 0;
            }
            List<Findings> all = new ArrayList<>();
            try {
                for (Experiment experiment : experiments.isEmpty() ? Experiment.ALL : experiments) {
                    all.add(experiment.run(lab));
                }
            } finally {
                progress.end();
            }
            output.tell(
                    JsonText.of(all, machine, quick),
                    () -> Text.of(all, machine),
                    data -> Page.of(Lab.class, "When async, when threads: measured here", data));
            return 0;
        }
    }
}
