package dev.latent.runtime;

import dev.latent.JoinHandle;

/**
 * Called around every poll of a task, on the thread that polls: for metrics, a live view, a watchdog for polls that take too
 * long. It must not block and must not throw: what it throws is reported, and the poll takes place. An executor built without one
 * pays nothing.
 */
public interface PollHook {
    /** A poll of {@code task}, or of its cleanup, begins. */
    void before(JoinHandle<?> task);

    /** It has ended; {@link JoinHandle#isFinished()} tells whether the task has. */
    void after(JoinHandle<?> task);
}
