package dev.latent.cli.learn;

import dev.latent.cli.Compile;
import dev.latent.cli.Failure;
import dev.latent.cli.bench.Plan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The run of an exercise.
 *
 * @param printed what it has printed, the first lines of it
 * @param more how many lines came after those
 */
public record Run(Ending ending, List<String> printed, long more) {
    private static final int MOST_LINES = 20;
    private static final int MOST_CHARACTERS = 160;

    /** How much longer than its time the JVM gets to say that its time is over. */
    private static final int GRACE_SECONDS = 5;

    private static final List<String> FLAGS = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED");

    /** {@return how the program of {@code source} ends, in a JVM of its own that ends with it} */
    static Run of(Path source, Compile.Result program, int seconds) throws Failure, IOException, InterruptedException {
        List<String> command = Plan.of(source, true)
                .latent(FLAGS, Trial.class.getName(), List.of(source.toString(), String.valueOf(seconds)));
        Process process = new ProcessBuilder(command).start();
        Thread hook = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
        // Two that both have to read: a pool might have one thread only.
        Executor threads = task -> Thread.ofPlatform().daemon().start(task);
        try {
            try (OutputStream in = process.getOutputStream()) {
                Trial.write(program, in);
            }
            CompletableFuture<Optional<Ending>> ending = CompletableFuture.supplyAsync(() -> ending(process), threads);
            CompletableFuture<Run> printed = CompletableFuture.supplyAsync(() -> printed(process), threads);
            Ending otherwise = process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)
                    ? Ending.left(process.exitValue())
                    : Ending.endless(seconds, 0, List.of());
            try {
                // Killing it would close what is read here; who holds that open now is a process that it has started.
                CompletableFuture.allOf(ending, printed).get(1, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                kill(process);
            }
            return new Run(
                    ending.join().orElse(otherwise),
                    printed.join().printed(),
                    printed.join().more());
        } finally {
            kill(process);
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the process is ending, and the hook runs
            }
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static Optional<Ending> ending(Process process) {
        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = err.readLine(); line != null; line = err.readLine()) {
                if (line.startsWith(Trial.ENDED)) {
                    return Optional.of(Ending.decoded(line.substring(Trial.ENDED.length())));
                }
            }
        } catch (IOException e) {
            // it has been killed
        }
        return Optional.empty();
    }

    /** Reads all of it, since a program that is not listened to would wait, and keeps little. */
    private static Run printed(Process process) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        long more = 0;
        try (Reader out = process.inputReader(StandardCharsets.UTF_8)) {
            char[] some = new char[8192];
            for (int n = out.read(some); n >= 0; n = out.read(some)) {
                for (int i = 0; i < n; i++) {
                    if (some[i] != '\n') {
                        if (line.length() < MOST_CHARACTERS) {
                            line.append(some[i]);
                        }
                    } else if (lines.size() < MOST_LINES) {
                        lines.add(line.toString());
                        line.setLength(0);
                    } else {
                        more++;
                        line.setLength(0);
                    }
                }
            }
        } catch (IOException e) {
            // it has been killed
        }
        if (!line.isEmpty() && lines.size() < MOST_LINES) {
            lines.add(line.toString());
        }
        return new Run(Ending.PASSED, lines, more);
    }
}
