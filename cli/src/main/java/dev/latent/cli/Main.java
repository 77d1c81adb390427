package dev.latent.cli;

import dev.latent.cli.bench.Names;
import dev.latent.compiler.Rule;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code latent} command. What goes wrong is one line on the error stream, and an exit code that is not 0. */
@Command(
        name = "latent",
        description = "Rust's async model for plain Java.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            BenchCommand.class,
            LabCommand.class,
            AdviseCommand.class,
            ChatCommand.class,
            LearnCommand.class,
            RunCommand.class,
            WeaveCommand.class,
            ExplainCommand.class,
            TasksCommand.class
        })
public final class Main implements Callable<Integer> {
    /** Something was asked for that can't be. */
    static final int USAGE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    /** What {@code latent run} has compiled, to be run when picocli is out of the way. */
    private @Nullable Program program;

    private Main() {}

    /** Runs the command; a program that it runs throws what it throws. */
    public static void main(String[] args) throws Throwable {
        // What a diagnostic ends with, here and in programs that this compiles.
        System.setProperty(Rule.EXPLAINED_BY, "./latent explain");
        Main main = new Main();
        int code = main.execute(args);
        if (code != 0) {
            System.exit(code);
        }
        if (main.program != null) {
            try {
                main.program.run();
            } catch (Failure e) {
                System.err.println("latent run: " + e.getMessage());
                System.exit(e.exitCode());
            }
        }
    }

    private int execute(String[] args) {
        CommandLine line = new CommandLine(this);
        Jobs.addTo(line);
        Objects.requireNonNull(line.getSubcommands().get("run")).setStopAtPositional(true);
        BenchCommand.addHelp(Objects.requireNonNull(line.getSubcommands().get("bench")));
        LabCommand.addHelp(Objects.requireNonNull(line.getSubcommands().get("lab")));
        line.setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler((e, a) -> {
            say(e.getCommandLine(), said(e) + " (try " + name(e.getCommandLine()) + " --help)");
            return USAGE;
        });
        line.setExecutionExceptionHandler((e, where, result) -> {
            if (Boolean.getBoolean("latent.trace")) {
                e.printStackTrace();
            }
            say(where, e instanceof Failure ? text(e) : e.getClass().getSimpleName() + ": " + text(e));
            return e instanceof Failure failure ? failure.exitCode() : 1;
        });
        int code = line.execute(args);
        if (code == 0 && System.out.checkError()) {
            say(line, "what there is to say could not be written: the disk is full, or nobody reads it any more");
            return 1;
        }
        return code;
    }

    void runLater(Program next) {
        program = next;
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing, one of " + String.join(", ", commands(spec.commandLine())));
    }

    /** {@return the names of all, also of those that are built when first used} */
    private static Set<String> commands(CommandLine line) {
        Set<String> names = new LinkedHashSet<>(line.getSubcommands().keySet());
        names.addAll(Jobs.names());
        return names;
    }

    private static void say(CommandLine where, String what) {
        PrintWriter err = where.getErr();
        err.println(name(where) + ": " + what);
        err.flush();
    }

    private static String name(CommandLine line) {
        return line.getCommandSpec().qualifiedName();
    }

    private static String said(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched) || unmatched.isUnknownOption()) {
            return text(e);
        }
        String name = unmatched.getUnmatched().getFirst();
        if (e.getCommandLine().getParent() != null) {
            return "'" + name + "' is one argument too many";
        }
        if (Jobs.names().contains(name)) {
            return name + " stands in a module of its own, and only the script latent builds it: ./latent " + name;
        }
        return "there is no command " + name
                + Names.nearest(name, commands(e.getCommandLine()))
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
    }

    private static String text(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.replaceAll("\\s*\\R\\s*", " ");
    }
}
