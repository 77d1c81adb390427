package dev.latent.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on reliability names tests that there are, and none of those that prove a class is forgotten on it. */
class ReliabilityTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*(?:Test|Races))(?:\\.(\\w+))?`");

    /** The modules in which a column's tests are. */
    private static final Map<String, List<String>> MODULES = Map.of(
            "interleavings", List.of("core"),
            "Lincheck", List.of("lincheck"),
            "jcstress", List.of("jcstress"),
            "dropped everywhere", List.of("core", "runtime"),
            "test", List.of("core", "runtime", "compiler-tests", "web"));

    /** {@return the files of a module's tests that have this name} */
    private static List<Path> tests(String module, String end) throws IOException {
        try (Stream<Path> all = Files.walk(Page.DOCS.resolve("../" + module + "/src/test/java"))) {
            return all.filter(file -> file.getFileName().toString().endsWith(end))
                    .toList();
        }
    }

    @Test
    void whatTheTablesNameIsThere() throws IOException {
        Set<String> missing = new TreeSet<>();
        int named = 0;
        List<String> columns = List.of();
        for (String line : Files.readAllLines(Page.DOCS.resolve("reliability.md"))) {
            if (!line.startsWith("|")) {
                columns = List.of();
                continue;
            }
            List<String> cells =
                    Stream.of(line.split("\\|", -1)).skip(1).map(String::trim).toList();
            if (columns.isEmpty()) {
                columns = cells;
                continue;
            }
            for (int i = 0; i < columns.size(); i++) {
                Matcher name = NAMED.matcher(cells.get(i));
                while (MODULES.containsKey(columns.get(i)) && name.find()) {
                    named++;
                    if (!isThere(MODULES.get(columns.get(i)), name.group(1), name.group(2))) {
                        missing.add(columns.get(i) + ": " + name.group());
                    }
                }
            }
        }
        assertEquals(Set.of(), missing);
        assertTrue(named > 60, "only " + named + " names");
    }

    private static boolean isThere(List<String> modules, String type, String method) throws IOException {
        for (String module : modules) {
            for (Path file : tests(module, type + ".java")) {
                if (file.getFileName().toString().equals(type + ".java")
                        && (method == null || Files.readString(file).contains("void " + method + "("))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void noProofIsForgotten() throws IOException {
        String page = Files.readString(Page.DOCS.resolve("reliability.md"));
        Set<String> proofs = new HashSet<>();
        for (Path file : tests("lincheck", "Test.java")) {
            proofs.add(file.getFileName().toString().replace(".java", ""));
        }
        for (Path file : tests("jcstress", "Races.java")) {
            proofs.add(file.getFileName().toString().replace(".java", ""));
        }
        for (Path file : tests("fuzz", "Fuzz.java")) {
            proofs.add(file.getFileName().toString().replace(".java", ""));
        }
        for (Path file : tests("core", "OrdersTest.java")) {
            proofs.add(file.getFileName().toString().replace(".java", ""));
        }
        assertEquals(
                Set.of(),
                proofs.stream()
                        .filter(name -> !page.contains("`" + name + "`"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }
}
