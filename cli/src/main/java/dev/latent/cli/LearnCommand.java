package dev.latent.cli;

import dev.latent.cli.learn.Check;
import dev.latent.cli.learn.Course;
import dev.latent.cli.learn.Exercise;
import dev.latent.cli.learn.Folder;
import dev.latent.cli.learn.JsonText;
import dev.latent.cli.learn.Session;
import dev.latent.cli.learn.SystemTerminal;
import dev.latent.cli.learn.Tell;
import dev.latent.cli.learn.Terminal;
import dev.latent.cli.learn.Verdict;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code latent learn}. */
@Command(
        name = "learn",
        description = "The guide as exercises: shows the next one, and checks it whenever you save it.",
        footer = {
            "",
            "For instance:",
            "  latent learn               the next exercise, checked whenever you save it",
            "  latent learn check --all   all of them",
            "  latent learn hint drop2    when you are stuck",
            "",
            "Where there is no terminal, the next exercise is checked once. The exit code",
            "is 0 when what was checked is solved, and else 1."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class LearnCommand implements Callable<Integer> {
    private static final Path DEFAULT = Path.of("latent-exercises");
    private static final int MOST_SECONDS = 3_600;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "The exercise to begin with; the next one if not said.")
    private @Nullable String name;

    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            scope = ScopeType.INHERIT,
            description =
                    "Where your exercises are, made at the first start. Default: latent-exercises, or this folder if it is such a one.")
    private @Nullable Path dir;

    @Option(
            names = "--limit",
            paramLabel = "SECONDS",
            defaultValue = "10",
            scope = ScopeType.INHERIT,
            description = "How long your program may run. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Failure, InterruptedException {
        Course course = course();
        Exercise named =
                name == null ? null : course.of(name, spec.subcommands().keySet());
        Folder folder = folder(course);
        if (SystemTerminal.isThere()) {
            Exercise exercise =
                    named == null ? folder.next().orElse(course.exercises().getLast()) : named;
            try (Terminal terminal = SystemTerminal.open()) {
                new Session(course, folder, check(), terminal, exercise).run();
            }
            return 0;
        }
        Tell tell = new Tell(course, folder, false);
        if (folder.isNew()) {
            System.out.println(tell.welcome());
        }
        return checkAndTell(course, folder, named) ? 0 : 1;
    }

    /** Without a name it is the next one; without a next one there is nothing left to check. */
    private boolean checkAndTell(Course course, Folder folder, @Nullable Exercise named)
            throws Failure, InterruptedException {
        Tell tell = new Tell(course, folder, false);
        Exercise exercise = named == null ? folder.next().orElse(null) : named;
        if (exercise == null) {
            System.out.print(tell.progress() + tell.farewell());
            return true;
        }
        Verdict verdict = check().of(folder.file(exercise));
        folder.mark(exercise, verdict.isSolved());
        System.out.print(tell.head(exercise) + "\n" + tell.verdict(exercise, verdict) + "\n" + tell.progress());
        Optional<Exercise> next = folder.next();
        if (next.isEmpty()) {
            System.out.print(tell.farewell());
        } else if (verdict.isSolved()) {
            System.out.print("next: " + folder.file(next.get()) + "\n");
        } else {
            System.out.print("stuck? latent learn hint " + exercise.name() + "\n");
        }
        return verdict.isSolved();
    }

    @Command(name = "list", description = "All exercises, and which are solved.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "Print JSON instead of text.") boolean json) throws Failure {
        Course course = course();
        Folder folder = opened(course);
        System.out.print(json ? JsonText.list(course, folder) : new Tell(course, folder, false).list());
        return 0;
    }

    @Command(
            name = "check",
            description = "Checks one exercise, the next one if none is named, or all.",
            mixinStandardHelpOptions = true)
    int check(
            @Parameters(paramLabel = "NAME", arity = "0..1", description = "The exercise.") @Nullable String one,
            @Option(names = "--all", description = "Check all of them.") boolean all,
            @Option(names = "--json", description = "Print JSON instead of text.") boolean json)
            throws Failure, InterruptedException {
        if (all && one != null) {
            throw new ParameterException(spec.subcommands().get("check"), "either an exercise or --all, not both");
        }
        Course course = course();
        Exercise named = one == null ? null : course.of(one);
        Folder folder = opened(course);
        if (!all && !json) {
            return checkAndTell(course, folder, named) ? 0 : 1;
        }
        List<Exercise> single = named == null ? folder.next().stream().toList() : List.of(named);
        Map<Exercise, Verdict> verdicts = checked(course, folder, all ? course.exercises() : single);
        if (json) {
            System.out.print(JsonText.verdicts(verdicts));
        } else {
            System.out.print(new Tell(course, folder, false).list());
        }
        return verdicts.values().stream().allMatch(Verdict::isSolved) ? 0 : 1;
    }

    private Map<Exercise, Verdict> checked(Course course, Folder folder, List<Exercise> exercises)
            throws Failure, InterruptedException {
        Map<Exercise, Verdict> verdicts = new LinkedHashMap<>();
        Progress progress = new Progress();
        try {
            for (Exercise exercise : exercises) {
                progress.now("checking " + exercise.name() + ", " + course.number(exercise) + " of "
                        + course.exercises().size());
                Verdict verdict = check().of(folder.file(exercise));
                folder.mark(exercise, verdict.isSolved());
                verdicts.put(exercise, verdict);
            }
        } finally {
            progress.end();
        }
        return verdicts;
    }

    @Command(
            name = "hint",
            description = "A hint for an exercise, the next one if none is named.",
            mixinStandardHelpOptions = true)
    int hint(@Parameters(paramLabel = "NAME", arity = "0..1", description = "The exercise.") @Nullable String one)
            throws Failure {
        Course course = course();
        Exercise named = one == null ? null : course.of(one);
        Folder folder = opened(course);
        Exercise exercise =
                named == null ? folder.next().orElse(course.exercises().getLast()) : named;
        Tell tell = new Tell(course, folder, false);
        System.out.print(tell.head(exercise) + tell.hint(exercise));
        return 0;
    }

    @Command(
            name = "reset",
            description = "Puts an exercise back as it was; what you wrote is lost.",
            mixinStandardHelpOptions = true)
    int reset(@Parameters(paramLabel = "NAME", description = "The exercise.") String one) throws Failure {
        Course course = course();
        Exercise exercise = course.of(one);
        Folder folder = opened(course);
        folder.reset(exercise);
        System.out.println(folder.file(exercise) + " is as it was");
        return 0;
    }

    @Command(
            name = "solution",
            description = "Prints a solution of an exercise that you have solved.",
            mixinStandardHelpOptions = true)
    int solution(
            @Parameters(paramLabel = "NAME", description = "The exercise.") String one,
            @Option(names = "--give-up", description = "Also of one that you have not.") boolean giveUp)
            throws Failure {
        Course course = course();
        Exercise exercise = course.of(one);
        if (!giveUp && !opened(course).solved().contains(exercise.name())) {
            throw new Failure(exercise.name() + " is not solved yet: latent learn hint " + exercise.name()
                    + " may help, --give-up shows the solution all the same");
        }
        System.out.print(course.solution(exercise));
        return 0;
    }

    private static Course course() throws Failure {
        return Course.of(BenchCommand.root());
    }

    /** The folder, for who did not ask for one to be made: if it was, that is said. */
    private Folder opened(Course course) throws Failure {
        Folder folder = folder(course);
        if (folder.isNew()) {
            System.err.println(new Tell(course, folder, false).welcome());
        }
        return folder;
    }

    private Folder folder(Course course) throws Failure {
        Range.check(spec.commandLine(), "--limit", limit, 1, MOST_SECONDS);
        if (dir != null) {
            return Folder.open(course, dir);
        }
        Path here = Path.of("").toAbsolutePath();
        return Folder.open(course, Folder.isOne(here) ? here : DEFAULT);
    }

    private Check check() {
        return new Check(limit);
    }
}
