package dev.latent.runtime;

import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskChain;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Where tasks wait that are in no worker's ring, for any threads. To add one never fails: what the queue has no memory for is chained. */
final class Injector {
    private final Queue<SpawnedTask<?>> queue = new ConcurrentLinkedQueue<>();
    private final TaskChain chained = new TaskChain();

    void add(SpawnedTask<?> task) {
        try {
            queue.add(task);
        } catch (OutOfMemoryError e) {
            chained.add(task);
        }
    }

    @Nullable
    SpawnedTask<?> poll() {
        SpawnedTask<?> task = queue.poll();
        return task != null || chained.isEmpty() ? task : chained.poll();
    }

    boolean isEmpty() {
        return queue.isEmpty() && chained.isEmpty();
    }

    /** Adds those of the queue that are here now. */
    void addTo(Collection<? super SpawnedTask<?>> all) {
        all.addAll(queue);
    }

    @Override
    public String toString() {
        return queue.size() + (chained.isEmpty() ? "" : " and more") + " injected";
    }
}
