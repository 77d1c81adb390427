package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.yieldNow;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.runtime.LocalExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The executor workloads of {@code bench/peers/tokio} in woven code on {@link LocalExecutor}. One run is one workload and prints
 * one line of JSON. Every operation happens inside a spawned task, as there.
 */
public final class ExecutorBench {
    private static final String USAGE = """
            usage: ExecutorBench spawn-join|yield|ping-pong|sleepers [N]
              --seconds S    length of the measurement (default 2)
              --warmup S     run unmeasured for S seconds first (default 1)""";

    /** Tasks spawned and joined in one round of {@code spawn-join}. */
    private static final int SPAWNED = 1_000;

    /** Tasks that yield side by side, and how often each does in one round of {@code yield}. */
    private static final int YIELDERS = 100;

    private static final int YIELDS = 100;

    /** Round trips in one round of {@code ping-pong}: enough that looking at the clock costs nothing. */
    private static final int PINGS = 1_000;

    private static final String SYSTEM = "latent 0.1.0";

    private double seconds = 2;
    private double warmup = 1;
    private int tasks = 1_000_000;

    private ExecutorBench() {}

    /**
     * Runs one workload.
     *
     * @param args see the usage
     */
    public static void main(String[] args) throws Exception {
        ExecutorBench bench = new ExecutorBench();
        if (args.length == 0 || !bench.parse(args)) {
            System.err.println(USAGE);
            System.exit(2);
        }
        switch (args[0]) {
            case "spawn-join" -> bench.measure(args[0], ExecutorBench::spawnJoin);
            case "yield" -> bench.measure(args[0], ExecutorBench::yielding);
            case "ping-pong" -> bench.measure(args[0], ExecutorBench::pingPong);
            case "sleepers" -> bench.sleepers();
            default -> {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
    }

    private boolean parse(String[] args) {
        try {
            for (int i = 1; i < args.length; i++) {
                switch (args[i]) {
                    case "--seconds" -> seconds = Double.parseDouble(args[++i]);
                    case "--warmup" -> warmup = Double.parseDouble(args[++i]);
                    default -> tasks = Integer.parseInt(args[i]);
                }
            }
            return seconds > 0 && warmup >= 0 && tasks > 0;
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    /** A workload: operations until a moment of {@link System#nanoTime()}. */
    private interface Work {
        Future<Long> until(long deadline);
    }

    private void measure(String name, Work work) throws Exception {
        try (LocalExecutor executor = new LocalExecutor()) {
            if (warmup > 0) {
                run(executor, work, warmup);
            }
            long start = System.nanoTime();
            long operations = run(executor, work, seconds);
            double elapsed = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "{\"system\":\"%s\",\"work\":\"%s\",\"flavor\":\"current\",\"workers\":1,\"seconds\":%.3f,\"operations\":%d,\"ops_per_second\":%.0f}%n",
                    SYSTEM,
                    name,
                    elapsed,
                    operations,
                    operations / elapsed);
        }
    }

    private static long run(LocalExecutor executor, Work work, double seconds) throws Exception {
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        return executor.blockOn(async(() -> await(spawn(work.until(deadline)))));
    }

    private static Future<Long> spawnJoin(long deadline) {
        return async(() -> {
            List<JoinHandle<Integer>> handles = new ArrayList<>(SPAWNED);
            long operations = 0;
            while (System.nanoTime() < deadline) {
                for (int i = 0; i < SPAWNED; i++) {
                    int value = i;
                    handles.add(spawn(async(() -> value)));
                }
                long sum = 0;
                for (JoinHandle<Integer> handle : handles) {
                    sum += await(handle);
                }
                handles.clear();
                check(sum == (long) SPAWNED * (SPAWNED - 1) / 2);
                operations += SPAWNED;
            }
            return operations;
        });
    }

    private static Future<Long> yielding(long deadline) {
        return async(() -> {
            List<JoinHandle<Long>> handles = new ArrayList<>(YIELDERS);
            for (int i = 0; i < YIELDERS; i++) {
                handles.add(spawn(yielder(deadline)));
            }
            long operations = 0;
            for (JoinHandle<Long> handle : handles) {
                operations += await(handle);
            }
            return operations;
        });
    }

    private static Future<Long> yielder(long deadline) {
        return async(() -> {
            long yields = 0;
            while (System.nanoTime() < deadline) {
                for (int i = 0; i < YIELDS; i++) {
                    await(yieldNow());
                }
                yields += YIELDS;
            }
            return yields;
        });
    }

    private static Future<Long> pingPong(long deadline) {
        return async(() -> {
            Slot<Slot<Long>> requests = new Slot<>();
            JoinHandle<Long> server = spawn(pong(requests));
            long operations = 0;
            while (System.nanoTime() < deadline) {
                for (int i = 0; i < PINGS; i++) {
                    Slot<Long> reply = new Slot<>();
                    await(requests.send(reply));
                    operations++;
                    long answer = await(reply.receive());
                    check(answer == operations);
                }
            }
            requests.close();
            check(await(server) == operations);
            return operations;
        });
    }

    private static Future<Long> pong(Slot<Slot<Long>> requests) {
        return async(() -> {
            long served = 0;
            while (true) {
                Slot<Long> reply = await(requests.receive());
                if (reply == null) {
                    return served;
                }
                served++;
                await(reply.send(served));
            }
        });
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("a wrong result");
        }
    }

    private int asleep;

    /** Reads the process's own memory while every task sleeps and every handle is held. */
    private void sleepers() throws Exception {
        long before = rssKb();
        LocalExecutor executor = new LocalExecutor();
        List<JoinHandle<Void>> handles = executor.blockOn(async(() -> await(spawn(allAsleep()))));
        System.gc();
        long after = rssKb();
        System.out.printf(
                Locale.ROOT,
                "{\"system\":\"%s\",\"work\":\"sleepers\",\"flavor\":\"current\",\"workers\":1,\"tasks\":%d,\"rss_before_kb\":%d,\"rss_kb\":%d,\"bytes_per_task\":%.1f}%n",
                SYSTEM,
                tasks,
                before,
                after,
                (after - before) * 1024.0 / tasks);
        System.out.flush();
        check(handles.stream().noneMatch(JoinHandle::isFinished));
        Runtime.getRuntime().halt(0);
    }

    private Future<List<JoinHandle<Void>>> allAsleep() {
        return async(() -> {
            List<JoinHandle<Void>> handles = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                handles.add(spawn(sleeper()));
            }
            while (asleep < tasks) {
                await(yieldNow());
            }
            await(sleep(Duration.ofMillis(500)));
            return handles;
        });
    }

    private Future<Void> sleeper() {
        return async(() -> {
            asleep++;
            await(sleep(Duration.ofHours(1)));
        });
    }

    private static long rssKb() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmRSS in /proc/self/status");
    }
}
