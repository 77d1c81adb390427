package dev.latent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every program of the docs compiles, runs, and prints what its page says. */
class GuideTest {
    private static final Path DOCS = Path.of(System.getProperty("latent.docs", "../docs"));

    @TestFactory
    Stream<DynamicTest> programs() throws IOException {
        List<Path> pages;
        try (Stream<Path> all = Files.walk(DOCS)) {
            pages = all.filter(p -> p.toString().endsWith(".md")).sorted().toList();
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : pages) {
            for (Program program : programs(page)) {
                tests.add(DynamicTest.dynamicTest(page.getFileName() + ":" + program.line, () -> {
                    String printed = SourceProgram.run(program.source);
                    if (program.output != null) {
                        assertEquals(program.output, printed);
                    }
                }));
            }
        }
        assertFalse(tests.isEmpty());
        return tests.stream();
    }

    private record Program(int line, String source, String output) {}

    /** A block marked "java run", and what the "text" block after it says that it prints. */
    private static List<Program> programs(Path page) throws IOException {
        List<Program> programs = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        int i = 0;
        while (i < lines.size()) {
            if (!lines.get(i).equals("```java run")) {
                i++;
                continue;
            }
            int end = end(lines, i);
            String source = String.join("\n", lines.subList(i + 1, end)) + "\n";
            int next = end + 1;
            while (next < lines.size() && lines.get(next).isBlank()) {
                next++;
            }
            String output = null;
            if (next < lines.size() && lines.get(next).equals("```text")) {
                output = String.join("\n", lines.subList(next + 1, end(lines, next))) + "\n";
            }
            programs.add(new Program(i + 1, source, output));
            i = end + 1;
        }
        return programs;
    }

    private static int end(List<String> lines, int from) {
        int end = from + 1;
        while (!lines.get(end).equals("```")) {
            end++;
        }
        return end;
    }
}
