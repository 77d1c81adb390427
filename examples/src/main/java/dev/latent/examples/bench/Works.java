package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.yieldNow;

import dev.latent.Future;
import dev.latent.JoinHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Tasks: spawned, yielding, asleep. As in {@code bench/peers/tokio}, in woven code. */
final class Works {
    /** Tasks spawned and joined in one round of {@code spawn-join}. */
    private static final int SPAWNED = 1_000;

    /** Tasks that yield side by side, and how often each does in one round of {@code yield}. */
    private static final int YIELDERS = 100;

    private static final int YIELDS = 100;

    /** Operations between two looks at the clock: enough that they cost nothing. */
    static final int BATCH = 1_000;

    /** The longest that a timer runs, and a step that spreads neighbours over it. */
    private static final int TIMER_MILLIS = 1_000;

    private static final int TIMER_STEP = 7_919;

    private Works() {}

    /** A workload: operations until a moment of {@link System#nanoTime()}. */
    interface Work {
        Future<Long> until(long deadline);
    }

    static Future<Long> spawnJoin(long deadline) {
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

    static Future<Long> yielding(long deadline) {
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

    /** Spawns tasks that each sleep for up to a second, and joins them. */
    static Future<Void> timers(int tasks) {
        return async(() -> {
            List<JoinHandle<Void>> handles = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                handles.add(spawn(sleep(Duration.ofMillis((long) i * TIMER_STEP % TIMER_MILLIS + 1))));
            }
            for (JoinHandle<Void> handle : handles) {
                await(handle);
            }
        });
    }

    /** {@return a future of the handles, ready when all tasks sleep for an hour} */
    static Future<List<JoinHandle<Void>>> asleep(int tasks) {
        return async(() -> {
            AtomicInteger asleep = new AtomicInteger();
            List<JoinHandle<Void>> handles = new ArrayList<>(tasks);
            for (int i = 0; i < tasks; i++) {
                handles.add(spawn(sleeper(asleep)));
            }
            while (asleep.get() < tasks) {
                await(yieldNow());
            }
            // A task counts itself just before its timer is registered: let the last ones do so.
            await(sleep(Duration.ofMillis(500)));
            return handles;
        });
    }

    private static Future<Void> sleeper(AtomicInteger asleep) {
        return async(() -> {
            asleep.incrementAndGet();
            await(sleep(Duration.ofHours(1)));
        });
    }

    static void check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("a wrong result");
        }
    }
}
