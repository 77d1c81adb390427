package dev.latent.task;

import org.jspecify.annotations.Nullable;

/**
 * Tasks that are to run, linked through themselves: to add one takes no memory, so that it never fails. For what an executor's own
 * queue has no memory for, since {@link TaskHome#schedule} never throws. Of any threads; the last comes first.
 */
public final class TaskChain {
    private volatile @Nullable SpawnedTask<?> top;

    /** An empty one. */
    public TaskChain() {}

    /** Adds {@code task}, which is in no other chain. */
    public synchronized void add(SpawnedTask<?> task) {
        task.next = top;
        top = task;
    }

    /** {@return one of them, which is in here no more; null: there is none} */
    public synchronized @Nullable SpawnedTask<?> poll() {
        SpawnedTask<?> task = top;
        if (task != null) {
            top = task.next;
            task.next = null;
        }
        return task;
    }

    /** {@return whether there is none} */
    public boolean isEmpty() {
        return top == null;
    }
}
