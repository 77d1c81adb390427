package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code latent bench}, with one tiny measurement. */
class BenchTest {
    private static final String[] TINY = {"bench", "executor", "--quick", "--rows", "yield, one thread"};

    @TempDir
    Path folder;

    private static String[] tiny(String... more) {
        String[] all = java.util.Arrays.copyOf(TINY, TINY.length + more.length);
        System.arraycopy(more, 0, all, TINY.length, more.length);
        return all;
    }

    @Test
    void aTinyOneFromEndToEnd() throws Exception {
        Path page = folder.resolve("bench.html");
        Latent.Ended ended =
                Latent.run(tiny("--systems", "Latent", "--rounds", "2", "--json", "--html", page.toString()));
        assertEquals(0, ended.code(), ended.err());
        JsonNode rows = JsonMapper.shared().readTree(ended.out()).path("rows");
        assertEquals("yield, one thread", rows.at("/0/name").asString());
        JsonNode latent = rows.at("/0/systems/0");
        assertEquals(2, latent.path("values").size());
        assertTrue(latent.path("median").asDouble() > 0.01, ended.out());
        assertTrue(latent.at("/commands/0").asString().contains("dev.latent.examples.bench.ExecutorBench yield"));
        assertEquals("yield, one thread, allocated", rows.at("/1/name").asString());
        assertTrue(Files.readString(page).contains("dev.latent.examples.bench.ExecutorBench yield"));
    }

    /** A repository that has a tokio peer's sources and nothing else. */
    private Path repository() throws Exception {
        Path peer = Files.createDirectories(folder.resolve("bench/peers/tokio"));
        Files.writeString(peer.resolve("Cargo.toml"), "");
        Files.createDirectories(peer.resolve("src"));
        return peer;
    }

    private void tokioIs(String script) throws Exception {
        Path binary = repository().resolve("target/release/latent-peer-tokio");
        Files.createDirectories(folder.resolve("bench/peers/tokio/target/release"));
        Files.writeString(binary, "#!/bin/sh\n" + script + "\n");
        assertTrue(binary.toFile().setExecutable(true));
    }

    private Process start(String... arguments) throws Exception {
        String none = Files.createDirectories(folder.resolve("empty")).toString();
        return Latent.start(Map.of("PATH", none), List.of("-Dlatent.root=" + folder), arguments);
    }

    @Test
    void withoutAToolChainItsPeersAreLeftOut() throws Exception {
        repository();
        Latent.Ended ended = Latent.end(start(tiny("--rounds", "1")));
        String line =
                "cargo is not on the PATH, so tokio cannot be built (install Rust 1.85 or newer); left out: tokio in executor\n";
        assertTrue(ended.err().contains(line), ended.err());
        assertTrue(ended.out().contains(line), ended.out());
        assertTrue(ended.out().lines().findFirst().orElse("").matches("executor +Latent"), ended.out());
        assertEquals(0, ended.code());
    }

    @Test
    void aPeerThatFailsIsOneLine() throws Exception {
        tokioIs("echo \"thread 'main' panicked at src/main.rs:1:1:\" >&2; echo 'out of luck' >&2; exit 101");
        Latent.Ended ended = Latent.end(start(tiny("--rounds", "2")));
        String line = "FAILED executor: yield, one thread: tokio: latent-peer-tokio ended with exit code 101:"
                + " thread 'main' panicked at src/main.rs:1:1: out of luck\n";
        assertTrue(ended.err().contains(line), ended.err());
        assertEquals(ended.err().indexOf("FAILED"), ended.err().lastIndexOf("FAILED"), ended.err());
        assertTrue(ended.out().contains(line), ended.out());
        assertFalse((ended.err() + ended.out()).contains("\tat "));
        assertTrue(ended.out().contains("Rounds: 2."), ended.out());
        assertEquals(1, ended.code());
    }

    @Test
    void aPeerWithoutFiguresIsOneLine() throws Exception {
        tokioIs("echo hello");
        Latent.Ended ended = Latent.end(start(tiny("--rounds", "1", "--systems", "tokio")));
        assertTrue(
                ended.err().endsWith("FAILED executor: yield, one thread: tokio: printed no figures\n"), ended.err());
        assertEquals(1, ended.code());
    }

    /** Starts a bench, and waits until its peer has made this file. */
    private Process startUntilIts(Path file) throws Exception {
        try (WatchService made = folder.getFileSystem().newWatchService()) {
            folder.register(made, StandardWatchEventKinds.ENTRY_CREATE);
            Process bench = start(tiny("--rounds", "1", "--systems", "tokio"));
            while (Files.notExists(file)) {
                WatchKey key = made.poll(30, TimeUnit.SECONDS);
                if (key == null) {
                    bench.destroyForcibly();
                    throw new AssertionError("it has not started its peer");
                }
                key.pollEvents();
                key.reset();
            }
            return bench;
        }
    }

