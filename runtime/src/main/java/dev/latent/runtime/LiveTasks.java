package dev.latent.runtime;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait, for the executor to find at its close. A task comes here when a poll was pending for the first time:
 * until then the run queue holds it, and a task that never waits never comes. For one thread.
 */
final class LiveTasks {
    private @Nullable LocalTask<?>[] tasks = new LocalTask<?>[16];
    private int size;

    void add(LocalTask<?> task) {
        if (size == tasks.length) {
            tasks = Arrays.copyOf(tasks, size + (size >> 1));
        }
        task.slot = size;
        tasks[size++] = task;
    }

    /** Puts the last one into the place of {@code task}. */
    void remove(LocalTask<?> task) {
        LocalTask<?> last = tasks[--size];
        tasks[size] = null;
        if (last != null && last != task) {
            tasks[task.slot] = last;
            last.slot = task.slot;
        }
        task.slot = -1;
    }

    /** Does {@code what} with each; that leaves them here. */
    @SuppressWarnings("NullAway") // below size there is a task
    void forEach(Consumer<? super LocalTask<?>> what) {
        for (int i = 0; i < size; i++) {
            what.accept(tasks[i]);
        }
    }

    /** Does {@code end} with each; that takes it out of here. */
    @SuppressWarnings("NullAway") // below size there is a task
    void takeAll(Consumer<? super LocalTask<?>> end) {
        while (size > 0) {
            end.accept(tasks[0]);
        }
    }
}
