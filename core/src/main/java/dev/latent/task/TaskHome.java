package dev.latent.task;

import dev.latent.Context;
import dev.latent.Spawner;

/** What a {@link SpawnedTask} asks of its executor. */
public interface TaskHome extends Spawner {
    /**
     * Has {@code task} run once, on whatever thread of this executor. Never throws.
     *
     * @param yielded it was woken during its own poll, and lets others go first
     */
    void schedule(SpawnedTask<?> task, boolean yielded);

    /** The first poll of {@code task} was pending; it is still marked as running. */
    void waits(SpawnedTask<?> task);

    /** {@code task} has ended. */
    void ended(SpawnedTask<?> task);

    /** {@return whether every task is to be cancelled} */
    boolean isClosing();

    /** A run of {@code task}, where the home hands tasks themselves to an executor of the JDK's. */
    default void run(SpawnedTask<?> task) {
        task.run(new Context(this), 0);
    }
}
