package dev.latent.internal.scope;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Scope;
import dev.latent.ScopedTask;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.internal.Failures;
import dev.latent.internal.Sneaky;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link Async#scope}: a body, and tasks that do not outlive it. The future and its {@link Scope} are one object.
 *
 * <p><b>Children</b> are tasks of the executor, so they may run beside the body on other threads. Each is a {@link ScopeChild},
 * a future around the one that was spawned, which tells the scope how it ended; since the executor drops it when the task is
 * cancelled, the scope hears of every end, cleanup included, and needs the task's handle only to cancel it.
 *
 * <pre>
 *    OPEN --1--&gt; CANCELLING --2--&gt; ENDED
 *      +----------------2------------^
 *    1 fail, cancel: a failure, or a drop. Every child is closed, and the next poll drops the body.
 *    2 pollOwned, pollDropOwned, dropOwned: the body and all children have ended.
 * </pre>
 *
 * <p>What is spawned while CANCELLING is a task cancelled already; after the end it is refused.
 *
 * <p>All fields below {@link #lock} are guarded by it; under it nothing foreign is called: wakers are woken and handles closed
 * after it is released. Fields above belong to the poll. A child wakes the scope when it fails, and when it is the last.
 */
public final class ScopeFuture<R> extends OwnedFuture<R> implements Scope {
    private enum Phase {
        OPEN,
        CANCELLING,
        ENDED
    }

    private final OnFailure onFailure;
    private final Future<R> body;
    private boolean bodyEnded;
    private @Nullable R value;

    final Object lock = new Object();
    private final Set<ScopeChild<?>> children = new LinkedHashSet<>();

    /** Ended children whose value has to be let go of, should nobody read it. */
    private final Set<ScopeChild<?>> unread = new LinkedHashSet<>();

    private Phase phase = Phase.OPEN;
    private @Nullable Throwable failure;
    private @Nullable Spawner spawner;
    private Waker waker = Waker.noop();

    public ScopeFuture(OnFailure onFailure, Object body) {
        this.onFailure = onFailure;
        this.body = Owners.call(body, this);
        Owners.claim(this.body, this);
    }

    // ---- as a future ------------------------------------------------------------------------------------------------

    @Override
    protected Poll<R> pollOwned(Context cx) {
        if (!polledIn(cx) && !bodyEnded) {
            try {
                if (Owners.poll(body, this, cx) instanceof Poll.Ready<R>(var ready)) {
                    bodyEnded = true;
                    value = ready;
                }
            } catch (Throwable t) {
                bodyEnded = true;
                fail(t);
            }
        }
        if (!allEnded(cx)) {
            return Poll.pending();
        }
        letUnreadGo();
        if (failure != null) {
            letValueGo();
            throw Sneaky.rethrow(failure);
        }
        return told();
    }

    /** The value is null only where its type is Void, which admits null. */
    @SuppressWarnings("NullAway")
    private Poll<R> told() {
        return Poll.ready(value);
    }

    @Override
    protected List<? extends Future<?>> children() {
        return bodyEnded ? List.of() : List.of(body);
    }

    /** Its tasks: one that fails ends the body. */
    @Override
    protected @Nullable Object waitsFor() {
        synchronized (lock) {
            return children.isEmpty() ? null : children;
        }
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        if (!polledIn(cx)) {
            cancel();
        }
        if (!allEnded(cx)) {
            return Poll.pending();
        }
        abandon();
        return Poll.done();
    }

    @Override
    protected void dropOwned() {
        cancel();
        synchronized (lock) {
            phase = Phase.ENDED;
        }
        if (!bodyEnded) {
            bodyEnded = true;
            Owners.drop(body, this);
        }
        abandon();
    }

    /** {@return whether the scope is being cancelled} */
    private boolean polledIn(Context cx) {
        synchronized (lock) {
            waker = cx.waker();
            spawner = cx.spawner();
            return phase == Phase.CANCELLING;
        }
    }

    /** {@return whether the body, dropped where that is due, and all children have ended}: edge 2. */
    private boolean allEnded(Context cx) {
        boolean cancelling;
        boolean owed;
        synchronized (lock) {
            cancelling = phase == Phase.CANCELLING;
            owed = !cancelling && failure != null;
        }
        if (owed) {
            cancel();
        }
        if (cancelling && !bodyEnded) {
            try {
                bodyEnded = Owners.pollDrop(body, this, cx).isReady();
            } catch (Throwable t) {
                bodyEnded = true;
                fail(t);
            }
        }
        synchronized (lock) {
            if (!bodyEnded || !children.isEmpty()) {
                // A failure between the two locks has woken the waker of this poll.
                return false;
            }
            phase = Phase.ENDED;
            return true;
        }
    }

    /** Edge 1, for a failure. */
    private void fail(Throwable t) {
        synchronized (lock) {
            failure = Failures.add(failure, t);
        }
        cancel();
    }

    /** Edge 1. Without memory for it the next poll, which comes soon, tries again. */
    private void cancel() {
        List<ScopeChild<?>> all;
        try {
            synchronized (lock) {
                if (phase != Phase.OPEN) {
                    return;
                }
                all = new ArrayList<>(children);
                phase = Phase.CANCELLING;
            }
        } catch (OutOfMemoryError e) {
            Waker again;
            synchronized (lock) {
                again = waker;
            }
            Foreign.wake(again);
            return;
        }
        all.forEach(ScopeChild::close);
    }

    private void letUnreadGo() {
        List<ScopeChild<?>> all;
        synchronized (lock) {
            all = new ArrayList<>(unread);
            unread.clear();
        }
        all.forEach(ScopeChild::letValueGo);
    }

    private void letValueGo() {
        if (value != null) {
            Owners.undelivered(spawner, body, value);
            value = null;
        }
    }

    private void abandon() {
        letUnreadGo();
        letValueGo();
        Throwable unthrown;
        synchronized (lock) {
            unthrown = failure;
        }
        if (unthrown != null) {
            Owners.report(spawner, this, ", dropped", unthrown);
        }
    }

    @Override
    protected void undelivered(R told) {
        letValueGo();
    }

    // ---- as a scope -------------------------------------------------------------------------------------------------

    @Override
    public <T> ScopedTask<T> spawn(Future<? extends T> future) {
        return spawn(future, false);
    }

    @Override
    public <T> ScopedTask<T> spawnLocal(Future<? extends T> future) {
        return spawn(future, true);
    }

    private <T> ScopedTask<T> spawn(Future<? extends T> future, boolean local) {
        var child = new ScopeChild<T>(this, future);
        Spawner on;
        synchronized (lock) {
            on = phase == Phase.ENDED ? null : spawner;
            if (on != null) {
                children.add(child);
                child.stillborn = phase == Phase.CANCELLING;
            }
        }
        if (on == null) {
            child.giveBack();
            throw new IllegalStateException(this + " has ended: nothing can be spawned in it any more");
        }
        try {
            child.started(local ? on.spawnLocal(child) : on.spawn(child));
        } catch (Throwable t) {
            synchronized (lock) {
                children.remove(child);
            }
            child.giveBack();
            throw t;
        }
        boolean cancelled;
        synchronized (lock) {
            cancelled = phase != Phase.OPEN;
        }
        if (cancelled) {
            child.close();
        }
        return child.task();
    }

    /**
     * A child has ended, and its outcome is set.
     *
     * @param thrown what it failed with, if anything
     * @param read whether somebody awaits it
     * @param keep whether its value must be let go of if nobody ever does
     */
    void ended(ScopeChild<?> child, @Nullable Throwable thrown, boolean read, boolean keep) {
        Waker wake;
        boolean cancels = false;
        Throwable unheard = null;
        synchronized (lock) {
            children.remove(child);
            boolean late = phase == Phase.ENDED;
            if (thrown != null) {
                cancels = !late && onFailure == OnFailure.CANCEL_SIBLINGS;
                unheard = cancels || read ? null : thrown;
                if (!cancels && read) {
                    child.leaveToReader(thrown);
                }
            }
            if (cancels && thrown != null) {
                failure = Failures.add(failure, thrown);
            }
            if (keep && !late) {
                keep = false;
                try {
                    unread.add(child);
                } catch (OutOfMemoryError e) {
                    // Then whoever reads it has it, and nobody lets go of it else.
                }
            }
            wake = cancels || children.isEmpty() ? waker : Waker.noop();
        }
        if (keep) {
            child.letValueGo();
        }
        if (unheard != null) {
            report(child, unheard);
        }
        if (cancels) {
            cancel();
        }
        Foreign.wake(wake);
    }

    void report(ScopeChild<?> child, Throwable unheard) {
        Owners.report(spawner, child, "", unheard);
    }

    /** Somebody has read the child's value, or will never. */
    void forget(ScopeChild<?> child) {
        synchronized (lock) {
            unread.remove(child);
        }
    }

    @Override
    public String toString() {
        return "scope of " + body;
    }
}
