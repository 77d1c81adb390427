package dev.latent.runtime;

import dev.latent.Spawner;

/** What a {@link SharedTask} asks of its executor. */
interface SharedHome extends Spawner {
    /**
     * Has {@code task} run once, on whatever thread of this executor. Never throws.
     *
     * @param yielded it was woken during its own poll, and lets others go first
     */
    void schedule(SharedTask<?> task, boolean yielded);

    /** The first poll of {@code task} was pending; it is still marked as running. */
    void waits(SharedTask<?> task);

    /** {@code task} has ended. */
    void ended(SharedTask<?> task);

    /** {@return whether every task is to be cancelled} */
    boolean isClosing();
}
