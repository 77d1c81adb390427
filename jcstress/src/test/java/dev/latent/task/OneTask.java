package dev.latent.task;

import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An executor for one task, which runs when it is told to, on whatever thread tells it. It sees what must never be: the task queued twice, or
 * polled by two threads at once.
 */
public class OneTask implements TaskHome {
    private final AtomicInteger queued = new AtomicInteger(1);
    private final AtomicInteger reports = new AtomicInteger();
    private final World world = World.empty().with(FailureHandler.class, (_, _) -> reports.getAndIncrement());
    private final LiveSet live = new LiveSet(1);
    private volatile boolean closing;
    private volatile boolean wrong;

    final Leaf leaf = new Leaf();
    final SpawnedTask<Object> task = new SpawnedTask<>(this, leaf);

    /** What the task runs. */
    static final class Leaf implements Future<Object> {
        private final AtomicInteger inside = new AtomicInteger();

        /** Plain, for those who make it ready and then wake. */
        @Nullable
        Object ready;

        @Nullable
        RuntimeException failure;

        /** Plain, for those who wake and have something to be seen. */
        int left;

        int right;

        int seen;
        int polls;
        int drops;
        boolean polledTwiceAtOnce;

        private void enter() {
            if (inside.getAndIncrement() != 0) {
                polledTwiceAtOnce = true;
            }
        }

        @Override
        public Poll<Object> poll(Context cx) {
            enter();
            polls++;
            seen = left + 2 * right;
            Object now = ready;
            RuntimeException failed = failure;
            inside.getAndDecrement();
            if (failed != null) {
                throw failed;
            }
            return now == null ? Poll.pending() : Poll.ready(now);
        }

        @Override
        public void drop() {
            enter();
            drops++;
            inside.getAndDecrement();
        }
    }

    /** A value that has to be closed. */
    static final class Resource implements AsyncCloseable {
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public void close() {
            closed.getAndIncrement();
        }

        @Override
        public Future<Void> closeAsync() {
            close();
            return Futures.done();
        }
    }

    /** Runs the task if it is queued. */
    final void turn() {
        int n = queued.get();
        if (n > 0 && queued.compareAndSet(n, n - 1)) {
            task.run(new Context(this), 0);
        }
    }

    /** Runs the task for as long as it is queued. */
    final void drain() {
        while (queued.get() > 0) {
            turn();
        }
    }

    /** {@return 1 when the task has ended, 10 or 100 more for what must never be} */
    final int ended() {
        return (task.isFinished() ? 1 : 0) + (wrong ? 10 : 0) + (leaf.polledTwiceAtOnce ? 100 : 0);
    }

    final int reports() {
        return reports.get();
    }

    /** As the close of an executor does. */
    final void cancelAll() {
        closing = true;
        live.snapshot().forEach(SpawnedTask::cancelByExecutor);
    }

    /** Takes the handle for {@code owner}: {@return 1, or 0 where somebody else has it} */
    final int claim(Object owner) {
        try {
            Owners.claim(task, owner);
            return 1;
        } catch (IllegalStateException refused) {
            return 0;
        }
    }

    /** Polls the handle as {@code owner}, under {@code waker}: {@return the value, null: cancelled, or {@link Owners#PENDING}} */
    final @Nullable Object await(Object owner, Waker waker) {
        Context cx = new Context(this);
        cx.begin(waker);
        try {
            return Owners.poll(task, owner, cx) instanceof Poll.Ready<Object>(Object value) ? value : Owners.PENDING;
        } catch (CancellationException cancelled) {
            return null;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public final void schedule(SpawnedTask<?> scheduled, boolean yielded) {
        if (queued.getAndIncrement() != 0) {
            wrong = true;
        }
    }

    /** In the order of a real executor's: into the set first, then the look at whether it closes. */
    @Override
    public final void waits(SpawnedTask<?> waiting) {
        live.add(waiting, 0);
        if (closing) {
            waiting.cancelByExecutor();
        }
    }

    @Override
    public final void ended(SpawnedTask<?> task) {
        live.remove(task);
    }

    @Override
    public final boolean isClosing() {
        return closing;
    }

    @Override
    public final <T> JoinHandle<T> spawn(Future<? extends T> future) {
        throw new UnsupportedOperationException();
    }

    @Override
    public final World world() {
        return world;
    }
}
