package dev.latent.internal.combine;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@link Async#spawnBlocking(Callable, AutoCloseable)}: a call of the blocking pool whose drop runs its end beside it, and waits for both.
 *
 * <pre>{@code
 *   NEW ──1──▶ RUNNING ──2──▶ RETURNED      1 a thread begins the work   2 the work has returned or thrown
 *    │            └────3────▶ DROPPED       3 drop: the end begins, and the drop waits for both
 *    └──────────────4───────────▲           4 drop: the work never runs
 * }</pre>
 *
 * <p>1 and 2 are taken by the thread of the pool, 3 and 4 by the task, each by an atomic instruction, 4 being tried first: whoever finds that 1 came before it takes 3. So the end runs for work that is under way and for no other, and whoever finds
 * the call in DROPPED lets what it has in hand go. All other fields are the task's, but for {@code endBegun}.
 */
public final class EndedCall<T extends @Nullable Object> extends OwnedFuture<T> {
    private enum State {
        NEW,
        RUNNING,
        RETURNED,
        DROPPED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private final Callable<? extends T> work;
    private final AutoCloseable end;

    /** Null until the first poll, and when it has ended. */
    private @Nullable Future<T> call;

    /** Of the end, from edge 3 on. */
    private @Nullable Future<Void> ending;

    /** By the thread of the end; read once {@code ending} has ended. */
    private volatile boolean endBegun;

    private @Nullable Spawner spawner;

    public EndedCall(Callable<? extends T> work, AutoCloseable end) {
        this.work = work;
        this.end = end;
    }

    @Override
    protected Poll<T> pollOwned(Context cx) throws Exception {
        if (call == null) {
            call = Async.spawnBlocking(this::run);
            Owners.claim(call, this);
        }
        spawner = cx.spawner();
        return Owners.poll(call, this, cx);
    }

    /** On a thread of the pool. */
    @SuppressWarnings("NullAway") // what nobody gets
    private T run() throws Exception {
        if (!state.compareAndSet(State.NEW, State.RUNNING)) {
            return null;
        }
        T result;
        try {
            result = work.call();
        } catch (Throwable t) {
            if (state.compareAndSet(State.RUNNING, State.RETURNED)) {
                throw t;
            }
            return null; // it was ended, and says so
        }
        if (!state.compareAndSet(State.RUNNING, State.RETURNED)) {
            if (result instanceof AutoCloseable resource) {
                resource.close();
            }
            return null;
        }
        return result;
    }

    // ---- the drop ---------------------------------------------------------------------------------------------------

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        Future<T> now = call;
        if (ending != null || endsRunning()) {
            return haveBothEnded(cx) ? Poll.done() : Poll.pending();
        }
        return now == null ? Poll.done() : Owners.pollDrop(now, this, cx);
    }

    /** Who drops it a second time waits no longer: the thread is interrupted after all. */
    @Override
    protected void dropOwned() {
        Spawner home = spawner;
        if (ending == null && endsRunning() && home != null) {
            boolean isSpawned = false;
            try {
                home.spawn(new Rest()).detach();
                isSpawned = true;
            } finally {
                if (!isSpawned) {
                    dropBoth();
                }
            }
        } else {
            dropBoth();
        }
    }

    /** Edge 4, or 3: {@return whether it is 3}, where a thread is in the work. */
    private boolean endsRunning() {
        return !state.compareAndSet(State.NEW, State.DROPPED) && state.compareAndSet(State.RUNNING, State.DROPPED);
    }

    private void dropBoth() {
        Future<T> now = call;
        call = null;
        Future<Void> last = ending;
        try {
            if (now != null) {
                Owners.drop(now, this);
            }
        } finally {
            if (last != null) {
                Owners.drop(last, this);
            }
        }
    }

    private boolean haveBothEnded(Context cx) {
        if (ending == null) {
            ending = Async.<Void>spawnBlocking(() -> {
                endBegun = true;
                end.close();
                return null;
            });
            Owners.claim(ending, this);
        }
        boolean hasEnded = Owners.isEnded(ending) || hasEnded(ending, cx);
        Future<T> now = call;
        if (now != null
                && hasEnded
                && !endBegun) { // no thread was there for it, so nobody else would ever end the work
            call = null;
            Owners.drop(now, this);
        } else if (now != null && hasEnded(now, cx)) {
            call = null;
        }
        return hasEnded && call == null;
    }

    private boolean hasEnded(Future<?> future, Context cx) {
        try {
            return Owners.poll(future, this, cx).isReady();
        } catch (Throwable t) {
            Owners.report(cx.spawner(), this, ", dropped", t);
            return true;
        }
    }

    /** What is left of a drop that had no context. */
    private final class Rest extends OwnedFuture<Void> {
        @Override
        protected Poll<Void> pollOwned(Context cx) {
            return haveBothEnded(cx) ? Poll.done() : Poll.pending();
        }

        @Override
        protected void dropOwned() {
            dropBoth();
        }

        @Override
        public String toString() {
            return "the end of " + EndedCall.this;
        }
    }

    @Override
    protected List<? extends Future<?>> children() {
        List<Future<?>> now = new ArrayList<>(2);
        if (call != null) {
            now.add(call);
        }
        if (ending != null && !Owners.isEnded(ending)) {
            now.add(ending);
        }
        return now;
    }

    @Override
    public String toString() {
        return "spawnBlocking";
    }
}
