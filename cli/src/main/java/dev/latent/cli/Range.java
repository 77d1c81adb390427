package dev.latent.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Checks numbers. */
final class Range {
    private Range() {}

    static void check(CommandLine line, String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    line, "%s is to be from %,d to %,d, not %,d".formatted(option, least, most, value));
        }
    }
}
