package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Runs the races under jcstress, in a process of its own, and reads what it says in the end: by default the first of each file for a
 * moment, else those that {@code -Dlatent.jcstress} asks for, in jcstress's own words.
 */
final class RaceTest {
    private static final Pattern END = Pattern.compile(
            "Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs");

    /** One JVM for each race, one way of compiling it, a fifth of a second. */
    private static final List<String> SHORT =
            List.of("-m quick -sc false -jvmArgs -XX:+UseSerialGC -f 1 -iters 1 -time 200 -t".split(" "));

    @Test
    void noRaceEndsInAForbiddenOutcome() throws Exception {
        String asked = System.getProperty("latent.jcstress", "").trim();
        List<String> races = races();
        int expected = 1;
        List<String> options;
        if (asked.isEmpty()) {
            Collection<String> first = firstOfEach(races);
            expected = first.size();
            options = new ArrayList<>(SHORT);
            options.add(first.stream().map(Pattern::quote).collect(Collectors.joining("|", "^(", ")$")));
        } else {
            options = List.of(asked.split("\\s+"));
            if (!options.contains("-t")) {
                expected = races.size();
            }
        }
        String said = run(options);
        int[] numbers = lastNumbers(said);
        assertEquals(0, numbers[2] + numbers[3] + numbers[4], said);
        assertEquals(numbers[0], numbers[1], said);
        assertTrue(numbers[0] >= expected, () -> "not all of " + options + " were run: " + said);
        System.out.println("jcstress: " + numbers[1] + " runs of races, and no forbidden outcome");
    }

    private static String run(List<String> options) throws IOException, InterruptedException {
        Path out = Path.of(System.getProperty("latent.jcstress.out"));
        Files.createDirectories(out);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-r",
                "report"));
        command.addAll(options);
        Path log = out.resolve("log.txt");
        Process process = new ProcessBuilder(command)
                .directory(out.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // if this is ended first
        int status = process.waitFor();
        String said = Files.readString(log);
        assertEquals(0, status, said);
        return said;
    }

    /** {@return planned, passed, failed, two kinds of errors} */
    private static int[] lastNumbers(String said) {
        Matcher end = END.matcher(said);
        int[] numbers = null;
        while (end.find()) {
            numbers = new int[end.groupCount()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Integer.parseInt(end.group(i + 1));
            }
        }
        assertNotNull(numbers, () -> "jcstress has not come to an end: " + said);
        return numbers;
    }

    private static Collection<String> firstOfEach(List<String> races) {
        Map<String, String> first = new LinkedHashMap<>();
        races.forEach(race -> first.putIfAbsent(race.substring(0, race.lastIndexOf('.')), race));
        return first.values();
    }

    /** {@return all races, in the order in which they stand in their files}, as jcstress's annotation processor has listed them. */
    private static List<String> races() throws IOException {
        try (InputStream list = RaceTest.class.getResourceAsStream("/META-INF/TestList")) {
            assertNotNull(list);
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("JCTEST"))
                    .map(RaceTest::name)
                    .toList();
        }
    }

    /** {@return the first field of a line}: each field is its length, an S, and itself. */
    private static String name(String line) {
        int from = line.indexOf('S', "JCTEST".length());
        int length = Integer.parseInt(line.substring("JCTEST".length(), from));
        return line.substring(from + 1, from + 1 + length);
    }
}
