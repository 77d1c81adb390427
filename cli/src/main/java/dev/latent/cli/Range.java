package dev.latent.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Checks numbers. */
public final class Range {
    private Range() {}

    /** Refuses what is below {@code least} or above {@code most}. */
    public static void check(CommandLine line, String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    line, "%s is to be from %,d to %,d, not %,d".formatted(option, least, most, value));
        }
    }
}
