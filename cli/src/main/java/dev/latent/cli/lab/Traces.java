package dev.latent.cli.lab;

import java.util.List;
import java.util.stream.Stream;

/** Reads what a language prints of a failure. */
final class Traces {
    private static final List<String> FRAMES = List.of("handle", "load", "query", "connection");

    private Traces() {}

    /** {@return what was said, without empty lines and those that are underlined only} */
    static List<String> lines(List<String> said) {
        return said.stream()
                .filter(line -> !line.isBlank() && !line.matches("\\s*[\\^~]+\\s*"))
                .toList();
    }

    /** {@return how many lines tell of that file} */
    static long own(List<String> said, String file) {
        return said.stream().filter(line -> line.contains(file)).count();
    }

    /** {@return how many of the four functions are named as such} */
    static long named(List<String> said) {
        return Stream.of(FRAMES.toArray(String[]::new))
                .filter(frame -> said.stream()
                        .anyMatch(
                                line -> line.matches(".*\\b" + frame + "\\b.*") && !line.contains("no connection for")))
                .count();
    }
}
