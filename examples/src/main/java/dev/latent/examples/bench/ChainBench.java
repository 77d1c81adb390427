package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.world.World;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a resume costs at several depths of a chain of awaits, in turns, polled by hand so that no executor is in the figures. One line
 * of JSON: for each depth the median of the rounds, in ns.
 */
public final class ChainBench {
    private static final int ROUNDS = 11;
    private static final int RESUMES = 2_000_000;

    private ChainBench() {}

    /** Pending at every second poll. */
    private static final class Tick implements Future<Integer> {
        private boolean ready;

        @Override
        public Poll<Integer> poll(Context cx) {
            ready = !ready;
            return ready ? Poll.pending() : Poll.ready(1);
        }

        @Override
        public void drop() {}
    }

    private static final class NoExecutor implements Spawner {
        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            throw new IllegalStateException("nothing spawns here");
        }

        @Override
        public World world() {
            return World.empty();
        }
    }

    private static Future<Integer> resumes(int depth) {
        if (depth == 1) {
            return async(() -> {
                Tick tick = new Tick();
                int sum = 0;
                while (true) {
                    sum += await(tick);
                    if (sum < 0) {
                        return sum;
                    }
                }
            });
        }
        return async(() -> await(resumes(depth - 1)) + 1);
    }

    /**
     * Runs everything, which takes seconds.
     *
     * @param args how many rounds, if not 11
     */
    public static void main(String[] args) throws Exception {
        int rounds = args.length == 0 ? ROUNDS : Integer.parseInt(args[0]);
        Context cx = new Context(new NoExecutor());
        int[] depths = {1, 10, 100, 1_000};
        double[][] nanos = new double[depths.length][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int d = 0; d < depths.length; d++) {
                Future<Integer> chain = resumes(depths[d]);
                poll(chain, cx);
                long start = System.nanoTime();
                for (int i = 0; i < RESUMES; i++) {
                    poll(chain, cx);
                }
                nanos[d][round] = (System.nanoTime() - start) / (double) RESUMES;
            }
        }
        System.out.println(IntStream.range(0, depths.length)
                .mapToObj(d -> String.format(Locale.ROOT, "\"depth_%d_ns\":%.2f", depths[d], median(nanos[d])))
                .collect(Collectors.joining(",", "{\"system\":\"latent\",\"work\":\"chain\",", "}")));
    }

    private static void poll(Future<?> future, Context cx) throws Exception {
        cx.begin(Waker.noop());
        future.poll(cx);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
