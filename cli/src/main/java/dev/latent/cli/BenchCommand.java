package dev.latent.cli;

import dev.latent.cli.bench.Benchmark;
import dev.latent.cli.bench.Case;
import dev.latent.cli.bench.Children;
import dev.latent.cli.bench.Choice;
import dev.latent.cli.bench.JsonText;
import dev.latent.cli.bench.Machine;
import dev.latent.cli.bench.Page;
import dev.latent.cli.bench.Plan;
import dev.latent.cli.bench.Results;
import dev.latent.cli.bench.Runner;
import dev.latent.cli.bench.Table;
import dev.latent.cli.bench.Turn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** {@code latent bench}. */
@Command(
        name = "bench",
        description = "Measures Latent beside its peers, in turns, and prints medians, spread and ratios.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class BenchCommand implements Callable<Integer> {
    private static final int ROUNDS = 5;
    private static final int QUICK_ROUNDS = 3;
    private static final int MAX_ROUNDS = 1_000;

    /** What of a quick run could end after this does not begin. */
    private static final Duration QUICK = Duration.ofSeconds(160);

    private static final Duration UNLIMITED = Duration.ofDays(365);

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "What to measure; all if none is named.")
    private List<String> names = List.of();

    @Option(
            names = "--quick",
            description =
                    "Short runs, less of them, and only the most telling peers: at most three minutes in all, beside builds.")
    private boolean quick;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each system runs. Default: 5; with --quick as many as fit, at most 3.")
    private @Nullable Integer rounds;

    @Option(
            names = "--systems",
            paramLabel = "A,B",
            split = ",",
            description = "Only these systems, for instance Latent,tokio.")
    private List<String> systems = List.of();

    @Option(
            names = "--rows",
            paramLabel = "TEXT",
            description = "Only what has this in its title, for instance \"two workers\" or 10,000.")
    private @Nullable String rows;

    @Mixin
    private final Output output = new Output();

    @Option(names = "--commands", description = "Measure nothing; print each system's own command.")
    private boolean commands;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    /** Names and examples, below the options. */
    static void addHelp(CommandLine bench) {
        List<String> lines =
                new ArrayList<>(List.of("", "NAME is one of (behind the semicolon what it is measured beside)"));
        Benchmark.help().forEach(lines::add);
        lines.addAll(List.of(
                "",
                "For instance:",
                "  latent bench --quick",
                "  latent bench executor timers --rounds 3 --systems Latent,tokio",
                "  latent bench websocket --rows 10,000 --rounds 20 --html websocket.html",
                "  latent bench memory --commands",
                "",
                "Exit code 0 if all ran; a system whose tool chain is missing is left out, with a line that says so."));
        bench.getCommandSpec()
                .usageMessage()
                .footer(lines.stream().map(line -> line.replace("%", "%%")).toArray(String[]::new));
    }

    @Override
    public Integer call() throws Exception {
        List<Benchmark> benchmarks = benchmarks();
        if (rounds != null) {
            Range.check(spec.commandLine(), "--rounds", rounds, 1, MAX_ROUNDS);
        }
        Plan plan = Plan.of(root(), quick);
        List<Case> cases;
        try {
            cases = new Choice(systems, rows, quick).of(Benchmark.cases(benchmarks, plan));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        if (commands) {
            System.out.print(Choice.commands(cases));
            System.out.flush();
            return 0;
        }
        output.check();
        try (Turn _ = Turn.of(plan.root());
                Children children = new Children(plan.root())) {
            Machine machine = Machine.now(children);
            int most = rounds != null ? rounds : quick ? QUICK_ROUNDS : ROUNDS;
            Results results = new Runner(plan, children, System.err).run(cases, most, quick ? QUICK : UNLIMITED);
            output.tell(
                    JsonText.of(results, cases, machine, quick),
                    () -> Table.of(results, cases, machine),
                    data -> Page.of(Page.class, "Latent beside its peers", data));
            return results.isComplete() ? 0 : 1;
        }
    }

    private List<Benchmark> benchmarks() {
        if (names.isEmpty()) {
            return Benchmark.ALL;
        }
        List<Benchmark> named = new ArrayList<>();
        for (String name : names) {
            List<Benchmark> all = Benchmark.of(name);
            if (all.isEmpty()) {
                throw new ParameterException(spec.commandLine(), Benchmark.unknown(name));
            }
            named.addAll(all);
        }
        return named;
    }

    /** {@return the repository: the folder above this program that has the peers} */
    static Path root() throws Failure {
        String given = System.getProperty("latent.root");
        if (given != null) {
            return Path.of(given).toAbsolutePath().normalize();
        }
        Path here = Origin.of(BenchCommand.class);
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("bench/peers"))) {
                return folder;
            }
        }
        throw new Failure("needs Latent's sources around it, and there is no bench/peers above " + here);
    }
}
