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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Programs as somebody writes them who comes from elsewhere: what is said of each, and what becomes of it when one does what the message says.
 *
 * <p>They stand in {@code beginners/*.txt}, one after the other:
 *
 * <pre>
 * === a title
 * says: the rule | where: the source at the diagnostic | why | what to do
 * prints: what the program prints that is put right
 * the program, with \u00abwhat is wrong\u00bb\u00abwhat the message proposes\u00bb\u00abwhat else it proposes\u00bb
 * </pre>
 *
 * Just that is said, in any order, beside what javac says itself; the programs put right compile without a warning. Where the message says to
 * write something, it is in them.
 */
class BeginnersTest {
    private static final Path PROGRAMS = Path.of("src/test/resources/beginners");
    private static final Pattern CHOICE = Pattern.compile("\u00ab([^\u00bb]*)\u00bb((?:\u00ab[^\u00bb]*\u00bb)+)");
    private static final Pattern MESSAGE =
            Pattern.compile("(?s)\\[latent:([a-z-]+)] ([^\\n]+)\\n *([^\\n]+)\\n *java -jar [^\\n]*explain \\1");
    private static final Pattern WRITE =
            Pattern.compile("\\bwrite (?!its code|a lambda in)(?:a lambda(?: that awaits it)?, )?(.+?)"
                    + "(?: in its place| on line \\d+| once| where| in the| around| alone| itself| of a | instead| to let"
                    + "|, with |, which|, whose|, or|; |$)");
    private static final String IMPORTS = """
            import static dev.latent.Async.*;
            import dev.latent.*;
            import dev.latent.Future;
            import dev.latent.runtime.*;
            import java.time.Duration;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.function.*;
            """;

    /** One program. */
    private record Program(String title, List<String> says, String prints, String wrong, List<String> right) {
        static Program of(String text) {
            List<String> lines = text.lines().toList();
            List<String> says = new ArrayList<>();
            String prints = "";
            int i = 1;
            for (; lines.get(i).matches("(?:says|prints): .*"); i++) {
                if (lines.get(i).startsWith("says: ")) {
                    says.add(lines.get(i).substring("says: ".length()));
                } else {
                    prints = lines.get(i).substring("prints: ".length()).replace("\\n", "\n");
                }
            }
            String source = String.join("\n", lines.subList(i, lines.size())) + "\n";
            if (!source.startsWith("import ")) {
                source = IMPORTS + source;
            }
            Matcher choices = CHOICE.matcher(source);
            int most = choices.results()
                    .mapToInt(m ->
                            (int) m.group(2).chars().filter(c -> c == '\u00ab').count())
                    .max()
                    .orElse(0);
            String all = source;
            return new Program(
                    lines.getFirst(),
                    says,
                    prints,
                    choose(all, 0),
                    IntStream.rangeClosed(1, most).mapToObj(n -> choose(all, n)).toList());
        }

        /** The last one where there are not so many. */
        private static String choose(String source, int n) {
            return CHOICE.matcher(source).replaceAll(m -> {
                String[] right =
                        m.group(2).substring(1, m.group(2).length() - 1).split("\u00bb\u00ab", -1);
                return Matcher.quoteReplacement(n == 0 ? m.group(1) : right[Math.min(n, right.length) - 1]);
            });
        }
    }

    private static List<Program> programs(Path file) {
        try {
            return Arrays.stream(Files.readString(file).split("(?m)^=== "))
                    .filter(each -> !each.isBlank())
                    .map(Program::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(PROGRAMS)) {
            return files.sorted().toList();
        }
    }

    @TestFactory
    Stream<DynamicContainer> programs() throws IOException {
        return files().stream().map(file -> {
            List<Program> programs = programs(file);
            PutRight right = new PutRight(programs);
            return DynamicContainer.dynamicContainer(
                    file.getFileName().toString(),
                    programs.stream()
                            .map(each -> DynamicTest.dynamicTest(each.title(), () -> {
                                check(each);
                                right.check(each);
                            })));
        });
    }

    private static void check(Program program) throws IOException {
        Javac.Result result = Javac.compile(List.of(), Map.of("T", program.wrong()));
        List<String> said = new ArrayList<>();
        for (Diagnostic<?> each : result.diagnostics()) {
            Matcher message = MESSAGE.matcher(each.getMessage(Locale.ROOT));
            if (message.matches()) {
                String at = program.wrong()
                        .substring((int) each.getStartPosition(), (int) each.getEndPosition())
                        .replaceAll("\\s+", " ");
                said.add(message.group(1) + " | " + at + " | " + message.group(2) + " | " + message.group(3));
            }
        }
        assertEquals(
                program.says().stream().sorted().toList(),
                said.stream().sorted().toList(),
                () -> "of\n" + program.wrong());
        for (String each : said) {
            Matcher write = WRITE.matcher(each.substring(each.lastIndexOf(" | ")));
            if (write.find() && !program.right().isEmpty()) {
                assertTrue(
                        program.right().stream().anyMatch(right -> isIn(right, write.group(1))),
                        () -> "no program put right has " + write.group(1));
            }
        }
    }

    /** The programs of a file put right, all compiled in one go, for which each gets a class of its own. */
    private static final class PutRight {
        private final Map<Program, List<String>> names = new HashMap<>();
        private final Map<String, String> sources = new LinkedHashMap<>();
        private Javac.Result result;

        PutRight(List<Program> programs) {
            for (Program each : programs) {
                for (String right : each.right()) {
                    String name = "T" + sources.size();
                    names.computeIfAbsent(each, p -> new ArrayList<>()).add(name);
                    sources.put(name, right.replaceAll("\\bT\\b", name));
                }
            }
        }

        void check(Program program) throws IOException {
            if (result == null) {
                result = Javac.compile(
                        List.of("-Xlint:all,-processing,-path,-options", "-Werror", "-Xmaxwarns", "1000"), sources);
            }
            for (String name : names.getOrDefault(program, List.of())) {
                assertEquals(
                        List.of(),
                        result.diagnostics().stream()
                                .filter(each -> each.getKind() != Diagnostic.Kind.NOTE
                                        && each.getSource() != null
                                        && each.getSource().getName().endsWith("/" + name + ".java"))
                                .toList(),
                        () -> "of the program put right\n" + sources.get(name));
                assertEquals(program.prints(), Programs.run(result.loader(), name), sources.get(name));
            }
        }
    }

    /** Where a message leaves something open, anything may stand; spaces don't count. */
    private static boolean isIn(String program, String written) {
        String text = program.replaceAll("\\s", "");
        int from = 0;
        for (String part : written.replaceAll("\\s", "").split("\u2026")) {
            from = text.indexOf(part, from);
            if (from < 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void eachProgramIsThere() throws IOException {
        List<String> titles = files().stream()
                .flatMap(file -> programs(file).stream().map(each -> file.getFileName() + " " + each.title()))
                .toList();
        assertFalse(titles.isEmpty());
        assertEquals(titles.size(), titles.stream().distinct().count(), titles::toString);
    }
}
