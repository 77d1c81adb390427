package dev.latent.cli.lab.program;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;

import dev.latent.Future;
import dev.latent.cli.TemporaryFolder;
import dev.latent.runtime.WorkStealingExecutor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Reads small files that lie in the page cache, again and again. One run is one way, and prints one line of JSON. */
public final class Reading {
    private static final int SIZE = 16 << 10;
    private static final double NANOS = 1e9;

    private final List<Path> files = new ArrayList<>();

    private Reading(Path folder, int n) throws IOException {
        for (int i = 0; i < n; i++) {
            files.add(Files.write(folder.resolve("file" + i), new byte[SIZE]));
        }
    }

    private static int read(Path file) throws IOException {
        return Files.readAllBytes(file).length;
    }

    private Future<Void> allAtOnce() {
        return async(() -> {
            List<Future<byte[]>> reads = new ArrayList<>();
            dev.latent.io.Files async = context().capability(dev.latent.io.Files.class);
            for (Path file : files) {
                reads.add(async.readAll(file, SIZE));
            }
            await(join(reads));
        });
    }

    private interface Round {
        void run() throws Exception;
    }

    private String measured(Round round, long millis) throws Exception {
        repeat(round, millis / 2);
        long cpu = cpuNanos();
        long start = System.nanoTime();
        long rounds = repeat(round, millis);
        double seconds = (System.nanoTime() - start) / NANOS;
        double read = (double) rounds * files.size();
        return String.format(
                Locale.ROOT,
                "{\"files_per_second\":%.1f,\"cpu_us_per_file\":%.2f}",
                read / seconds,
                (cpuNanos() - cpu) / 1e3 / read);
    }

    private static long repeat(Round round, long millis) throws Exception {
        long end = System.nanoTime() + millis * 1_000_000;
        long rounds = 0;
        do {
            round.run();
            rounds++;
        } while (System.nanoTime() < end);
        return rounds;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private String run(String way, long millis) throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        switch (way) {
            case "one-by-one" -> {
                return measured(
                        () -> {
                            for (Path file : files) {
                                read(file);
                            }
                        },
                        millis);
            }
            case "threads" -> {
                List<Callable<Integer>> reads = new ArrayList<>();
                files.forEach(file -> reads.add(() -> read(file)));
                try (ExecutorService pool = Executors.newFixedThreadPool(2 * cores)) {
                    return measured(() -> pool.invokeAll(reads), millis);
                }
            }
            case "latent-all" -> {
                try (WorkStealingExecutor executor = WorkStealingExecutor.create(cores)) {
                    return measured(() -> executor.blockOn(allAtOnce()), millis);
                }
            }
            default -> throw new IllegalArgumentException(way);
        }
    }

    /**
     * Reads.
     *
     * @param args the way, how many files at once, and for how many milliseconds
     */
    public static void main(String[] args) throws Exception {
        try (TemporaryFolder folder = TemporaryFolder.of("latent-reading")) {
            Reading reading = new Reading(folder.path(), Integer.parseInt(args[1]));
            System.out.println(reading.run(args[0], Long.parseLong(args[2])));
        }
    }
}
