package dev.latent.task;

import dev.latent.Context;
import dev.latent.Spawner;

/**
 * What a {@link SpawnedTask} asks of its executor. Everything may be called on any thread, at the same time.
 *
 * <p><em>Memory effects:</em> what happened before {@link #schedule} is to be visible to the run that follows, as any queue for threads
 * has it.
 */
public interface TaskHome extends Spawner {
    /**
     * Has {@link SpawnedTask#run(Context)} called once, soon, on a thread of this executor; not on this one, where a poll may be under
     * way. Never throws. A task that was scheduled comes again only when it has run.
     *
     * @param yielded it was woken during its own poll, and lets others go first
     */
    void schedule(SpawnedTask<?> task, boolean yielded);

    /** The first poll of {@code task} was pending; it is still marked as running. */
    default void waits(SpawnedTask<?> task) {}

    /** {@code task} has ended; not told of one that was {@linkplain Task#refuse refused}. */
    default void ended(SpawnedTask<?> task) {}

    /** {@return whether every task is to be cancelled, from its next run on} */
    default boolean isClosing() {
        return false;
    }

    /** Runs {@code task}, which this home has handed to somebody as a {@link Runnable}. */
    default void run(SpawnedTask<?> task) {
        task.run(new Context(this));
    }
}
