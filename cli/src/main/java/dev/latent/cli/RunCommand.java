package dev.latent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code latent run}. */
@Command(
        name = "run",
        description = "Compiles one source file, woven, and runs its main.",
        footer = "The exit code is the program's; what does not compile is told as javac tells it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "FILE.java",
            description = "The program; void main() without a class will do.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path file;

    @Parameters(index = "1..*", paramLabel = "ARG", arity = "0..*", description = "The program's own arguments.")
    private List<String> arguments = List.of();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (!Files.exists(file)) {
            throw new Failure("no such file: " + file);
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new Failure("not a file that can be read: " + file);
        }
        if (!String.valueOf(file.getFileName()).endsWith(".java")) {
            throw new Failure("not a Java source file, its name is to end with .java: " + file);
        }
        Program program = Compile.file(file, arguments);
        if (program == null) {
            return 1;
        }
        main.runLater(program);
        return 0;
    }
}
