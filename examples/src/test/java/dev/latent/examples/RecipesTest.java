package dev.latent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The recipes are short, say what they print, and are run: by {@link GuideTest}, but for the one that somebody has to interrupt. */
class RecipesTest {
    private static final int MOST_LINES = 25;

    @TempDir
    Path classes;

    private Page page;

    @BeforeEach
    void read() throws IOException {
        page = Page.read(Page.DOCS.resolve("recipes.md"));
    }

    private List<Page.Program> recipes() {
        return Stream.of("java run", "java ctrl-c")
                .flatMap(kind -> page.programs(kind).stream())
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> areShort() {
        return recipes().stream()
                .map(recipe -> DynamicTest.dynamicTest(page.heading(recipe.line()), () -> {
                    assertNotNull(recipe.output(), "does not say what it prints");
                    long lines = recipe.source()
                            .lines()
                            .filter(line -> !line.startsWith("import "))
                            .dropWhile(String::isBlank)
                            .count();
                    assertTrue(lines <= MOST_LINES, lines + " lines");
                }));
    }

    @Test
    void oneUnderEachHeading() {
        List<String> headings =
                page.lines().stream().filter(line -> line.startsWith("## ")).toList();
        List<String> ofRecipes = new ArrayList<>();
        recipes().forEach(recipe -> ofRecipes.add(page.heading(recipe.line())));
        assertEquals(headings.size(), ofRecipes.size());
        assertEquals(new TreeSet<>(headings), new TreeSet<>(ofRecipes));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void putsAllAwayOnCtrlC() throws Exception {
        Page.Program recipe = page.programs("java ctrl-c").getFirst();
        SourceProgram.compile("Program", recipe.source(), classes);
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        SourceProgram.classPath() + System.getProperty("path.separator") + classes,
                        "Program")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = program.inputReader()) {
            List<String> lines = new ArrayList<>();
            lines.add(said.readLine());
            signal("-INT", program);
            if (!program.waitFor(10, TimeUnit.SECONDS)) {
                signal(
                        "-TERM",
                        program); // a build in the background has its programs ignore Ctrl-C; to a JVM this is the same
            }
            said.lines().forEach(lines::add);
            assertEquals(recipe.output(), String.join("\n", lines) + "\n");
        } finally {
            program.destroyForcibly();
        }
    }

    private static void signal(String signal, Process program) throws Exception {
        new ProcessBuilder("kill", signal, Long.toString(program.pid())).start().waitFor();
    }
}
