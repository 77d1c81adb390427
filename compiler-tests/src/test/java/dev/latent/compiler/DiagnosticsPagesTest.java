package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each rule has its page, and what a page says is so: a block marked {@code java fails} gets that rule's diagnostic and no other,
 * one marked {@code java fixed} none, and it does what {@code pages.txt} says. Words after the mark are options of javac, or {@code refused} where javac itself refuses the block too. A line that ends with {@code // … 99 such lines}
 * stands for so many.
 */
class DiagnosticsPagesTest {
    private static final Path PAGES = Path.of(System.getProperty("latent.docs", "../docs"), "diagnostics");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java (fails|fixed)([^\\n]*)\\n(.*?)^```$");
    private static final Pattern SUCH_LINES = Pattern.compile("(?m)^(.*) // … ([\\d,]+) such lines\\n");
    /** What is to be run of a page: the page, an expression, and what it gives. */
    private static final Map<String, List<String[]>> RUNS = runs();

    private static final Set<Rule> NEED_A_NETWORK = Set.of(Rule.RECREATED_IN_SELECT, Rule.USED_HALF_DONE);
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| \\[`([a-z-]+)`]\\(\\1\\.md\\) \\| ([a-z]+) \\| .+ \\|$");
    private static final String IMPORTS = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import dev.latent.io.*;
            import dev.latent.runtime.*;
            import dev.latent.sync.*;
            import java.io.*;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.concurrent.locks.*;
            import java.util.function.*;
            """;

    /** A part of a page: whether it is to fail, and by javac's own rules too, what it adds to javac's options, and a whole source. */
    private record Block(boolean fails, boolean refused, List<String> options, String source) {
        static Block of(MatchResult match) {
            String body = SUCH_LINES
                    .matcher(match.group(3))
                    .replaceAll(m -> Matcher.quoteReplacement((m.group(1) + "\n")
                            .repeat(Integer.parseInt(m.group(2).replace(",", "")))));
            return new Block(
                    match.group(1).equals("fails"),
                    match.group(2).contains(" refused"),
                    Arrays.stream(match.group(2).split(" "))
                            .filter(s -> s.startsWith("-"))
                            .toList(),
                    body.startsWith("import ") ? body : IMPORTS + body);
        }
    }

    @TestFactory
    Stream<DynamicTest> pages() {
        return Arrays.stream(Rule.values()).map(rule -> DynamicTest.dynamicTest(rule.id(), () -> check(rule)));
    }

    private static void check(Rule rule) throws IOException {
        String page = Files.readString(PAGES.resolve(rule.id() + ".md"));
        assertTrue(page.startsWith("# " + rule.id() + "\n"), "its title is its id");
        List<Block> blocks = BLOCK.matcher(page).results().map(Block::of).toList();
        assertTrue(blocks.stream().anyMatch(Block::fails), "it shows what fails");
        assertTrue(blocks.stream().anyMatch(b -> !b.fails()), "it shows what is right");
        Iterator<String[]> runs = RUNS.getOrDefault(rule.id(), List.of()).iterator();
        for (Block block : blocks) {
            Javac.Result result = Javac.compile(block.options(), Map.of("Page", block.source()));
            List<Diagnostic<?>> said = new ArrayList<>(result.diagnostics());
            if (block.refused()) {
                assertTrue(said.removeIf(d -> d.getCode().startsWith("compiler.err.")
                        && !d.getMessage(Locale.ROOT).startsWith("[latent:")));
            }
            if (block.fails()) {
                assertFalse(said.isEmpty(), () -> "nothing is said of\n" + block.source());
                said.removeIf(d -> d.getKind() == kind(rule)
                        && d.getMessage(Locale.ROOT).startsWith("[latent:" + rule.id() + "] "));
            }
            assertEquals(List.of(), said, () -> "besides, of\n" + block.source());
            if (!block.fails() && runs.hasNext()) {
                runs(block, runs.next());
            }
        }
        assertFalse(runs.hasNext(), "more is run than the page has");
        assertTrue(
                RUNS.containsKey(rule.id()) || NEED_A_NETWORK.contains(rule),
                "what is right on the page is run as well");
    }

    private static void runs(Block block, String[] run) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        sources.put("Page", block.source());
        sources.put("Run", IMPORTS + "class Run { static Object run() throws Exception { return " + run[1] + "; } }");
        List<String> options = new ArrayList<>(block.options());
        options.add("-Alatent.lint=async-without-await:off");
        Javac.Result result = Javac.compile(options, sources);
        assertEquals(List.of(), result.errors());
        assertEquals(run[2], Programs.call(result.loader(), "Run", "run"), () -> run[1] + " of\n" + block.source());
    }

    private static Map<String, List<String[]>> runs() {
        try {
            return Files.readAllLines(Path.of("src/test/resources/pages.txt")).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" \\| "))
                    .collect(Collectors.groupingBy(run -> run[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Diagnostic.Kind kind(Rule rule) {
        return switch (rule.level()) {
            case ERROR -> Diagnostic.Kind.ERROR;
            case WARNING -> Diagnostic.Kind.WARNING;
            case NOTE -> Diagnostic.Kind.NOTE;
            case OFF -> throw new AssertionError(rule.id() + " would go unnoticed");
        };
    }

    @Test
    void theIndexListsEveryRuleWithItsLevel() throws IOException {
        assertEquals(
                Arrays.stream(Rule.values())
                        .map(r -> r.id() + " " + r.level().name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .toList(),
                ROW.matcher(Files.readString(PAGES.resolve("README.md")))
                        .results()
                        .map(m -> m.group(1) + " " + m.group(2))
                        .sorted()
                        .toList());
    }

    @Test
    void noPageIsLeftWithoutARule() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            assertEquals(
                    List.of(),
                    pages.map(p -> p.getFileName().toString().replace(".md", ""))
                            .filter(id -> !id.equals("README") && Rule.of(id).isEmpty())
                            .toList());
        }
    }
}
