package dev.latent.cli.learn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The gist of a page of {@code docs/diagnostics}.
 *
 * @param why the first paragraph on why javac says it
 * @param fix the first paragraph on what to do
 */
public record DiagnosticPage(String why, String fix) {
    static DiagnosticPage of(Path root, String id) {
        List<String> lines;
        try {
            lines = Files.readAllLines(root.resolve("docs/diagnostics/" + id + ".md"));
        } catch (IOException e) {
            lines = List.of();
        }
        return new DiagnosticPage(first(lines, "## Why"), first(lines, "## What to do"));
    }

    /** {@return the first paragraph of words below a heading, without its marks; code is passed over} */
    private static String first(List<String> lines, String heading) {
        int at = lines.indexOf(heading) + 1;
        boolean code = false;
        while (at > 0 && at < lines.size() && (code || lines.get(at).isBlank() || isFence(lines.get(at)))) {
            code ^= isFence(lines.get(at));
            at++;
        }
        if (at == 0 || at >= lines.size() || lines.get(at).startsWith("#")) {
            return "";
        }
        String text = lines.subList(at, lines.size()).stream()
                .takeWhile(line -> !line.isBlank() && !isFence(line))
                .map(line -> line.startsWith("- ") ? "\n" + line : line)
                .collect(Collectors.joining(" "))
                .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .replace("**", "")
                .replaceAll(" +", " ")
                .strip();
        return text.endsWith(":") ? text.substring(0, text.length() - 1) + "." : text;
    }

    private static boolean isFence(String line) {
        return line.startsWith("```");
    }
}
