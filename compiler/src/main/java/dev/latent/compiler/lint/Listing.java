package dev.latent.compiler.lint;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A list that is published in the jar and that a build extends by an option. */
final class Listing {
    private Listing() {}

    /**
     * {@return the entries of the resource {@code name}, then those of the option}
     *
     * @param option entries with commas between them, or {@code @file} with one a line
     * @throws IllegalArgumentException with one line for a person
     */
    static List<String> of(String name, String option) {
        List<String> lines = new ArrayList<>();
        try (BufferedReader published = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Listing.class.getResourceAsStream(name)), StandardCharsets.UTF_8))) {
            published.lines().forEach(lines::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String each : option.split(",")) {
            if (each.startsWith("@")) {
                lines.addAll(file(Path.of(each.substring(1))));
            } else {
                lines.add(each);
            }
        }
        lines.replaceAll(String::strip);
        lines.removeIf(line -> line.isEmpty() || line.startsWith("#"));
        return lines;
    }

    private static List<String> file(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException e) {
            throw new IllegalArgumentException("names a file that can't be read: " + e, e);
        }
    }
}