    /** Whoever started these tests may have them, and all below them, ignore Ctrl-C. */
    private static boolean isInterruptIgnored() throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(
                                        line.substring("SigIgn:".length()).strip(), 16)
                                & 1 << 1)
                        != 0;
            }
        }
        return false;
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void interruptedItLeavesNoProcessBehind(String signal, int code) throws Exception {
        assumeFalse(signal.equals("INT") && isInterruptIgnored());
        Path peer = folder.resolve("peer");
        tokioIs("/bin/sleep 300 & /bin/sleep 300 & : > " + peer + "; wait");
        Process bench = startUntilIts(peer);
        try {
            List<ProcessHandle> all = bench.descendants().toList();
            assertTrue(all.size() >= 3, "the script and its two children: " + all);
            new ProcessBuilder("kill", "-" + signal, String.valueOf(bench.pid()))
                    .start()
                    .waitFor();
            assertEquals(code, Latent.end(bench).code());
            for (ProcessHandle one : all) {
                one.onExit().get(10, TimeUnit.SECONDS);
            }
        } finally {
            bench.descendants().forEach(ProcessHandle::destroyForcibly);
            bench.destroyForcibly();
        }
    }

    @Test
    void twoAtOnceWouldMeasureEachOther() throws Exception {
        Path peer = folder.resolve("peer");
        tokioIs(": > " + peer + "; exec /bin/sleep 300");
        Process first = startUntilIts(peer);
        try {
            Latent.Ended second = Latent.end(start(tiny("--rounds", "1", "--systems", "tokio")));
            assertEquals(
                    "latent bench: another bench measures here; two at once would measure each other: wait for it to end",
                    second.err().strip());
            assertEquals(1, second.code());
            assertTrue(first.isAlive());
        } finally {
            first.descendants().forEach(ProcessHandle::destroyForcibly);
            first.destroyForcibly();
        }
    }

    @Test
    void commandsAreForPeople() throws Exception {
        Latent.Ended ended = Latent.run("bench", "memory", "--commands", "--systems", "tokio");
        assertEquals("""
                memory: 1,000,000 sleepers, one thread
                  tokio
                    bench/peers/tokio/target/release/latent-peer-tokio sleepers 1000000
                memory: 1,000,000 sleepers, one thread, JVM without flags
                  tokio
                    bench/peers/tokio/target/release/latent-peer-tokio sleepers 1000000
                memory: 1,000,000 sleepers, two workers
                  tokio
                    bench/peers/tokio/target/release/latent-peer-tokio sleepers 1000000 --flavor multi --workers 2
                """, ended.out());
        assertEquals(0, ended.code());
    }

    /** All systems that have channels, each told to do the same. */
    @Test
    void aWorkloadOfTasksIsTheSameEverywhere() throws Exception {
        String[] lines = Latent.run("bench", "channels", "--commands", "--rows", "mpsc(128), 8:1, two workers")
                .out()
                .split("\n");
        assertEquals("channels: mpsc(128), 8:1, two workers", lines[0]);
        List<String> systems = new ArrayList<>();
        for (int i = 1; i < lines.length; i += 2) {
            systems.add(lines[i].strip());
            assertTrue(
                    lines[i + 1].endsWith(" mpsc-8 --seconds 2 --warmup 3 --flavor multi --workers 2"), lines[i + 1]);
        }
        assertEquals(List.of("Latent", "tokio", "kotlinx", "reactor", "virtual-threads", "go"), systems);
    }

    @Test
    void withoutWrkHttpIsLeftOut() throws Exception {
        Latent.Ended ended = Latent.end(start("bench", "http", "--rounds", "1", "--rows", "hello, one thread"));
        String line =
                "wrk is not on the PATH (tools/install-bench); left out: Latent in http, hyper in http, netty-nio in http,"
                        + " netty-epoll in http\n";
        assertTrue(ended.err().contains(line), ended.err());
        assertTrue(ended.out().contains(line), ended.out());
        assertEquals(0, ended.code());
    }

    @Test
    void helloFromEndToEnd() throws Exception {
        assumeTrue(isOnThePath("wrk"), "tools/install-bench");
        Latent.Ended ended = Latent.run(
                "bench",
                "http",
                "--quick",
                "--systems",
                "Latent",
                "--rows",
                "hello, one thread",
                "--rounds",
                "1",
                "--json");
        assertEquals(0, ended.code(), ended.err());
        JsonNode rows = JsonMapper.shared().readTree(ended.out()).path("rows");
        assertEquals("hello, one thread", rows.at("/0/name").asString());
        assertTrue(rows.at("/0/systems/0/median").asDouble() > 0.1, ended.out());
    }

    private static boolean isOnThePath(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** One name for all that has to do with the web, each of which has its own. */
    @Test
    void theWebIsSeveral() throws Exception {
        String commands = Latent.run("bench", "web", "--commands").out();
        for (String name : List.of("websocket", "idle", "broadcast", "deflate", "http", "file")) {
            assertTrue(commands.contains("\n" + name + ": ") || commands.startsWith(name + ": "), commands);
            assertTrue(commands.contains(Latent.run("bench", name, "--commands").out()), name);
        }
        assertTrue(commands.contains("bench/peers/nginx/serve --folder bench/target/web --port 7001\n"), commands);
    }

    @Test
    void helpHasNamesAndAnExample() throws Exception {
        String help = Latent.run("bench", "--help").out();
        for (String name : dev.latent.cli.bench.Benchmark.names()) {
            assertTrue(help.contains("\n  " + name + " "), help);
        }
        assertTrue(help.contains("\n  latent bench --quick\n"), help);
        assertFalse(help.lines().anyMatch(line -> line.length() > 80), help);
    }
}
