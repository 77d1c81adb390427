package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import java.util.List;
import java.util.Locale;

/**
 * The workloads of tasks on {@link LocalExecutor} or {@link WorkStealingExecutor}. One run is one workload and prints one line of
 * JSON. Every operation happens inside a spawned task.
 */
public final class ExecutorBench {
    private static final String USAGE = """
            usage: ExecutorBench WORK [N]
              of executors   spawn-join|yield|timers|sleepers
              of channels    mpsc|mpsc-8|unbounded|ping-pong|broadcast|empty-channel
              of locks       mutex|mutex-100
              of futures     join|timeout
              --seconds S    length of the measurement (default 2)
              --warmup S     run unmeasured for S seconds first (default 1); timers: once, unless 0
              --flavor F     current (LocalExecutor) or multi (WorkStealingExecutor) (default current)
              --workers W    threads of the multi flavor (default 2)
              --local        mpsc, mpsc-8, ping-pong: by channels of one thread, so only of the current flavor""";

    private double seconds = 2;
    private double warmup = 1;
    private int tasks = 1_000_000;
    private int workers = 2;
    private boolean multi;
    private boolean local;

    private ExecutorBench() {}

    /** Either of the two executors. */
    private interface Executor {
        <T> T blockOn(Future<? extends T> future) throws Exception;
    }

    /**
     * Runs one workload.
     *
     * @param args see the usage
     */
    public static void main(String[] args) throws Exception {
        ExecutorBench bench = new ExecutorBench();
        if (args.length == 0 || !bench.parse(args)) {
            usage();
        } else if (bench.multi) {
            try (WorkStealingExecutor executor = WorkStealingExecutor.create(bench.workers)) {
                bench.run(args[0], executor::blockOn);
            }
        } else {
            try (LocalExecutor executor = new LocalExecutor()) {
                bench.run(args[0], executor::blockOn);
            }
        }
    }

    private static void usage() {
        System.err.println(USAGE);
        System.exit(2);
    }

    private boolean parse(String[] args) {
        try {
            for (int i = 1; i < args.length; i++) {
                switch (args[i]) {
                    case "--seconds" -> seconds = Double.parseDouble(args[++i]);
                    case "--warmup" -> warmup = Double.parseDouble(args[++i]);
                    case "--workers" -> workers = Integer.parseInt(args[++i]);
                    case "--local" -> local = true;
                    case "--flavor" -> {
                        String flavor = args[++i];
                        multi = flavor.equals("multi");
                        if (!multi && !flavor.equals("current")) {
                            return false;
                        }
                    }
                    default -> tasks = Integer.parseInt(args[i]);
                }
            }
            return seconds > 0 && warmup >= 0 && tasks > 0 && workers > 0 && !(local && multi);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    private void run(String work, Executor executor) throws Exception {
        switch (work) {
            case "spawn-join" -> measure(work, executor, Works::spawnJoin);
            case "yield" -> measure(work, executor, Works::yielding);
            case "mpsc" -> measure(work, executor, deadline -> ChannelWorks.mpsc(deadline, 1, local));
            case "mpsc-8" -> measure(work, executor, deadline -> ChannelWorks.mpsc(deadline, 8, local));
            case "unbounded" -> measure(work, executor, ChannelWorks::unbounded);
            case "ping-pong" -> measure(work, executor, deadline -> ChannelWorks.pingPong(deadline, local));
            case "broadcast" -> measure(work, executor, ChannelWorks::broadcast);
            case "empty-channel" -> emptyChannel();
            case "mutex" -> measure(work, executor, LockWorks::alone);
            case "mutex-100" -> measure(work, executor, LockWorks::crowd);
            case "join" -> measure(work, executor, WaitWorks::joining);
            case "timeout" -> measure(work, executor, WaitWorks::limited);
            case "timers" -> timers(executor);
            case "sleepers" -> sleepers(executor);
            default -> usage();
        }
    }

    private void measure(String name, Executor executor, Works.Work work) throws Exception {
        if (warmup > 0) {
            until(executor, work, warmup);
        }
        long allocated = Self.allocatedBytes();
        long start = System.nanoTime();
        long operations = until(executor, work, seconds);
        double elapsed = secondsSince(start);
        print(
                name,
                "\"seconds\":%.3f,\"operations\":%d,\"ops_per_second\":%.0f,\"bytes_per_operation\":%.1f",
                elapsed,
                operations,
                operations / elapsed,
                (Self.allocatedBytes() - allocated) / (double) operations);
    }

    private static long until(Executor executor, Works.Work work, double seconds) throws Exception {
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        return executor.blockOn(inTask(work.until(deadline)));
    }

    /** {@return a future that spawns the other and joins it} */
    private static <T> Future<T> inTask(Future<T> work) {
        return async(() -> await(spawn(work)));
    }

    /** What a channel and its receiver take of the heap. */
    private void emptyChannel() {
        int channels = 10_000;
        Object[] all = new Object[2 * channels];
        ChannelWorks.empty(all); // loads the classes, whose static state is no channel's
        long allocated = Self.allocatedBytes();
        ChannelWorks.empty(all);
        double bytes = Self.allocatedBytes() - allocated;
        print("empty-channel", "\"channels\":%d,\"bytes_per_channel\":%.1f", channels, bytes / channels);
    }

    private void timers(Executor executor) throws Exception {
        if (warmup > 0) {
            executor.blockOn(inTask(Works.timers(tasks)));
        }
        long allocated = Self.allocatedBytes();
        double cpu = Self.cpuSeconds();
        long start = System.nanoTime();
        executor.blockOn(inTask(Works.timers(tasks)));
        double elapsed = secondsSince(start);
        print(
                "timers",
                "\"tasks\":%d,\"elapsed_seconds\":%.3f,\"cpu_seconds\":%.2f,\"bytes_per_operation\":%.1f",
                tasks,
                elapsed,
                Self.cpuSeconds() - cpu,
                (Self.allocatedBytes() - allocated) / (double) tasks);
    }

    /** Reads the process's own memory while every task sleeps and every handle is held. */
    private void sleepers(Executor executor) throws Exception {
        long before = Self.rssKb();
        List<JoinHandle<Void>> handles = executor.blockOn(inTask(Works.asleep(tasks)));
        System.gc();
        long after = Self.rssKb();
        print(
                "sleepers",
                "\"tasks\":%d,\"rss_before_kb\":%d,\"rss_kb\":%d,\"bytes_per_task\":%.1f",
                tasks,
                before,
                after,
                (after - before) * 1024.0 / tasks);
        System.out.flush();
        Works.check(handles.stream().noneMatch(JoinHandle::isFinished));
        Runtime.getRuntime().halt(0);
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void print(String work, String figures, Object... values) {
        System.out.printf(
                Locale.ROOT,
                "{\"system\":\"latent\",\"work\":\"%s\",\"flavor\":\"%s\",\"workers\":%d,%s}%n",
                work,
                multi ? "multi" : "current",
                multi ? workers : 1,
                String.format(Locale.ROOT, figures, values));
    }
}
