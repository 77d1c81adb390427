package dev.latent.cli;

import dev.latent.cli.advise.Durations;
import dev.latent.cli.advise.Interview;
import dev.latent.cli.advise.Measurement;
import dev.latent.cli.advise.Situation;
import dev.latent.cli.advise.Told;
import dev.latent.cli.advise.Work;
import dev.latent.cli.bench.Children;
import dev.latent.cli.bench.Machine;
import dev.latent.cli.bench.Plan;
import dev.latent.cli.bench.Turn;
import dev.latent.cli.lab.Lab;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code latent advise}. */
@Command(
        name = "advise",
        description =
                "Async, threads, or neither, for what you have in mind: a verdict, why, this machine's figures, and a program to start from.",
        footer = {
            "",
            "Without --work it asks. The four of the lesson:",
            "  latent advise --work network --concurrent 10000 --wait 1s",
            "  latent advise --work compute --compute 30s",
            "  latent advise --work db --concurrent 20 --each 5 --wait 20ms",
            "  latent advise --work compute --compute 4ms --deadline 16ms"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AdviseCommand implements Callable<Integer> {
    private static final int MOST = 10_000_000;
    private static final int MOST_EACH = 10_000;

    @Option(
            names = "--work",
            paramLabel = "WORK",
            description = "What it does most of its time: network, files, db, compute or mixed.")
    private @Nullable String work;

    @Option(
            names = "--concurrent",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many pieces of work are under way at the same time. Default: ${DEFAULT-VALUE}.")
    private int concurrent;

    @Option(
            names = "--each",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many waits of one piece need nothing of each other. Default: ${DEFAULT-VALUE}.")
    private int each;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "20ms",
            description = "How long one wait takes. Default: ${DEFAULT-VALUE}.")
    private String waiting = "";

    @Option(
            names = "--compute",
            paramLabel = "TIME",
            description =
                    "How long one piece computes. Default: 1s of compute, 2ms of mixed, else nothing to speak of.")
    private @Nullable String computing;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "By when a piece has to be done: 16ms for a frame, 2h for a night's work.")
    private @Nullable String deadline;

    @Option(names = "--blocking", description = "What it calls blocks its thread, as JDBC does.")
    private boolean blocking;

    @Option(names = "--no-measure", description = "Answer at once, without this machine's figures.")
    private boolean unmeasured;

    @Option(
            names = "--sketch",
            paramLabel = "FOLDER",
            description = "Write the program to start from into that folder.")
    private @Nullable Path sketch;

    @Option(names = "--json", description = "Print JSON instead of text.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (sketch != null && !Files.isDirectory(sketch)) {
            throw new ParameterException(
                    spec.commandLine(), "--sketch: there is no folder " + sketch + ", make it first");
        }
        Situation situation = situation();
        Told told = unmeasured ? Told.of(situation, null, null, List.of(), null) : measured(situation);
        System.out.print(json ? told.json() + "\n" : told.text());
        System.out.flush();
        if (sketch != null) {
            write(told, sketch);
        }
        return 0;
    }

    private Situation situation() throws Failure {
        int cores = Runtime.getRuntime().availableProcessors();
        if (work == null) {
            Console console = System.console();
            if (console == null || !console.isTerminal()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "nobody is there to be asked: say --work network, files, db, compute or mixed");
            }
            return new Interview(new BufferedReader(console.reader()), System.err).ask(cores);
        }
        Work kind = read("--work", work, Interview::work);
        Range.check(spec.commandLine(), "--concurrent", concurrent, 1, MOST);
        Range.check(spec.commandLine(), "--each", each, 1, MOST_EACH);
        if (kind == Work.COMPUTE) {
            for (String option : List.of("--wait", "--each", "--blocking")) {
                if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                    throw new ParameterException(
                            spec.commandLine(), option + " is of waiting, and compute does not wait; say --work mixed");
                }
            }
        }
        String proposed =
                switch (kind) {
                    case COMPUTE -> "1s";
                    case MIXED -> "2ms";
                    case NETWORK, FILES, DB -> "0ms";
                };
        return new Situation(
                kind,
                concurrent,
                each,
                kind == Work.COMPUTE ? Duration.ZERO : read("--wait", waiting, Durations::parsePositive),
                read(
                        "--compute",
                        computing == null ? proposed : computing,
                        kind == Work.COMPUTE || kind == Work.MIXED ? Durations::parsePositive : Durations::parse),
                deadline == null ? null : read("--deadline", deadline, Durations::parsePositive),
                blocking,
                cores);
    }

    private <T> T read(String option, String text, Function<String, T> read) {
        try {
            return read.apply(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
        }
    }

    private static Told measured(Situation situation) throws IOException, Failure, InterruptedException {
        Plan plan = Plan.of(BenchCommand.root(), true);
        Progress progress = new Progress();
        try (Turn _ = Turn.of(plan.root());
                Children children = new Children(plan.root())) {
            Machine machine = Machine.now(children);
            Lab lab = Lab.of(
                    plan, children, progress, null, "", Limits.ofThisMachine().openFiles());
            Measurement measurement = new Measurement(lab, situation);
            return Told.of(situation, measurement.waiting(), measurement.computing(), measurement.notes(), machine);
        } finally {
            progress.end();
        }
    }

    private static void write(Told told, Path folder) throws Failure {
        Path file = folder.resolve(told.advice().choice().file());
        try {
            Files.writeString(file, told.advice().choice().sketch(), StandardOpenOption.CREATE_NEW);
            System.err.println("written: " + file);
        } catch (FileAlreadyExistsException e) {
            throw new Failure(file + " is there already, and stays as it is: name another folder");
        } catch (IOException e) {
            throw new Failure("cannot write " + file + ": " + e.getMessage());
        }
    }
}
