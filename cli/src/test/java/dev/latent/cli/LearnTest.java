package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code latent learn}, as a process: without a terminal, and at one. */
class LearnTest {
    private static final Path SOLUTIONS = Path.of("../learn/solutions").toAbsolutePath();

    @TempDir
    Path folder;

    private Latent.Ended learn(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("learn"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--dir", exercises().toString()));
        return Latent.run(all.toArray(String[]::new));
    }

    private Path exercises() {
        return folder.resolve("exercises");
    }

    private void solve(String file) throws IOException {
        Files.writeString(exercises().resolve(file), Files.readString(SOLUTIONS.resolve(file)));
    }

    @Test
    void fiveExercises() throws Exception {
        unsolved(1);
        for (int i = 1; i <= 5; i++) {
            solve("01_lazy/Lazy" + i + ".java");
            Latent.Ended after = learn();
            assertEquals(0, after.code(), after.out());
            assertTrue(after.out().contains("lazy" + i + ", " + i + " of "), after.out());
            assertTrue(after.out().contains("\nsolved\n"), after.out());
            assertTrue(after.out().endsWith("next: " + exercises().resolve("01_lazy/Lazy" + (i + 1) + ".java") + "\n"));
        }
        unsolved(6);
        Latent.Ended list = learn("list", "--json");
        JsonNode all = JsonMapper.shared().readTree(list.out());
        assertEquals(
                List.of("lazy1", "lazy2", "lazy3", "lazy4", "lazy5"),
                all.valueStream()
                        .filter(one -> one.path("solved").asBoolean())
                        .map(one -> one.path("name").asString())
                        .toList());
        assertTrue(all.path(5).path("next").asBoolean());
        try (Stream<Path> files = Files.walk(exercises())) {
            assertEquals(all.size() + 1, files.filter(Files::isRegularFile).count(), "nothing else is left there");
        }
    }

    private void unsolved(int number) throws Exception {
        Latent.Ended ended = learn();
        assertEquals(1, ended.code(), ended.out());
        assertTrue(ended.out().contains("lazy" + number + ", " + number + " of "), ended.out());
        assertTrue(ended.out().endsWith("stuck? latent learn hint lazy" + number + "\n"), ended.out());
    }

    @Test
    void oneByItsName() throws Exception {
        Latent.Ended check = learn("check", "drop3", "--json");
        assertEquals(1, check.code());
        JsonNode drop3 = JsonMapper.shared().readTree(check.out()).path(0);
        assertEquals("refused", drop3.path("ended").asString());
        assertEquals("finally-leaves", drop3.at("/complaints/0/id").asString());
        solve("02_drop/Drop3.java");
        assertEquals(0, learn("check", "drop3").code());

        assertTrue(learn("hint", "drop3").out().contains("catch (IOException e)"));
        assertTrue(learn("hint").out().contains("Latent.blockOn(future)"), "the next one");
        assertTrue(learn("solution", "drop3").out().contains("} catch (IOException e) {"));

        Latent.Ended refused = learn("solution", "drop4");
        assertEquals(1, refused.code());
        assertEquals("", refused.out());
        assertTrue(refused.err().startsWith("latent learn solution: drop4 is not solved yet"), refused.err());
        assertTrue(learn("solution", "drop4", "--give-up").out().contains("try (var _ = spawn(ticker()))"));

        assertEquals(0, learn("reset", "drop3").code());
        Latent.Ended again = learn("check", "drop3");
        assertEquals(1, again.code());
        assertTrue(again.out().contains("[latent:finally-leaves]"), again.out());
    }

    @Test
    void aFolderThatWasMadeIsNamed() throws Exception {
        Latent.Ended list = learn("list", "--json");
        assertTrue(list.err().startsWith("The exercises are now in " + exercises()), list.err());
        assertEquals("", learn("list").err());
    }

    @Test
    void badInput() throws Exception {
        fails("latent learn: there is no exercise lasy2; did you mean lazy2?", "lasy2");
        fails("latent learn: there is no exercise chek; did you mean check?", "chek");
        fails("latent learn hint: there is no exercise nosuch; latent learn list shows all", "hint", "nosuch");
        assertFalse(Files.exists(exercises()), "nothing was made for a name that is wrong");
        Latent.Ended limit = learn("check", "--limit", "0");
        assertEquals(
                "latent learn: --limit is to be from 1 to 3,600, not 0 (try latent learn --help)",
                limit.err().strip());
        assertEquals(Main.USAGE, limit.code());
        assertFalse(Files.exists(exercises()), "nor for a limit that is wrong");
        learn("list");
        Files.delete(exercises().resolve("01_lazy/Lazy1.java"));
        Latent.Ended gone = learn();
        assertEquals(1, gone.code());
        assertTrue(gone.out().contains("Lazy1.java is gone: latent learn reset lazy1 brings it back"), gone.out());
    }

    private void fails(String line, String... arguments) throws Exception {
        Latent.Ended ended = learn(arguments);
        assertEquals(line, ended.err().strip());
        assertEquals("", ended.out());
        assertEquals(1, ended.code());
    }

    @Test
    void anInterruptionLeavesNothingRunning() throws Exception {
        learn("list");
        Files.writeString(exercises().resolve("01_lazy/Lazy1.java"), "void main() { while (true) {} }\n");
        Process process = Latent.start(
                "learn", "check", "--limit", "600", "--dir", exercises().toString());
        try {
            List<ProcessHandle> children = List.of();
            while (children.isEmpty() && process.isAlive()) {
                Thread.sleep(10);
                children = process.descendants().toList();
            }
            assertEquals(1, children.size());
            process.destroy();
            children.getFirst().onExit().get(60, TimeUnit.SECONDS);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** By the command {@code script}, which gives it a terminal of its own. */
    @Test
    void atATerminal() throws Exception {
        Assumptions.assumeTrue(
                Stream.of("/usr/bin/script", "/bin/stty").allMatch(tool -> Files.isExecutable(Path.of(tool))));
        String learn =
                "'%s' -XX:TieredStopAtLevel=1 -cp '%s' dev.latent.cli.Main learn --dir '%s'; echo \"exit $?\"; stty -a"
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path"),
                                exercises());
        Process process = new ProcessBuilder("/usr/bin/script", "-qefc", learn, "/dev/null")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                Writer keys = process.outputWriter(StandardCharsets.UTF_8)) {
            for (int i = 1; i <= 5; i++) {
                until(out, "lazy" + i + ", " + i + " of ");
                until(out, "q: quit > ");
                press(keys, "h");
                until(out, "docs/guide/1-lazy.md");
                solve("01_lazy/Lazy" + i + ".java");
                until(out, "solved");
                until(out, i + " of ");
                press(keys, "n");
            }
            until(out, "use-after-move");
            press(keys, "q");
            until(out, "exit 0");
            String settings = until(out, "echoke");
            assertTrue(settings.contains(" icanon") && settings.contains(" echo "), "put back: " + settings);
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void press(Writer keys, String key) throws IOException {
        keys.write(key);
        keys.flush();
    }

    /** {@return what was shown until that} */
    private static String until(BufferedReader out, String text) throws IOException {
        StringBuilder shown = new StringBuilder();
        while (shown.indexOf(text) < 0) {
            int next = out.read();
            if (next < 0) {
                throw new AssertionError("it ended before \"" + text + "\": " + shown);
            }
            shown.append((char) next);
        }
        return shown.toString();
    }
}
