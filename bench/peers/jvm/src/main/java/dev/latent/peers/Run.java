package dev.latent.peers;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;

/**
 * One run: a workload, warmed up, then measured, and a line of JSON.
 *
 * @param workers threads that run tasks
 */
record Run(String system, String work, double seconds, double warmup, int workers) {
    /** Operations between two looks at the clock: enough that they cost nothing. */
    static final int BATCH = 1_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A workload: operations until a moment of {@link System#nanoTime()}. */
    interface Work {
        long until(long deadline) throws Exception;
    }

    static Run of(String system, String[] args) {
        double seconds = 2;
        double warmup = 1;
        boolean multi = false;
        int workers = 2;
        for (int i = 1; i + 1 < args.length; i += 2) {
            String value = args[i + 1];
            switch (args[i]) {
                case "--seconds" -> seconds = Double.parseDouble(value);
                case "--warmup" -> warmup = Double.parseDouble(value);
                case "--flavor" -> multi = value.equals("multi");
                case "--workers" -> workers = Integer.parseInt(value);
                default -> throw new IllegalArgumentException(args[i]);
            }
        }
        return new Run(system, args.length == 0 ? "" : args[0], seconds, warmup, multi ? workers : 1);
    }

    void measure(Map<String, Work> works) throws Exception {
        Work chosen = works.get(work);
        if (chosen == null) {
            System.err.println("usage: WORK [--seconds S] [--warmup S] [--flavor current|multi] [--workers W]; works: "
                    + String.join(", ", works.keySet()));
            System.exit(2);
            return;
        }
        until(chosen, warmup);
        long allocated = THREADS.getTotalThreadAllocatedBytes();
        long start = System.nanoTime();
        long operations = until(chosen, seconds);
        double elapsed = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"system\":\"%s\",\"work\":\"%s\",\"flavor\":\"%s\",\"workers\":%d,\"seconds\":%.3f,"
                        + "\"operations\":%d,\"ops_per_second\":%.0f,\"bytes_per_operation\":%.1f}%n",
                system,
                work,
                workers > 1 ? "multi" : "current",
                workers,
                elapsed,
                operations,
                operations / elapsed,
                (THREADS.getTotalThreadAllocatedBytes() - allocated) / (double) operations);
    }

    private static long until(Work work, double seconds) throws Exception {
        return work.until(System.nanoTime() + (long) (seconds * 1e9));
    }

    /** {@return a message: small numbers, which the JVM keeps boxed} */
    static Long value(int i) {
        return (long) (i & 63);
    }

    static long sum(int batch) {
        long sum = 0;
        for (int i = 0; i < batch; i++) {
            sum += value(i);
        }
        return sum;
    }

    static void check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("a wrong result");
        }
    }
}
