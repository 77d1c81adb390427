package dev.latent.internal.scope;

import dev.latent.AbortHandle;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Outcome;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.internal.Failures;
import dev.latent.internal.Names;
import dev.latent.internal.Sneaky;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * What an executor runs for a task of a {@link Group}: the future that was spawned, with what became of it.
 *
 * <p>It ends once: ready, thrown, or dropped with all its cleanup. The outcome is written before the group is told, under whose lock all else is.
 */
public final class Member<T extends @Nullable Object> extends OwnedFuture<Void> implements AbortHandle {
    /** Which list of the group it stands in. */
    enum Place {
        NONE,
        LIVE,
        CLOSING,
        ENDED
    }

    private final Group group;
    private final @Nullable Object key;
    private final Future<? extends T> future;

    Place place = Place.NONE;

    /** In a list: around the ring. */
    @Nullable
    Member<?> next;

    @Nullable
    Member<?> previous;

    /** Null until the executor has taken it. */
    @Nullable
    JoinHandle<?> handle;

    boolean finished;

    /** Whoever aborted it knows, and nobody is told. */
    boolean aborted;

    /** It gave nothing and threw nothing: its failure says no more than that. */
    private boolean dropped;

    private @Nullable T value;
    private @Nullable Throwable failure;

    Member(Group group, @Nullable Object key, Future<? extends T> future) {
        this.group = group;
        this.key = key;
        this.future = future;
        Owners.claim(future, this);
    }

    void giveBack() {
        Owners.unclaim(future, this);
    }

    // ---- as a future ------------------------------------------------------------------------------------------------

    @Override
    @SuppressWarnings("unchecked")
    protected Poll<Void> pollOwned(Context cx) {
        try {
            if (!(Owners.poll((Future<T>) future, this, cx) instanceof Poll.Ready<T>(var ready))) {
                return Poll.pending();
            }
            value = ready;
        } catch (Throwable t) {
            failure = t;
        }
        end();
        return Poll.done();
    }

    @Override
    protected void dropOwned() {
        try {
            Owners.drop(future, this);
        } catch (Throwable t) {
            Owners.report(group.spawner(), this, ", dropped", t);
        }
        endDropped();
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        try {
            if (!Owners.pollDrop(future, this, cx).isReady()) {
                return Poll.pending();
            }
        } catch (Throwable t) {
            Owners.report(group.spawner(), this, ", dropped", t);
        }
        endDropped();
        return Poll.done();
    }

    private void endDropped() {
        if (dropped) {
            return;
        }
        dropped = true;
        try {
            failure = new CancellationException(Names.of(future) + " was cancelled");
        } catch (OutOfMemoryError e) {
            failure = Failures.NO_MEMORY;
        }
        end();
    }

    private void end() {
        if (group.ended(this)) {
            letGo();
        }
    }

    @Override
    protected Future<?> shown() {
        return future;
    }

    @Override
    protected List<? extends Future<?>> children() {
        return List.of(future);
    }

    // ---- what became of it ------------------------------------------------------------------------------------------

    /** {@return by what it is known} */
    public @Nullable Object key() {
        return key;
    }

    /** {@return whether something will be told of it, or has been}: it was not aborted, and its group is open. */
    public boolean isWanted() {
        return group.isWanted(this);
    }

    /** {@return what it failed with; a {@link CancellationException} where somebody else than the group's owner cancelled it} */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** {@return what it became} */
    @SuppressWarnings("NullAway") // T itself may be nullable
    public T value() {
        if (failure != null) {
            throw Sneaky.rethrow(failure);
        }
        return value;
    }

    /** {@return both} */
    @SuppressWarnings("NullAway") // T itself may be nullable
    public Outcome<T> outcome() {
        return failure == null ? new Outcome.Ok<>(value) : new Outcome.Failed<>(failure);
    }

    /** Nobody will take the outcome. */
    void letGo() {
        if (failure == null) {
            Owners.undelivered(group.spawner(), future, value);
        } else if (!dropped) {
            Owners.report(group.spawner(), future, ", whose outcome nobody reads", failure);
        }
    }

    // ---- as a handle ------------------------------------------------------------------------------------------------

    @Override
    public void abort() {
        closeHandle(group.aborted(this));
    }

    /** It stands among those that are being closed. */
    void closeHandle() {
        closeHandle(handle);
    }

    private void closeHandle(@Nullable JoinHandle<?> running) {
        if (running != null) {
            try {
                running.close();
            } catch (Throwable t) { // the next one is to be closed, too
                Owners.report(group.spawner(), this, ", closed", t);
            }
        }
    }

    @Override
    public boolean isFinished() {
        return group.isFinished(this);
    }

    @Override
    public String toString() {
        return "the task of " + Names.of(future);
    }
}
