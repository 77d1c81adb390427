package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static dev.latent.Async.yieldNow;
import static dev.latent.examples.bench.Works.BATCH;
import static dev.latent.examples.bench.Works.check;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.sync.AsyncMutex;
import java.util.ArrayList;
import java.util.List;

/** A mutex of tasks. One operation is one time that it is locked and unlocked. */
final class LockWorks {
    private static final int LOCKERS = 100;

    /** How often a task locks before it looks at the clock. */
    private static final int TURNS = 100;

    private LockWorks() {}

    private static final class Count {
        long count;
    }

    /** One task, which nobody else is in the way of. */
    static Future<Long> alone(long deadline) {
        return async(() -> {
            AsyncMutex<Count> mutex = AsyncMutex.of(new Count());
            long operations = 0;
            while (System.nanoTime() < deadline) {
                for (int i = 0; i < BATCH; i++) {
                    try (var guard = await(mutex.lock())) {
                        guard.get().count++;
                    }
                }
                operations += BATCH;
            }
            try (var guard = await(mutex.lock())) {
                check(guard.get().count == operations);
            }
            return operations;
        });
    }

    /** Tasks that yield while they hold it. */
    static Future<Long> crowd(long deadline) {
        return async(() -> {
            AsyncMutex<Count> mutex = AsyncMutex.of(new Count());
            List<JoinHandle<Long>> tasks = new ArrayList<>(LOCKERS);
            for (int i = 0; i < LOCKERS; i++) {
                tasks.add(spawn(locker(mutex, deadline)));
            }
            long operations = 0;
            for (JoinHandle<Long> task : tasks) {
                operations += await(task);
            }
            try (var guard = await(mutex.lock())) {
                check(guard.get().count == operations);
            }
            return operations;
        });
    }

    private static Future<Long> locker(AsyncMutex<Count> mutex, long deadline) {
        return async(() -> {
            long locked = 0;
            while (System.nanoTime() < deadline) {
                for (int i = 0; i < TURNS; i++) {
                    try (var guard = await(mutex.lock())) {
                        guard.get().count++;
                        await(yieldNow());
                    }
                }
                locked += TURNS;
            }
            return locked;
        });
    }
}
