package dev.latent.compiler.model;

import java.util.Objects;
import java.util.function.Function;
import javax.annotation.processing.ProcessingEnvironment;
import javax.tools.Diagnostic;

/** The {@code -A} options of one run of javac. A wrong one is an error of the build, said in one line. */
public final class Options {
    private final ProcessingEnvironment environment;

    /** Those that {@code environment} was given. */
    public Options(ProcessingEnvironment environment) {
        this.environment = environment;
    }

    /**
     * {@return what {@code parse} makes of the value of {@code -Aname=value}, or of the empty string where the build does not say or is wrong}
     *
     * @param parse throws {@link IllegalArgumentException} with one line for a person
     */
    public <T> T get(String name, Function<String, T> parse) {
        try {
            // Without a value, as in -Aname, it is null there.
            return parse.apply(
                    Objects.requireNonNullElse(environment.getOptions().get(name), ""));
        } catch (IllegalArgumentException e) {
            error("-A" + name + " " + e.getMessage());
            return parse.apply("");
        }
    }

    /** Says something that is neither a warning nor an error. */
    public void note(String message) {
        environment.getMessager().printMessage(Diagnostic.Kind.NOTE, message);
    }

    /** Fails the build. */
    public void error(String message) {
        environment.getMessager().printMessage(Diagnostic.Kind.ERROR, message);
    }
}
