package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code latent lab}, with its shortest experiments. */
class LabTest {
    @TempDir
    Path folder;

    private static JsonNode experiment(Latent.Ended ended) {
        assertEquals(0, ended.code(), ended.err());
        JsonNode all = JsonMapper.shared().readTree(ended.out()).path("experiments");
        assertEquals(1, all.size());
        return all.path(0);
    }

    private static String cell(JsonNode experiment, String row, int column) {
        for (JsonNode one : experiment.at("/tables/0/rows")) {
            if (one.path(0).asString().equals(row)) {
                return one.path(column).asString();
            }
        }
        throw new AssertionError("no row " + row + " in " + experiment);
    }

    private static Collection<Path> onThePath() throws IOException {
        Map<String, Path> tools = new LinkedHashMap<>();
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isDirectory(Path.of(folder))) {
                try (Stream<Path> all = Files.list(Path.of(folder))) {
                    all.forEach(tool -> tools.putIfAbsent(tool.getFileName().toString(), tool));
                }
            }
        }
        return tools.values();
    }

    /** {@return a copy of the programs in {@code lab/}}: what an earlier run has built runs without a tool chain too */
    private Path withoutWhatWasBuilt() throws IOException {
        Path root = folder.resolve("root");
        Path from =
                Path.of(System.getProperty("latent.examples", "../examples")).resolveSibling("lab");
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path name = from.relativize(file);
                if (Stream.of("target", "build", "__pycache__")
                        .noneMatch(built -> name.toString().contains(built + "/"))) {
                    Path copy = root.resolve("lab").resolve(name);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        return root;
    }

    /** Nobody has anything but a JDK: what others do is shown as it was recorded, and said so. */
    @Test
    void modelsWithoutAnyToolChain() throws Exception {
        Path page = folder.resolve("lab.html");
        Path sources = withoutWhatWasBuilt();
        Latent.Ended ended = Latent.end(Latent.start(
                Map.of("PATH", folder.toString()),
                List.of("-XX:TieredStopAtLevel=1", "-Dlatent.root=" + sources),
                "lab",
                "models",
                "--quick",
                "--json",
                "--html",
                page.toString()));
        JsonNode models = experiment(ended);
        assertEquals("no", cell(models, "Latent future", 1));
        assertEquals("stops", cell(models, "Latent future", 2));
        assertEquals("stops", cell(models, "Latent task", 2));
        assertEquals("yes", cell(models, "Java CompletableFuture", 1));
        assertEquals("runs on", cell(models, "Java CompletableFuture", 2));
        assertEquals("never", cell(models, "Java CompletableFuture", 4));
        String rust = models.at("/tables/0/rows")
                .valueStream()
                .map(row -> row.path(0).asString())
                .filter(name -> name.startsWith("Rust future"))
                .findFirst()
                .orElseThrow();
        assertTrue(rust.matches("Rust future \\(recorded \\d{4}-\\d\\d-\\d\\d\\)"), rust);
        assertTrue(
                models.path("notes").toString().contains("Go: go is not on the PATH"),
                models.path("notes").toString());
        assertTrue(
                models.path("verdict").asString().contains("Rust future, Latent future"),
                models.path("verdict").asString());
        assertTrue(Files.readString(page).contains("Latent future"));
    }

    /** Maven compiles Kotlin there; whatever is started has this in its environment, and nothing that has is left behind. */
    @Test
    @Timeout(180)
    void aBuildOfKotlinLeavesNoProcess() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (Path tool : onThePath()) {
            if (!List.of("cargo", "go", "node", "python3")
                    .contains(tool.getFileName().toString())) {
                Files.createSymbolicLink(bin.resolve(tool.getFileName()), tool);
            }
        }
        Assumptions.assumeTrue(Files.exists(bin.resolve("mvn")), "no Maven");
        String mark = "LATENT_TEST=" + UUID.randomUUID();
        Latent.Ended ended = Latent.end(Latent.start(
                Map.of("PATH", bin.toString(), "LATENT_TEST", mark.substring(mark.indexOf('=') + 1)),
                List.of("-XX:TieredStopAtLevel=1", "-Dlatent.root=" + withoutWhatWasBuilt()),
                "lab",
                "models",
                "--quick",
                "--json"));
        JsonNode models = experiment(ended);
        assertTrue(
                models.at("/tables/0/rows")
                        .valueStream()
                        .anyMatch(row -> row.path(0).asString().matches("Kotlin [a-z ]+")),
                ended.out());
        List<String> left = new ArrayList<>();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            try {
                if (Files.readString(Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1)
                        .contains(mark)) {
                    left.add(process.info().commandLine().orElse("?"));
                    process.destroyForcibly();
                }
            } catch (IOException e) {
                // it has ended, or is somebody else's
            }
        }
        assertEquals(List.of(), left);
    }

    @Test
    void computingIsNotHelped() throws Exception {
        JsonNode computing = experiment(Latent.run("lab", "computing", "--quick", "--json"));
        double late =
                Double.parseDouble(cell(computing, "async tasks, one thread", 4).replace(",", ""));
        assertTrue(late > 20, "a neighbour of 16 blocks on one thread was woken " + late + " ms late at most");
        assertFalse(computing.path("verdict").asString().isEmpty());
    }

    /** A process may have 700 files open: what needs more has its rows all the same, which say so. */
    @Test
    void waitsThatAreNotReachedHaveTheirRows() throws Exception {
        Path script = Files.writeString(folder.resolve("limited"), "ulimit -n 700 && exec \"$@\"\n");
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        script.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.latent.cli.Main",
                        "lab",
                        "crossover",
                        "--quick",
                        "--json")
                .start();
        JsonNode crossover = experiment(Latent.end(process));
        List<JsonNode> rows = crossover.at("/tables/0/rows").valueStream().toList();
        assertEquals(
                List.of("1", "1", "1", "1", "1", "10", "10", "10", "10", "100", "100", "100", "100", "1,000", "10,000"),
                rows.stream().map(row -> row.path(0).asString()).toList());
        for (JsonNode row : rows.subList(13, 15)) {
            assertEquals("not reached: limit of 700 open files", row.path(2).asString());
        }
        assertEquals(1, crossover.path("notes").size(), crossover.path("notes").toString());
    }

    @Test
    void sourcesThatDoNotCompile() throws Exception {
        Files.writeString(folder.resolve("Bad.java"), "class Bad { int x = \"a\"; }\n");
        Latent.Ended none =
                Latent.run("lab", "costs", "--sources", folder.resolve("nope").toString());
        assertEquals(
                "latent lab: --sources: there is no folder " + folder.resolve("nope") + " (try latent lab --help)",
                none.err().strip());
        assertEquals(Main.USAGE, none.code());
    }
}
