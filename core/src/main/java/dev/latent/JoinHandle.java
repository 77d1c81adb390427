package dev.latent;

import dev.latent.world.FailureHandler;
import org.jspecify.annotations.Nullable;

/**
 * Owns a spawned task: awaiting it gives the task's outcome, closing or dropping it cancels the task. Thread-safe.
 *
 * <p>The opposite default of {@code java.util.concurrent} and of tokio, where a lost handle leaves the task running: here that
 * has to be written, as {@link #detach()}.
 */
public interface JoinHandle<T extends @Nullable Object> extends Future<T>, AsyncCloseable {
    /**
     * {@return a future that cancels the task and is ready when its cleanup has ended}
     *
     * <p><em>Cancel safety:</em> once polled, the cancellation goes on, dropped or not.
     */
    Future<Void> cancel();

    /**
     * Gives the task up to its executor; a failure will be reported to its {@link FailureHandler}. Nothing, where the handle was awaited to
     * the end, dropped or detached before.
     *
     * @throws IllegalStateException when somebody else owns the handle, and awaits it for instance
     */
    void detach();

    /** {@return whether the task has ended, its cleanup included} */
    boolean isFinished();

    /** {@return a way to cancel the task, also while somebody else awaits this handle} It keeps this handle alive. */
    default AbortHandle abortHandle() {
        JoinHandle<T> task = this;
        return new AbortHandle() {
            @Override
            public void abort() {
                task.close();
            }

            @Override
            public boolean isFinished() {
                return task.isFinished();
            }

            @Override
            public String toString() {
                return "the abort handle of " + task;
            }
        };
    }
}
