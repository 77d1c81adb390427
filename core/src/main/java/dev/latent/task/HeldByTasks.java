package dev.latent.task;

import dev.latent.Waker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What some tasks hold and others wait for: a lock, as it is now. For who looks for tasks that wait for each other, see {@link Deadlocks};
 * its {@code toString} is what a person knows it by. To be called on any thread.
 */
public interface HeldByTasks {
    /** {@return the wakers of those who hold it, or have been handed it and not been polled since; null: they are not all known} */
    @Nullable
    List<Waker> holders();

    /** {@return what has been handed over of it and not been fetched by a poll since} */
    List<Offer> offered();

    /**
     * That it has been handed to somebody who waited.
     *
     * @param token what makes this one different from any other
     * @param to the waker of who has it
     */
    record Offer(Object token, Waker to) {}

    /** {@return the wakers of those who wait for it, in order} */
    List<Waker> waiters();
}
