package dev.latent.cli.lab.program;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.compute;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * The same work, hashing and compressing blocks of a megabyte, done in one of several ways, and how late a neighbour is woken meanwhile that wants nothing but
 * to be called every two milliseconds. One run is one way, and prints one line of JSON.
 */
public final class Computing {
    private static final int BLOCK = 1 << 20;
    private static final Duration PERIOD = Duration.ofMillis(2);
    private static final double NANOS_PER_MILLI = 1e6;

    private final int blocks;
    private final Histogram late = new ConcurrentHistogram(3);
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger done = new AtomicInteger();
    private double seconds;

    private Computing(int blocks) {
        this.blocks = blocks;
    }

    /** {@return something of the block, so that no compiler leaves the work out} */
    private static int work(int seed) {
        byte[] block = new byte[BLOCK];
        Random random = new Random(seed);
        for (int i = 0; i < block.length; i++) {
            block[i] = (byte) (random.nextInt() & 0x0F);
        }
        try {
            int sum = MessageDigest.getInstance("SHA-256").digest(block)[0];
            Deflater deflater = new Deflater();
            deflater.setInput(block);
            deflater.finish();
            byte[] out = new byte[BLOCK];
            while (!deflater.finished()) {
                sum += deflater.deflate(out);
            }
            deflater.end();
            return sum;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void block(int i) {
        if (work(i) != 0) {
            done.incrementAndGet();
        }
    }

    // ---- the neighbour ----------------------------------------------------------------------------------------------

    private void woken(long due) {
        late.recordValue(Math.max(0, System.nanoTime() - due));
    }

    private Future<Void> neighbour() {
        return async(() -> {
            while (!over.get()) {
                long due = System.nanoTime() + PERIOD.toNanos();
                await(sleep(PERIOD));
                woken(due);
            }
        });
    }

    private Thread neighbourThread() {
        return Thread.ofPlatform().start(() -> {
            try {
                while (!over.get()) {
                    long due = System.nanoTime() + PERIOD.toNanos();
                    Thread.sleep(PERIOD);
                    woken(due);
                }
            } catch (InterruptedException e) {
                // nobody does
            }
        });
    }

    // ---- the ways ---------------------------------------------------------------------------------------------------

    private Future<Void> tasks() {
        return scopeDo(scope -> {
            long start = System.nanoTime();
            scopeTasks(scope);
            while (done.get() < blocks) {
                await(sleep(Duration.ofMillis(1)));
            }
            end(start);
        });
    }

    private void scopeTasks(dev.latent.Scope scope) {
        scope.spawn(neighbour());
        for (int i = 0; i < blocks; i++) {
            int mine = i;
            scope.spawn(async(() -> {
                await(sleep(Duration.ofMillis(1))); // so that all are tasks that wait before they compute
                block(mine);
            }));
        }
    }

    private Future<Void> handedOver() {
        return scopeDo(scope -> {
            long start = System.nanoTime();
            scope.spawn(neighbour());
            for (int i = 0; i < blocks; i++) {
                int mine = i;
                scope.spawn(compute(() -> {
                    block(mine);
                    return null;
                }));
            }
            while (done.get() < blocks) {
                await(sleep(Duration.ofMillis(1)));
            }
            end(start);
        });
    }

    private void end(long start) {
        seconds = (System.nanoTime() - start) / 1e9;
        over.set(true);
    }

    private void onThreads(Runnable work) throws InterruptedException {
        Thread neighbour = neighbourThread();
        long start = System.nanoTime();
        work.run();
        end(start);
        neighbour.join();
    }

    private void run(String way) throws Exception {
        switch (way) {
            case "sequential" -> onThreads(() -> IntStream.range(0, blocks).forEach(this::block));
            case "fork-join" ->
                onThreads(() -> new ForkJoinPool(Runtime.getRuntime().availableProcessors())
                        .invoke(java.util.concurrent.ForkJoinTask.adapt(
                                () -> IntStream.range(0, blocks).parallel().forEach(this::block))));
            case "async-one" -> {
                try (LocalExecutor executor = new LocalExecutor()) {
                    executor.blockOn(tasks());
                }
            }
            case "async-all" -> {
                try (WorkStealingExecutor executor =
                        WorkStealingExecutor.create(Runtime.getRuntime().availableProcessors())) {
                    executor.blockOn(tasks());
                }
            }
            case "async-compute" -> {
                try (LocalExecutor executor = new LocalExecutor()) {
                    executor.blockOn(handedOver());
                }
            }
            default -> throw new IllegalArgumentException(way);
        }
    }

    /**
     * Computes.
     *
     * @param args the way, and how many blocks
     */
    public static void main(String[] args) throws Exception {
        int blocks = Integer.parseInt(args[1]);
        new Computing(Math.max(4, blocks / 4)).run(args[0]); // so that what is compiled is compiled
        Computing computing = new Computing(blocks);
        computing.run(args[0]);
        System.out.printf(
                Locale.ROOT,
                "{\"seconds\":%.4f,\"blocks_per_second\":%.2f,\"late_p50_ms\":%.3f,\"late_p99_ms\":%.3f,\"late_max_ms\":%.3f}%n",
                computing.seconds,
                blocks / computing.seconds,
                computing.late.getValueAtPercentile(50) / NANOS_PER_MILLI,
                computing.late.getValueAtPercentile(99) / NANOS_PER_MILLI,
                computing.late.getMaxValue() / NANOS_PER_MILLI);
        System.exit(0);
    }
}
