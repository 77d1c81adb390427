package dev.latent.compiler.generated;

import dev.latent.compiler.WayIn;
import dev.latent.compiler.generated.ProgramGenerator.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Compares random programs, woven, with what they do as plain Java, undisturbed and dropped at each of their suspensions.
 *
 * <p>The program {@code k} of a seed is always the same, and is compiled with the same options, whatever else is in the run. So
 * batches of them run on as many threads as there are processors, and are counted in order.
 */
final class Campaign {
    /** The other ways of weaving share a process and its output. */
    private static final int THREADS =
            WayIn.HERE == WayIn.PLUGIN ? Runtime.getRuntime().availableProcessors() : 1;

    private final long seed;
    private final boolean progress;
    private final Tally seen = new Tally();

    Campaign(long seed, boolean progress) {
        this.seed = seed;
        this.progress = progress;
    }

    static Program program(long seed, int k) {
        return ProgramGenerator.program("P" + k, seed * 1_000_003L + k);
    }

    /**
     * Compares the programs from {@code first} on.
     *
     * @param report where to write, after each batch, what the run has seen so far, or null
     */
    void run(int first, int programs, Path report) throws IOException, ExecutionException, InterruptedException {
        long start = System.nanoTime();
        long told = start;
        int end = first + programs;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Tally>> batches = new ArrayList<>();
            for (int k = first; k < end; k = Batch.end(k, end)) {
                Batch batch = new Batch(seed, k, Batch.end(k, end));
                batches.add(threads.submit(batch::run));
            }
            int done = first;
            for (Future<Tally> batch : batches) {
                add(batch.get());
                done = Batch.end(done, end);
                if (report != null) {
                    Files.writeString(
                            report,
                            String.format(
                                    "Seed %d, the programs from %,d to %,d, in %,d s on %d processors: %s",
                                    seed,
                                    first,
                                    done - 1,
                                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
                                    THREADS,
                                    seen.report()));
                }
                long now = System.nanoTime();
                if (progress && (now - told > TimeUnit.SECONDS.toNanos(30) || done == end)) {
                    told = now;
                    tell(done - first, programs, now - start);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void add(Tally batch) {
        seen.add(batch);
        if (progress) {
            batch.differences.forEach(System.out::println);
        }
    }

    private void tell(int done, int programs, long nanos) {
        double rate = done * 1e9 / nanos;
        System.out.printf(
                "%,d of %,d programs, %,d drops, %d differences; %.0f programs/s (%.0f%% of the time in javac), %.0f s to go%n",
                done,
                programs,
                seen.drops,
                seen.differences.size(),
                rate,
                100.0 * seen.compileNanos / nanos / THREADS,
                (programs - done) / rate);
    }

    List<String> differences() {
        return seen.differences;
    }

    /** {@return the constructs of which there was none} */
    List<Construct> missing() {
        return seen.missing();
    }
}
