package dev.latent.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
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

    /**
     * An empty one.
     *
     * @param parallelism threads that run tasks
     */
    public LiveSet(int parallelism) {
        shards = new Shard[Math.min(parallelism, 1 << SHARD_BITS)];
        Arrays.setAll(shards, i -> new Shard());
    }

    /**
     * For {@link TaskHome#waits}.
     *
     * @param hint the number of the thread that asks, as a rule
     */
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

    /** For {@link TaskHome#ended}, of any task: one that never waited is not here. */
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
            task.slot = SpawnedTask.UNLISTED;
        }
    }

    /** {@return whether none is here now} */
    public boolean isEmpty() {
        for (Shard shard : shards) {
            synchronized (shard) {
                if (shard.size > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Does {@code what} with those that are here, outside the locks and without a copy; that may take out the one it is given. One that comes
     * meanwhile may be left out.
     */
    public void forEach(Consumer<? super SpawnedTask<?>> what) {
        for (Shard shard : shards) {
            for (int i = Integer.MAX_VALUE; i > 0; ) { // downwards: into the place of one that goes, a later one comes
                SpawnedTask<?> task;
                synchronized (shard) {
                    i = Math.min(i, shard.size);
                    task = i == 0 ? null : shard.tasks[--i];
                }
                if (task != null) {
                    what.accept(task);
                }
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
