package dev.latent.runtime;

import java.util.Arrays;
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

    /** {@return those that are here now} */
    LocalTask<?>[] snapshot() {
        return Arrays.copyOf(tasks, size);
    }
}
