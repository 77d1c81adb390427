package dev.latent.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks that wait, for their executor to find at its close: in shards, each with its lock, so that workers rarely meet. */
public final class LiveSet {
    private static final int SHARD_BITS = 6;

    private final Shard[] shards;

    private static final class Shard {
        @Nullable
        SpawnedTask<?>[] tasks = new SpawnedTask<?>[16];

        int size;
    }

    /** @param parallelism threads that run tasks */
    public LiveSet(int parallelism) {
        shards = new Shard[Math.min(parallelism, 1 << SHARD_BITS)];
        Arrays.setAll(shards, i -> new Shard());
    }

    /** @param hint a worker's number */
    public void add(SpawnedTask<?> task, int hint) {
        int number = Math.floorMod(hint, shards.length);
        Shard shard = shards[number];
        synchronized (shard) {
            if (shard.size == shard.tasks.length) {
                shard.tasks = Arrays.copyOf(shard.tasks, shard.size + (shard.size >> 1));
            }
            task.slot = shard.size << SHARD_BITS | number;
            shard.tasks[shard.size++] = task;
        }
    }

    public void remove(SpawnedTask<?> task) {
        if (task.slot < 0) {
            return;
        }
        int number = task.slot & (1 << SHARD_BITS) - 1;
        Shard shard = shards[number];
        synchronized (shard) {
            SpawnedTask<?> last = shard.tasks[--shard.size];
            shard.tasks[shard.size] = null;
            if (last != null && last != task) {
                shard.tasks[task.slot >> SHARD_BITS] = last;
                last.slot = task.slot;
            }
        }
    }

    /** {@return those that are here now} */
    public List<SpawnedTask<?>> snapshot() {
        List<SpawnedTask<?>> all = new ArrayList<>();
        for (Shard shard : shards) {
            synchronized (shard) {
                for (int i = 0; i < shard.size; i++) {
                    all.add(shard.tasks[i]);
                }
            }
        }
        return all;
    }
}
