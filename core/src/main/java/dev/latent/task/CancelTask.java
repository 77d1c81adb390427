package dev.latent.task;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.WaiterList.Waiter;
import org.jspecify.annotations.Nullable;

/** Asks a task to end when it is first polled, and is ready when the task has ended. Dropped, it just stops waiting. */
final class CancelTask extends OwnedFuture<Void> {
    private final Task<?> task;

    /** Null until it has to wait. */
    private @Nullable Waiter waiter;

    CancelTask(Task<?> task) {
        this.task = task;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) {
        task.requestCancel();
        return task.isWaitedFor() && task.awaitEnd(waiter(), cx.waker()) || !cx.spend() ? Poll.pending() : Poll.done();
    }

    private Waiter waiter() {
        if (waiter == null) {
            waiter = new Waiter();
        }
        return waiter;
    }

    @Override
    protected void dropOwned() {
        if (waiter != null) {
            task.forget(waiter);
        }
    }

    @Override
    public String toString() {
        return "cancel of " + task;
    }
}
