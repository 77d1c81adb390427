package dev.latent.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A page of the docs, and the programs on it. */
record Page(Path file, List<String> lines) {
    static final Path DOCS = Path.of(System.getProperty("latent.docs", "../docs"));

    /** A program, in the line with which its block begins, and what the "text" block after it says that it prints, if there is one. */
    record Program(int line, String source, String output) {}

    static Page read(Path file) throws IOException {
        return new Page(file, Files.readAllLines(file));
    }

    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        try (Stream<Path> all = Files.walk(DOCS)) {
            for (Path file :
                    all.filter(p -> p.toString().endsWith(".md")).sorted().toList()) {
                pages.add(read(file));
            }
        }
        return pages;
    }

    /** {@return the blocks that are marked {@code kind}} */
    List<Program> programs(String kind) {
        List<Program> programs = new ArrayList<>();
        int i = 0;
        while (i < lines.size()) {
            if (!lines.get(i).equals("```" + kind)) {
                i++;
                continue;
            }
            int end = end(i);
            String source = String.join("\n", lines.subList(i + 1, end)) + "\n";
            int next = end + 1;
            while (next < lines.size() && lines.get(next).isBlank()) {
                next++;
            }
            String output = null;
            if (next < lines.size() && lines.get(next).equals("```text")) {
                output = String.join("\n", lines.subList(next + 1, end(next))) + "\n";
            }
            programs.add(new Program(i + 1, source, output));
            i = end + 1;
        }
        return programs;
    }

    /** {@return the heading under which a line stands} */
    String heading(int line) {
        return lines.subList(0, line).reversed().stream()
                .filter(l -> l.startsWith("## "))
                .findFirst()
                .orElseThrow();
    }

    private int end(int from) {
        int end = from + 1;
        while (!lines.get(end).equals("```")) {
            end++;
        }
        return end;
    }
}
