package dev.latent;

/**
 * A way to cancel a task, for somebody who does not own it: it gives no outcome, and losing it means nothing. Thread-safe.
 */
public interface AbortHandle {
    /** Has the task cancelled, cleanup included, unless it has ended; never waits. Twice is as once. */
    void abort();

    /** {@return whether the task has ended, its cleanup included} */
    boolean isFinished();
}
