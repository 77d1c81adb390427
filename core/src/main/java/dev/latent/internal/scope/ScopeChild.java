package dev.latent.internal.scope;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Outcome;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.ScopedTask;
import dev.latent.WaiterList;
import dev.latent.Waker;
import dev.latent.internal.Failures;
import dev.latent.internal.Names;
import dev.latent.internal.Sneaky;
import dev.latent.internal.Undelivered;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * What an executor runs for a child of a scope: the future that was spawned, telling the scope how it ends.
 *
 * <p>It ends once: ready, thrown, or dropped with all its cleanup. All that changes after it was spawned is guarded by the
 * scope's lock.
 */
final class ScopeChild<T> extends OwnedFuture<Void> {
    private static final Outcome<?> NOT_KEPT = new Outcome.Failed<>(Failures.NO_MEMORY);

    private final ScopeFuture<?> scope;
    private final Future<? extends T> future;
    private final Task<T> task = new Task<>(this);

    /** It came when the scope was being cancelled: its first poll drops it. Set before it is spawned. */
    boolean stillborn;

    /** Null until the child has ended. */
    private @Nullable Outcome<T> outcome;

    private @Nullable JoinHandle<?> handle;

    /** What waits for the outcome, noop where nobody does. */
    private Waker reader = Waker.noop();

    /** Who waits for a cancel; null until somebody does. Its lock is taken under the scope's. */
    private @Nullable WaiterList cancellers;

    /** It has failed, and only its reader can tell anybody. */
    private @Nullable Throwable unheard;

    /** The value has been given to a reader, or let go of. */
    private boolean taken;

    ScopeChild(ScopeFuture<?> scope, Future<? extends T> future) {
        this.scope = scope;
        this.future = future;
        Owners.claim(future, this);
    }

    @Override
    protected Future<?> shown() {
        return future;
    }

    @Override
    protected List<? extends Future<?>> children() {
        return List.of(future);
    }

    ScopedTask<T> task() {
        return task;
    }

    void giveBack() {
        Owners.unclaim(future, this);
    }

    void started(JoinHandle<?> running) {
        boolean never;
        synchronized (scope.lock) {
            handle = running;
            never = outcome == null && running.isFinished();
        }
        if (never) {
            // The executor is closing and did not take it.
            end(cancelled(running), null);
        }
    }

