package dev.latent.sync;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Spawner;
import dev.latent.internal.combine.Around;

/**
 * Waits for tasks whose outcome nobody wants, cleanup included: for an orderly end, beside a {@link CancellationToken} that asks for it. It
 * keeps nothing of a task that has ended. Where the tasks can live in a scope, that does the same and more.
 *
 * {@snippet :
 * while (await(listener.next()) instanceof Item(var conn)) {
 *     tracker.spawn(spawner, serve(conn)).detach();
 * }
 * tracker.close();
 * await(tracker.ended());
 * }
 */
public final class TaskTracker {
    private final WaitGroup group = WaitGroup.create();
    private final Releasable open = group.enter();
    private volatile boolean closed;

    private TaskTracker() {}

    /** {@return a tracker, open, of no tasks} */
    public static TaskTracker create() {
        return new TaskTracker();
    }

    /**
     * {@return {@code future}, counted from this call until it has ended: is ready, has thrown, or was dropped and is cleaned up}
     *
     * <p><em>Cancel safety:</em> that of {@code future}.
     */
    public <T> Future<T> track(Future<T> future) {
        return new Tracked<>(future, group);
    }

    /** {@return the handle of {@code future}, spawned and {@linkplain #track tracked}} */
    public <T> JoinHandle<T> spawn(Spawner spawner, Future<T> future) {
        Tracked<T> tracked = new Tracked<>(future, group);
        try {
            return spawner.spawn(tracked);
        } catch (Throwable t) {
            Owners.unclaim(future, tracked);
            tracked.pass.close();
            throw t;
        }
    }

    /** No more tasks are to come, so {@link #ended} can be. One that comes all the same is counted. Closing twice does nothing. */
    public void close() {
        closed = true;
        open.close();
    }

    /** {@return whether it has been closed} */
    public boolean isClosed() {
        return closed;
    }

    /** {@return tasks that have not ended} */
    public int size() {
        return Math.max(0, group.size() - (closed ? 0 : 1));
    }

    /**
     * {@return a future that is ready when this is closed and all tasks have ended}
     *
     * <p><em>Cancel safety:</em> nothing to lose.
     *
     * <p><em>Memory effects:</em> what the tasks did is visible to who awaits this.
     */
    public Future<Void> ended() {
        return group.ended();
    }

    @Override
    public String toString() {
        return "TaskTracker, " + size() + " tasks";
    }

    private static final class Tracked<T> extends Around<T> {
        final Releasable pass;

        Tracked(Future<T> future, WaitGroup group) {
            pass = group.enter();
            try {
                take(future);
            } catch (Throwable t) {
                pass.close();
                throw t;
            }
        }

        @Override
        protected Poll<T> pollOwned(Context cx) throws Exception {
            boolean waits = false;
            try {
                Poll<T> poll = pollInner(cx);
                waits = !poll.isReady();
                return poll;
            } finally {
                if (!waits && !isBeingPolled()) {
                    pass.close();
                }
            }
        }

        @Override
        protected void dropOwned() {
            try {
                super.dropOwned();
            } finally {
                pass.close();
            }
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            boolean waits = false;
            try {
                Poll<Void> poll = super.pollDropOwned(cx);
                waits = !poll.isReady();
                return poll;
            } finally {
                if (!waits && !isBeingPolled()) {
                    pass.close();
                }
            }
        }
    }
}
