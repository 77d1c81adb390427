package dev.latent.tongues;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.NotWovenException;
import dev.latent.compiler.tool.Finding;
import dev.latent.compiler.tool.PostCompile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the compilers of other languages write, and the table of {@code docs/post-compile.md} that tells what holds. {@code Holds} has
 * what is woven and does then what the plain code does, {@code Refused} what the weaver refuses, and {@code Thrown} what is refused as it runs.
 */
class TonguesTest {
    private static final Path PAGE = Path.of(System.getProperty("latent.docs", "../docs"), "post-compile.md");
    private static final String HOLDS = "holds";
    private static final String AS_IT_RUNS = "refused as it runs";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (.+) \\| (.+) \\| (.+) \\| (.+) \\|$");
    private static final Pattern LINK = Pattern.compile("\\[`([a-z-]+)`]\\(diagnostics/\\1\\.md\\)");

    @TempDir
    static Path folder;

    @TestFactory
    List<DynamicTest> kotlinHolds() throws Exception {
        return holds(Tongue.KOTLIN, List.of("-jvm-target", "25"));
    }

    /** By default it writes classes that have no nests and no concatenation by {@code invokedynamic}. */
    @TestFactory
    List<DynamicTest> kotlinForOldClassesHolds() throws Exception {
        return holds(Tongue.KOTLIN, List.of());
    }

    @TestFactory
    List<DynamicTest> scalaHolds() throws Exception {
        return holds(Tongue.SCALA, List.of());
    }

    private static List<DynamicTest> holds(Tongue tongue, List<String> options) throws Exception {
        Classes plain = compiled(tongue, options, "Holds");
        Classes woven = new Classes(Files.createTempDirectory(folder, "woven"));
        assertEquals(List.of(), plain.weave(woven.folder()).errors());
        List<DynamicTest> tests = new ArrayList<>();
        for (Shape shape : Shape.in(tongue, "Holds")) {
            tests.add(DynamicTest.dynamicTest(
                    shape.shows(), () -> same(plain.plainFunction(shape.name()), woven.function(shape.name()))));
        }
        assertFalse(tests.isEmpty());
        return tests;
    }

    /** Each is compiled once. */
    private static Classes compiled(Tongue tongue, List<String> options, String... names) throws Exception {
        Path out = folder.resolve(tongue + String.join("", names) + String.join("", options));
        if (Files.notExists(out)) {
            tongue.compile(
                    Stream.of(names).filter(tongue::has).map(tongue::source).toList(),
                    Files.createDirectory(out),
                    options);
        }
        return new Classes(out);
    }

    /** Run to its end, and dropped at each of its waits. */
    private static void same(Method plain, Method woven) throws Exception {
        Run expected = Run.plain(plain, -1);
        for (int pends = 0; pends <= 2; pends++) {
            assertEquals(expected, Run.woven(woven, pends, -1));
            for (int end = 0; end < expected.waits(); end++) {
                assertEquals(Run.plain(plain, end), Run.woven(woven, pends, end), "dropped at wait " + end);
            }
        }
    }

    @Test
    void theTableIsSo() throws Exception {
        Map<String, Map<Tongue, String>> expected = new TreeMap<>();
        for (Tongue tongue : Tongue.values()) {
            Map<String, String> found = new LinkedHashMap<>();
            if (tongue.has("Holds")) {
                Shape.in(tongue, "Holds").forEach(shape -> found.put(shape.shows(), HOLDS));
            }
            Classes classes = compiled(tongue, List.of(), "Refused", "Thrown");
            refused(tongue, classes, found);
            thrown(tongue, classes, found);
            found.forEach((row, cell) -> expected.computeIfAbsent(row, k -> new EnumMap<>(Tongue.class))
                    .put(tongue, cell));
        }
        assertEquals(lines(expected), lines(table()));
    }

    private static void refused(Tongue tongue, Classes classes, Map<String, String> found) throws Exception {
        PostCompile.Report report = classes.weave(classes.folder());
        List<Finding> errors = new ArrayList<>(report.errors());
        for (Shape shape : Shape.in(tongue, "Refused")) {
            List<Finding> here =
                    report.errors().stream().filter(e -> shape.has(e.line())).toList();
            errors.removeAll(here);
            assertFalse(here.isEmpty(), shape + " is woven");
            here.forEach(e -> assertFalse(e.message().contains("() -> "), e::toString));
            found.put(
                    shape.shows(),
                    here.stream().map(e -> e.rule().id()).distinct().sorted().collect(Collectors.joining(", ")));
        }
        assertEquals(List.of(), errors);
    }

    private static void thrown(Tongue tongue, Classes classes, Map<String, String> found) throws Exception {
        for (Shape shape : Shape.in(tongue, "Thrown")) {
            String said = notWoven(classes, shape.name());
            assertEquals(tongue == Tongue.GROOVY, said.endsWith("write async bodies in Java"), said);
            found.put(shape.shows(), AS_IT_RUNS);
        }
    }

    private static String notWoven(Classes classes, String function) throws Exception {
        Method method = classes.function(function);
        Throwable thrown = assertThrows(InvocationTargetException.class, () -> method.invoke(null, new World(0, -1)))
                .getCause();
        assertEquals(NotWovenException.class, thrown.getClass());
        assertFalse(thrown.getMessage().contains("maven-compiler-plugin"), thrown::toString);
        return thrown.getMessage();
    }

    /** What nobody has woven says what weaves it, in this language. */
    @Test
    void leftUnwoven() throws Exception {
        for (Tongue tongue : List.of(Tongue.KOTLIN, Tongue.SCALA)) {
            String said = notWoven(compiled(tongue, List.of(), "Holds"), "body");
            assertTrue(said.contains(" was not woven: " + tongue.title + "'s compiler does not weave"), said);
            assertTrue(said.contains("latent-maven-plugin"), said);
        }
    }

    /** With these options Kotlin makes a class of each lambda, as it did before. */
    @Test
    void kotlinsOptionsForClasses() throws Exception {
        Classes classes = compiled(Tongue.KOTLIN, List.of("-Xsam-conversions=class"), "Holds");
        List<Finding> errors = classes.weave(classes.folder()).errors();
        assertFalse(errors.isEmpty());
        for (Finding error : errors) {
            assertEquals("await-outside-async", error.rule().id());
            assertTrue(error.message().contains("leave out -Xsam-conversions=class"), error::toString);
        }
    }

    /** {@return the page's table: rows by their first words, and in them what is said of each language} */
    private static Map<String, Map<Tongue, String>> table() throws Exception {
        String page = Files.readString(PAGE);
        Map<String, Map<Tongue, String>> table = new TreeMap<>();
        ROW.matcher(page.substring(page.indexOf("\n## Other languages")))
                .results()
                .forEach(row -> {
                    Map<Tongue, String> cells = new EnumMap<>(Tongue.class);
                    for (Tongue tongue : Tongue.values()) {
                        String cell = row.group(2 + tongue.ordinal());
                        if (!cell.equals("–")) {
                            cells.put(tongue, LINK.matcher(cell).replaceAll("$1"));
                        }
                    }
                    assertEquals(null, table.put(row.group(1), cells), "two rows " + row.group(1));
                });
        return table;
    }

    private static String lines(Map<String, Map<Tongue, String>> table) {
        return table.entrySet().stream().map(row -> row + "\n").collect(Collectors.joining());
    }
}