    /** Cancels; a child whose handle is still to come is closed by {@link ScopeFuture#spawn}. */
    void close() {
        JoinHandle<?> running;
        synchronized (scope.lock) {
            running = handle;
        }
        if (running != null) {
            try {
                running.close();
            } catch (Throwable t) { // the next sibling is to be closed, too
                scope.report(this, t);
            }
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Poll<Void> pollOwned(Context cx) {
        if (stillborn) {
            return pollDropOwned(cx);
        }
        try {
            if (!(Owners.poll((Future<T>) future, this, cx) instanceof Poll.Ready<T>(var value))) {
                return Poll.pending();
            }
            end(ready(value), null);
        } catch (Throwable t) {
            end(failed(t), t);
        }
        return Poll.done();
    }

    private Outcome<T> ready(T value) {
        try {
            return new Outcome.Ok<>(value);
        } catch (OutOfMemoryError e) {
            Owners.undelivered(future, value);
            throw e;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Outcome<T> failed(Throwable failure) {
        try {
            return new Outcome.Failed<>(failure);
        } catch (OutOfMemoryError e) {
            return (Outcome<T>) NOT_KEPT;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Outcome<T> cancelled(Object task) {
        try {
            return new Outcome.Failed<>(new CancellationException(Names.of(task) + " was cancelled"));
        } catch (OutOfMemoryError e) {
            return (Outcome<T>) NOT_KEPT;
        }
    }

    @Override
    protected void dropOwned() {
        Throwable thrown = null;
        try {
            Owners.drop(future, this);
        } catch (Throwable t) {
            thrown = t;
        }
        end(cancelled(this), thrown);
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        Throwable thrown = null;
        try {
            if (!Owners.pollDrop(future, this, cx).isReady()) {
                return Poll.pending();
            }
        } catch (Throwable t) {
            thrown = t;
        }
        end(cancelled(this), thrown);
        return Poll.done();
    }

    private void end(Outcome<T> ended, @Nullable Throwable thrown) {
        Waker wakeReader;
        WaiterList wakeCancellers;
        boolean keep =
                ended instanceof Outcome.Ok<T>(var value) && (Undelivered.isHeld(value) || Owners.hasConsumer(future));
        boolean read;
        synchronized (scope.lock) {
            if (outcome != null) {
                return;
            }
            outcome = ended;
            read = reader != Waker.noop();
            wakeReader = reader;
            wakeCancellers = cancellers;
        }
        scope.ended(this, thrown, read, keep);
        Foreign.wake(wakeReader);
        if (wakeCancellers != null) {
            wakeCancellers.wakeAll();
        }
    }

    void letValueGo() {
        Outcome<T> ended;
        synchronized (scope.lock) {
            ended = taken ? null : outcome;
            taken = true;
        }
        if (ended instanceof Outcome.Ok<T>(var value)) {
            Owners.undelivered(future, value);
        }
    }

    /** {@return the outcome, or null, having kept the waker} */
    private @Nullable Outcome<T> outcome(Waker waiting) {
        synchronized (scope.lock) {
            if (outcome == null) {
                reader = waiting;
            } else {
                taken = true;
                unheard = null;
            }
            return outcome;
        }
    }

    /** Under the scope's lock: {@code thrown} is left to the reader. */
    void leaveToReader(Throwable thrown) {
        unheard = thrown;
    }

    private void unread() {
        Throwable unread;
        synchronized (scope.lock) {
            reader = Waker.noop();
            unread = unheard;
            unheard = null;
        }
        if (unread != null) {
            scope.report(this, unread);
        }
    }

    /** {@return whether it has ended}; otherwise {@code waiter} will be woken. */
    private boolean awaitEnd(WaiterList.Waiter waiter, Waker waker) {
        synchronized (scope.lock) {
            if (outcome != null) {
                return true;
            }
            if (cancellers == null) {
                cancellers = WaiterList.create();
            }
            cancellers.lock();
            try {
                cancellers.add(waiter, waker);
            } finally {
                cancellers.unlock();
            }
            return false;
        }
    }

    private void forget(WaiterList.Waiter waiter) {
        WaiterList list;
        synchronized (scope.lock) {
            list = cancellers;
        }
        if (list != null) {
            list.lock();
            list.remove(waiter);
            list.unlock();
        }
    }

    @Override
    public String toString() {
        return "child " + future + " of " + scope;
    }

    /** The program's view of a child. */
    private static final class Task<T> extends OwnedFuture<T> implements ScopedTask<T> {
        private final ScopeChild<T> child;

        Task(ScopeChild<T> child) {
            this.child = child;
        }

        @Override
        protected Poll<T> pollOwned(Context cx) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            Outcome<T> outcome = child.outcome(cx.waker());
            if (outcome == null) {
                cx.unspend();
                return Poll.pending();
            }
            child.scope.forget(child);
            return switch (outcome) {
                case Outcome.Ok<T>(var value) -> Poll.ready(value);
                case Outcome.Failed<T>(var failure) -> throw Sneaky.rethrow(failure);
            };
        }

        @Override
        protected void dropOwned() {
            child.unread();
        }

        @Override
        protected void undelivered(T value) {
            Owners.undelivered(child.future, value);
        }

        @Override
        public Future<Void> cancel() {
            return new Cancel(child);
        }

        @Override
        public String toString() {
            return child.toString();
        }
    }

    private static final class Cancel extends OwnedFuture<Void> {
        private final ScopeChild<?> child;
        private final WaiterList.Waiter waiter = new WaiterList.Waiter();
        private boolean asked;

        Cancel(ScopeChild<?> child) {
            this.child = child;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            if (!asked) {
                asked = true;
                child.close();
            }
            if (!cx.spend()) {
                return Poll.pending();
            }
            if (child.awaitEnd(waiter, cx.waker())) {
                return Poll.done();
            }
            cx.unspend();
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {
            child.forget(waiter);
        }

        @Override
        public String toString() {
            return "the cancel of " + child;
        }
    }
}
