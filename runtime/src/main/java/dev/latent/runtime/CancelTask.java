package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;

/** Asks a task to end when it is first polled, and is ready when the task has ended. Dropped, it just stops waiting. */
final class CancelTask extends OwnedFuture<Void> {
    private final Task<?> task;

    CancelTask(Task<?> task) {
        this.task = task;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) {
        task.requestCancel();
        return task.pollEnd(this, cx);
    }

    @Override
    protected void dropOwned() {}

    @Override
    public String toString() {
        return "cancel of " + task;
    }
}
