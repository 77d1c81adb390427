package dev.latent.cli;

import dev.latent.compiler.tool.BadInputException;
import dev.latent.compiler.tool.Explain;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code latent explain}. */
@Command(
        name = "explain",
        description = "Tells more about what the compiler says, or lists all that it may say.",
        footer = "Example: latent explain lock-across-await",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ExplainCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIAGNOSTIC",
            description = "What stands after latent: in the message.")
    private @Nullable String name;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        try {
            System.out.print(name == null ? Explain.list() : Explain.rule(name));
        } catch (BadInputException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
        return 0;
    }
}
