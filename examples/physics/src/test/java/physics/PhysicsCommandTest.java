package physics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code latent physics} as its users meet it: a process. */
@Timeout(120)
class PhysicsCommandTest {
    @TempDir
    Path folder;

    private record Ended(int code, String out, String err) {}

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.latent.cli.Main",
                "physics"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private Ended run(String... arguments) throws Exception {
        Process process = start(arguments);
        try (BufferedReader out = process.inputReader()) {
            String said = out.lines().collect(Collectors.joining("\n"));
            return new Ended(
                    process.waitFor(),
                    said,
                    Files.readString(folder.resolve("err")).strip());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void itServesUntilItIsStopped() throws Exception {
        Process process = start("--port", "0", "--bodies", "20");
        try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                HttpClient client = HttpClient.newHttpClient()) {
            String line = out.readLine();
            assertTrue(line.matches("http://127\\.0\\.0\\.1:\\d+/ shows it until Ctrl-C"), line);
            HttpResponse<String> page = client.send(
                    HttpRequest.newBuilder(URI.create(line.split(" ")[0])).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, page.statusCode());
            assertTrue(page.body().contains("physics.js"));
            process.toHandle().destroy();
            String last = out.readLine();
            assertTrue(last.matches("[\\d,]+ frames, [\\d,]+ missed \\([\\d.]+ %\\)"), last);
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void itServesForAWhileAndTellsHowItGoes() throws Exception {
        Ended ended = run("--port", "0", "--bodies", "20", "--seconds", "3");
        assertEquals(0, ended.code(), ended.err());
        assertTrue(
                ended.out()
                        .matches("http://127\\.0\\.0\\.1:\\d+/ shows it for 3 s\\R[\\d,]+ frames, [\\d,]+ missed .*"),
                ended.out());
        assertTrue(ended.err().matches("(?s)1 of 3 s: [\\d,]+ frames, [\\d,]+ missed\\R.*"), ended.err());
    }

    /** With tasks that compute for longer than a frame the one among them misses nearly all, whatever the machine does. */
    @Test
    void aTaskAmongBusyOnesMissesItsFrames() throws Exception {
        Path page = folder.resolve("jitter.html");
        Ended ended = run(
                "--compare",
                "--seconds",
                "1",
                "--bodies",
                "20",
                "--busy",
                "4",
                "--busy-compute",
                "20",
                "--json",
                "--html",
                page.toString());
        assertEquals(0, ended.code(), ended.err());
        JsonNode told = JsonMapper.shared().readTree(ended.out());
        assertEquals(4, told.path("ways").size());
        JsonNode busy = told.at("/ways/2");
        assertEquals("task_among_busy", busy.path("way").asString());
        assertTrue(busy.path("missed_percent").asDouble() > 50, busy.toString());
        assertTrue(busy.path("frames").asInt() >= 60, busy.toString());
        assertTrue(Files.readString(page).contains("a task, busy tasks on the same executor"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --bodies 0             | --bodies is to be from 1 to 10,000, not 0
            --compare --seconds 0  | --seconds is to be from 1 to 600, not 0
            --seconds 601          | --seconds is to be from 1 to 600, not 601
            --port 70000           | --port is to be from 0 to 65,535, not 70,000
            --busy many            | Invalid value for option '--busy': 'many' is not an int
            """)
    void badInput(String arguments, String line) throws Exception {
        Ended ended = run(arguments.split(" "));
        assertEquals("latent physics: " + line + " (try latent physics --help)", ended.err());
        assertEquals(2, ended.code());
    }

    @Test
    void aPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Ended ended = run("--port", String.valueOf(taken.getLocalPort()));
            assertEquals(1, ended.code());
            assertTrue(ended.err().contains(String.valueOf(taken.getLocalPort())), ended.err());
            assertEquals(1, ended.err().lines().count(), ended.err());
        }
    }

    @Test
    void helpHasAnExample() throws Exception {
        Ended ended = run("--help");
        assertEquals(0, ended.code());
        assertTrue(ended.out().contains("latent physics --compare --html jitter.html"), ended.out());
    }
}
