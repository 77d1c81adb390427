package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.world.World;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tasks on somebody else's executor: each wake submits one run of the task. Time and network are served by the one thread of
 * {@link Background}, which wakes and never polls.
 *
 * <p>A thread's interrupt is its executor's: a flag that stands when a run begins is not this task's, so it is taken off and set
 * again after the run; one that a task leaves stays for whoever runs that thread.
 *
 * <p>An executor that rejects a run has ended for its task: the task is cancelled, and its cleanup runs on a thread of the
 * blocking pool, since it must run somewhere and the thread that woke may be anybody's.
 */
final class OnExecutor implements SharedHome, RunLoop {
    private final Executor executor;
    private final World world;
    private final AtomicInteger live = new AtomicInteger();

    /** One for each run under way at most; kept for their buffers. */
    private final Queue<Context> contexts = new ConcurrentLinkedQueue<>();

    /** Whether the executor runs everything on one thread. */
    private final boolean local;

    OnExecutor(Executor executor, World world, boolean local) {
        this.executor = executor;
        this.world = world;
        this.local = local;
    }

    @Override
    public <T> JoinHandle<T> spawnLocal(Future<? extends T> future) {
        return local ? spawn(future) : SharedHome.super.spawnLocal(future);
    }

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        if (!local) {
            Owners.requireSend(future, this);
        }
        SharedTask<T> task = new SharedTask<>(this, future);
        live.getAndIncrement();
        try {
            executor.execute(task);
        } catch (Throwable rejected) {
            live.getAndDecrement();
            task.refuse("has rejected it: " + rejected);
        }
        return task;
    }

    @Override
    public void schedule(SharedTask<?> task, boolean yielded) {
        try {
            executor.execute(task);
        } catch (Throwable t) { // rejected
            task.markCancelled();
            ThreadBlockingPool.SHARED.execute(task);
        }
    }

    void run(SharedTask<?> task) {
        Context cx = contexts.poll();
        if (cx == null) {
            cx = new Context(this);
        }
        RunLoop before = RunLoop.enter(this);
        boolean wasInterrupted = Thread.currentThread().isInterrupted() && Thread.interrupted();
        try {
            task.run(cx, 0);
        } finally {
            RunLoop.exit(before);
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
            contexts.add(cx);
        }
    }

    @Override
    public void waits(SharedTask<?> task) {
        task.slot = 0;
    }

    @Override
    public void ended(SharedTask<?> task) {
        live.getAndDecrement();
    }

    @Override
    public boolean isClosing() {
        return false;
    }

    int liveTasks() {
        return live.get();
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public <R extends @Nullable Object> R blockInPlace(Callable<? extends R> work) throws Exception {
        return RunLoop.unmarked(work);
    }

    @Override
    public String toString() {
        return "Latent.on(" + executor + ")";
    }
}
