package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.cli.advise.Choice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code latent advise}. */
class AdviseTest {
    private static final Map<Choice, String> SAID = Map.of(
            Choice.SYNCHRONOUS, "row 1",
            Choice.THREADS, "49999995000000",
            Choice.OWN_THREAD, "seen frame 60",
            Choice.THREAD_EACH, "row 50",
            Choice.ASYNC, "10000 done",
            Choice.JOIN, "TimeoutException",
            Choice.HAND_OVER, "20: ");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void theSketchRuns(Choice choice) throws Exception {
        Path file = Files.writeString(folder.resolve(choice.file()), choice.sketch());
        Latent.Ended ended = Latent.run("run", file.toString());
        assertEquals("", ended.err());
        assertEquals(0, ended.code());
        assertTrue(ended.out().contains(SAID.get(choice)), ended.out());
    }

    @Test
    void withFiguresOfThisMachine() throws Exception {
        Latent.Ended ended = Latent.run(
                "advise", "--work", "mixed", "--concurrent", "20", "--wait", "1ms", "--compute", "3ms", "--json");
        assertEquals(0, ended.code(), ended.err());
        JsonNode told = JsonMapper.shared().readTree(ended.out());
        assertEquals("hand_over", told.path("choice").asString());
        assertEquals(2, told.path("figures").size(), ended.out());
        for (JsonNode figures : told.path("figures")) {
            assertEquals(5, figures.path("rows").size(), figures.toString());
        }
        assertTrue(told.at("/figures/0/rows/4/answers~1s").asDouble() > 0, ended.out());
        assertFalse(told.at("/environment/jdk").asString().isEmpty());
    }

    @Test
    void filesAreReadToo() throws Exception {
        Latent.Ended ended =
                Latent.run("advise", "--work", "files", "--concurrent", "50", "--sketch", folder.toString());
        assertEquals(0, ended.code(), ended.err());
        assertTrue(ended.out().startsWith("Plain threads, some more than cores"), ended.out());
        assertTrue(ended.out().contains("files of 16 kB from the page cache, 50 at once"), ended.out());
        assertTrue(Files.exists(folder.resolve("Threads.java")));
        Latent.Ended again = Latent.run(
                "advise", "--work", "files", "--concurrent", "50", "--no-measure", "--sketch", folder.toString());
        assertEquals(
                "latent advise: " + folder.resolve("Threads.java")
                        + " is there already, and stays as it is: name another folder",
                again.err().strip());
        assertEquals(1, again.code());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            advise                                 | nobody is there to be asked: say --work network, files, db, compute or mixed
            advise --work web                      | --work: there is no work "web"; there are network, files, db, compute, mixed
            advise --work db --concurrent 0        | --concurrent is to be from 1 to 10,000,000, not 0
            advise --work db --each 20000          | --each is to be from 1 to 10,000, not 20,000
            advise --work db --wait soon           | --wait: "soon" is no duration; write it like 20ms, 1.5s, 300us, 2m or 1h
            advise --work db --wait 0s             | --wait: "0s" is no time at all; write it like 20ms, 1.5s, 300us, 2m or 1h
            advise --work db --wait -5ms           | --wait: "-5ms" is no duration; write it like 20ms, 1.5s, 300us, 2m or 1h
            advise --work db --wait 20             | --wait: "20" is no duration; write it like 20ms, 1.5s, 300us, 2m or 1h
            advise --work db --deadline NaN        | --deadline: "NaN" is no duration; write it like 20ms, 1.5s, 300us, 2m or 1h
            advise --work db --deadline 0ms        | --deadline: "0ms" is no time at all; write it like 20ms, 1.5s, 300us, 2m or 1h
            advise --work db --deadline 9999999h   | --deadline: "9999999h" is more than a year; write it like 20ms, 1.5s, 300us, 2m or 1h
            advise --work compute --compute 0ms    | --compute: "0ms" is no time at all; write it like 20ms, 1.5s, 300us, 2m or 1h
            advise --work mixed --compute 1e3ms    | --compute: "1e3ms" is no duration; write it like 20ms, 1.5s, 300us, 2m or 1h
            advise --work compute --wait 20ms      | --wait is of waiting, and compute does not wait; say --work mixed
            advise --work compute --each 5         | --each is of waiting, and compute does not wait; say --work mixed
            advise --work db --concurrent -3       | --concurrent is to be from 1 to 10,000,000, not -3
            advise --work db --concurrent NaN      | Invalid value for option '--concurrent': 'NaN' is not an int
            advise --work db --concurrent 1e9      | Invalid value for option '--concurrent': '1e9' is not an int
            advise --work db --concurrent 99999999999 | Invalid value for option '--concurrent': '99999999999' is not an int
            advise --work db --each 0              | --each is to be from 1 to 10,000, not 0
            advise --work db --sketch /nowhere     | --sketch: there is no folder /nowhere, make it first
            """)
    void badInput(String arguments, String line) throws Exception {
        Latent.Ended ended = Latent.run(arguments.split(" "));
        assertEquals(
                "latent advise: " + line + " (try latent advise --help)",
                ended.err().strip());
        assertEquals("", ended.out());
        assertEquals(Main.USAGE, ended.code());
    }
}
