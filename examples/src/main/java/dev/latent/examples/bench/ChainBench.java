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

/**
 * What a chain of awaits costs, polled by hand so that no executor is in the figures: a resume at several depths, interleaved, and
 * a chain that never suspends against the same plain calls. One JSON line for each figure: the median of the rounds.
 */
public final class ChainBench {
    private static final int ROUNDS = 11;
    private static final int RESUMES = 2_000_000;
    private static final int CALLS = 20_000_000;

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

    private static Future<Integer> fibonacci(int n) {
        return async(() -> n < 2 ? n : await(fibonacci(n - 1)) + await(fibonacci(n - 2)));
    }

    private static Integer plainFibonacci(int n) {
        return n < 2 ? (Integer) n : plainFibonacci(n - 1) + plainFibonacci(n - 2);
    }

    /** Runs everything; takes about half a minute. */
    public static void main(String[] args) throws Exception {
        Context cx = new Context(new NoExecutor());
        int[] depths = {1, 10, 100, 1_000};
        double[][] nanos = new double[depths.length][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
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
        for (int d = 0; d < depths.length; d++) {
            print("resume at depth " + depths[d], nanos[d]);
        }
        double[] woven = new double[ROUNDS];
        double[] plain = new double[ROUNDS];
        int n = 25;
        int calls = 242_785;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < CALLS / calls; i++) {
                poll(fibonacci(n), cx);
            }
            woven[round] = (System.nanoTime() - start) / (double) CALLS;
            start = System.nanoTime();
            int sum = 0;
            for (int i = 0; i < CALLS / calls; i++) {
                sum += plainFibonacci(n);
            }
            plain[round] = (System.nanoTime() - start) / (double) CALLS + (sum == 1 ? 1 : 0);
        }
        print("async call that never suspends", woven);
        print("the same plain call", plain);
    }

    private static void poll(Future<?> future, Context cx) throws Exception {
        cx.begin(Waker.noop());
        future.poll(cx);
    }

    private static void print(String what, double[] nanos) {
        double[] sorted = nanos.clone();
        Arrays.sort(sorted);
        System.out.printf(Locale.ROOT, "{\"bench\":\"%s\",\"ns\":%.2f}%n", what, sorted[sorted.length / 2]);
    }
}
