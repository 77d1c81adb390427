package dev.latent.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;

/** Sources in which each line that ends with {@code // id} gets just that diagnostic, and other lines none of any kind. */
final class Marked {
    private static final Pattern MARK = Pattern.compile("// ([a-z]+(?:-[a-z]+)+)$");
    private static final Pattern MESSAGE = Pattern.compile(
            "(?s)\\[latent:([a-z-]+)] ([^\n]+)\n  ([^\n]+)\n  java -jar [^\n]*latent-compiler[^\n]*jar\"? explain \\1");

    private Marked() {}

    /** Compiles {@code source}, of a class {@code T}, and compares; {@return the diagnostics} */
    static List<String> check(List<String> options, String source) throws Exception {
        return check(options, source, Map.of());
    }

    /** As {@link #check(List, String)}, beside other sources, by class name. */
    static List<String> check(List<String> options, String source, Map<String, String> others) throws Exception {
        List<String> expected = new ArrayList<>();
        String[] lines = source.split("\n");
        for (int i = 0; i < lines.length; i++) {
            Matcher id = MARK.matcher(lines[i]);
            if (id.find()) {
                expected.add((i + 1) + " " + id.group(1));
            }
        }
        List<String> all = new ArrayList<>(options);
        all.add("-Xlint:-options");
        Map<String, String> sources = new LinkedHashMap<>(others);
        sources.put("T", source);
        Javac.Result result = Javac.compile(all, sources);
        List<String> got = new ArrayList<>();
        for (Diagnostic<?> d : result.diagnostics()) {
            Matcher m = MESSAGE.matcher(d.getMessage(Locale.ROOT));
            assertTrue(m.matches(), "not <id> <why>, <what to do>, <what tells more>, in " + result.diagnostics());
            got.add(d.getLineNumber() + " " + m.group(1));
        }
        assertEquals(
                expected, got.stream().sorted((a, b) -> line(a) - line(b)).toList(), result.diagnostics()::toString);
        return result.diagnostics().stream()
                .map(d -> d.getLineNumber() + ": " + d.getMessage(Locale.ROOT))
                .toList();
    }

    private static int line(String at) {
        return Integer.parseInt(at.substring(0, at.indexOf(' ')));
    }
}
