package dev.latent.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path root;

    private final List<String> log = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private Results run(List<Case> cases, int rounds, Duration limit) throws Exception {
        try (Children children = new Children(root)) {
            Plan plan = new Plan(root, "java", "", true);
            return new Runner(plan, children, new PrintStream(said, true, StandardCharsets.UTF_8))
                    .run(cases, rounds, limit);
        }
    }

    private static List<Double> rounds(Results results, String system) {
        return Objects.requireNonNull(
                        Objects.requireNonNull(results.rows.get(Fake.SPEED)).get(system))
                .rounds;
    }

    @Test
    void whoGoesFirstChanges() throws Exception {
        Case one = Fake.asCase(
                new Fake("Latent", log, 6.0, 8.0, 9.0),
                new Fake("tokio", log, 2.0, 2.0, 2.0),
                new Fake("kotlinx", log, 1.0, 1.0, 1.0));
        Results results = run(List.of(one), 3, LONG);
        assertEquals(
                List.of("Latent", "tokio", "kotlinx", "tokio", "kotlinx", "Latent", "kotlinx", "Latent", "tokio"), log);
        assertEquals(List.of(6.0, 8.0, 9.0), rounds(results, "Latent"));
        assertEquals(4, results.ratio(Fake.SPEED, "tokio").orElseThrow());
        assertTrue(results.isComplete());
    }

    @Test
    void whoFailsDoesNotRunAgainAndTheOthersDo() throws Exception {
        Case one = Fake.asCase(new Fake("Latent", log, 6.0, 8.0), new Fake("tokio", log, 2.0, Double.NaN));
        Results results = run(List.of(one), 2, LONG);
        assertEquals(List.of(6.0, 8.0), rounds(results, "Latent"));
        assertEquals(List.of("executor: yield: tokio: no luck"), results.failures);
        assertFalse(results.isComplete());
        assertEquals(3, results.ratio(Fake.SPEED, "tokio").orElseThrow(), "of the round that both have");
        log.clear();
        results = run(List.of(Fake.asCase(new Fake("tokio", log, Double.NaN, 1.0, 1.0))), 3, LONG);
        assertEquals(List.of("tokio"), log);
        assertTrue(said.toString(StandardCharsets.UTF_8).contains("FAILED executor: yield: tokio: no luck\n"));
    }

    @Test
    void whatCountsRunsOnce() throws Exception {
        Case timed = Fake.asCase(new Fake("Latent", log, 1.0, 1.0, 1.0));
        Case counted = new Case("executor", "calls", List.of(), List.of(new Fake("strace", log, 1.0)), true);
        run(List.of(timed, counted), 3, LONG);
        assertEquals(List.of("Latent", "strace", "Latent", "Latent"), log);
    }

    @Test
    void withoutTimeNothingBeginsAndThatIsTold() throws Exception {
        Results results = run(List.of(Fake.asCase(new Fake("Latent", log, 1.0))), 3, Duration.ofNanos(-1));
        assertEquals(List.of(), log);
        assertEquals(List.of("no time was left for executor: yield: Latent"), results.notes);
    }

    @Test
    void aBuildThatFailsIsOneLine() throws Exception {
        Part broken = new Part("tokio", Tool.MAVEN, List.of("sh", "-c", "echo oh no; exit 3"), "nothing", List.of());
        Subject needs = new Program("tokio", List.of(broken), List.of("true"), figures -> List.of());
        Results results = run(List.of(Fake.asCase(needs, new Fake("Latent", log, 1.0))), 1, LONG);
        assertEquals(List.of("tokio could not be built: sh ended with exit code 3: oh no"), results.failures);
        assertEquals(List.of("tokio could not be built; left out: tokio in executor"), results.notes);
        assertEquals(List.of(1.0), rounds(results, "Latent"));
    }

    @Test
    void aPartIsBuiltWhenItIsNewerThanItsSources() throws Exception {
        Path sources = Files.createDirectories(root.resolve("src"));
        Path source = Files.writeString(sources.resolve("a.rs"), "");
        Part part = new Part("a", Tool.CARGO, List.of("cargo"), "a.bin", List.of("src"));
        assertFalse(part.isBuilt(root));
        Path built = Files.writeString(root.resolve("a.bin"), "");
        Files.setLastModifiedTime(source, java.nio.file.attribute.FileTime.fromMillis(1_000));
        assertTrue(part.isBuilt(root));
        Files.setLastModifiedTime(built, java.nio.file.attribute.FileTime.fromMillis(999));
        assertFalse(part.isBuilt(root));
    }

    @Test
    void whatNobodyBuildsHereIsThereOrNamed() throws Exception {
        assertTrue(Part.installed(Tool.DD).isBuilt(root));
        assertEquals(
                "wrk is not on the PATH (tools/install-bench)",
                Part.installed(Tool.WRK).withoutTool());
        assertEquals(
                "cargo is not on the PATH, so hyper cannot be built (install Rust 1.85 or newer)",
                Part.rust("hyper").withoutTool());
    }

    @Test
    void aChildThatFailsSaysWhyInOneLineWithoutATrace() {
        assertEquals(
                "Exception in thread \"main\" java.lang.IllegalStateException: x",
                Children.reason(List.of(
                        "WARNING: something",
                        "ready",
                        "Exception in thread \"main\" java.lang.IllegalStateException: x",
                        "\tat Foo.bar(Foo.java:1)",
                        "\t... 3 more")));
        assertEquals(
                "thread 'main' panicked at src/main.rs:10:5: no answer",
                Children.reason(List.of(
                        "thread 'main' panicked at src/main.rs:10:5:",
                        "no answer",
                        "note: run with `RUST_BACKTRACE=1`")));
        assertEquals("", Children.reason(List.of()));
    }

    @Test
    void closingKillsWhatRuns() throws Exception {
        Child child;
        List<ProcessHandle> offspring;
        try (Children children = new Children(root)) {
            child = children.start(List.of("sh", "-c", "sleep 600 & echo ready; sleep 600"));
            child.line(line -> line.equals("ready"), Duration.ofSeconds(10));
            offspring = new ArrayList<>(
                    ProcessHandle.of(child.pid()).orElseThrow().descendants().toList());
            offspring.add(ProcessHandle.of(child.pid()).orElseThrow());
        }
        for (ProcessHandle one : offspring) {
            assertNotNull(one.onExit().get(10, java.util.concurrent.TimeUnit.SECONDS));
        }
        assertTrue(offspring.size() > 1, "it had children: " + Arrays.toString(offspring.toArray()));
    }

    @Test
    void theTimeOfAServerIsThatOfItsProcesses() throws Exception {
        assertEquals(
                1234 + 56,
                Servers.cpuTicks(
                        "17 (a (very) odd name) S 1 17 17 0 -1 4194304 900 0 0 0 1234 56 7 8 20 0 9 0 100 2 3"));
        try (Children children = new Children(root);
                Child child = children.start(List.of("sh", "-c", "sleep 600 & echo ready; sleep 600"))) {
            child.line(line -> line.equals("ready"), Duration.ofSeconds(10));
            assertTrue(child.pids().size() > 1, child.pids().toString());
            assertTrue(new Servers.Running(child, 0).cpuSeconds() >= 0);
        }
    }

    @Test
    void whatStraceCounted() {
        assertEquals(java.util.Map.of("read", 2000L, "write", 1000L, "epoll_wait", 17L), SystemCalls.calls("""
                        % time     seconds  usecs/call     calls    errors syscall
                        ------ ----------- ----------- --------- --------- ----------------
                         60.20    0.020000          10      2000      1000 read
                         39.00    0.010000          10      1000           write
                          0.80    0.000100           5        17           epoll_wait
                        ------ ----------- ----------- --------- --------- ----------------
                        100.00    0.030100          10      3017      1000 total
                        """.lines()
                .toList()));
    }
}
