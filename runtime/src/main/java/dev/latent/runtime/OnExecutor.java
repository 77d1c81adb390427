package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.BlockingPool;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.util.ArrayDeque;
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
 * <p><b>An executor may run what it is given at once</b>, on the thread that submits it: {@code Runnable::run} always does, a pool
 * with {@code CallerRunsPolicy} when it is full. Two of those threads must not be kept:
 * <ul>
 *   <li>one that is in a run of this executor already. Tasks that wake each other would pile up on its stack, so the new run
 *       waits in the {@link Stay} of the outer one, which goes on to it next;
 *   <li>that of {@link Background}. The run is handed on to a thread of the blocking pool, which submits it once more.
 * </ul>
 *
 * <p>A thread's interrupt is its executor's: a flag that stands when a run begins is not this task's, so it is taken off and set
 * again after the run; one that a task leaves stays for whoever runs that thread.
 *
 * <p>An executor that rejects a run has ended for its task: the task is cancelled, and its cleanup runs on a thread of the
 * blocking pool, since it must run somewhere and the thread that woke may be anybody's.
 */
final class OnExecutor implements TaskHome {
    /** So many threads find a buffer; what a burst of more has needed is let go of. */
    private static final int KEPT = 64;

    private final Executor executor;
    private final World world;
    private final AtomicInteger live = new AtomicInteger();

    /** Stays of threads that are gone, {@value #KEPT} or few more, for the sake of their buffers. */
    private final Queue<Stay> stays = new ConcurrentLinkedQueue<>();

    private final AtomicInteger kept = new AtomicInteger();

    /** Whether the executor runs everything on one thread. */
    private final boolean local;

    OnExecutor(Executor executor, World world, boolean local) {
        if (world.clock() instanceof VirtualClock && world.timers() == null) {
            throw new IllegalArgumentException(
                    "Latent.on over a VirtualClock, and no Timers in the world: nothing here moves that clock, or"
                            + " waits for it. For virtual time there is LocalExecutor, which moves it whenever it is idle");
        }
        this.executor = executor;
        this.world = world;
        this.local = local;
    }

    /** A thread's stay in this executor, from a run that the executor began to the end of those that came within it. */
    private static final class Stay implements RunLoop {
        final OnExecutor home;
        final Context cx;

        /** Runs that the executor began on this thread meanwhile; also of tasks that have another home on the same executor. */
        final ArrayDeque<SpawnedTask<?>> inner = new ArrayDeque<>();

        /** What this thread was in before. */
        @Nullable
        RunLoop outer;

        Stay(OnExecutor home) {
            this.home = home;
            this.cx = new Context(home);
        }

        @Override
        public <R extends @Nullable Object> R blockInPlace(Callable<? extends R> work) throws Exception {
            return RunLoop.unmarked(work);
        }

        @Override
        public String toString() {
            return home.toString();
        }
    }

    @Override
    public <T> JoinHandle<T> spawnLocal(Future<? extends T> future) {
        return local ? spawn(future) : TaskHome.super.spawnLocal(future);
    }

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        if (!local) {
            Owners.requireSend(future, this);
        }
        String why = "has rejected it"; // now: without memory there is none for words
        SpawnedTask<T> task = new SpawnedTask<>(this, future);
        live.getAndIncrement();
        try {
            executor.execute(task);
        } catch (Throwable rejected) {
            if (task.refuseUnbegun(why, rejected)) {
                live.getAndDecrement();
            } else {
                tookAndThrew(task, rejected);
            }
        }
        return task;
    }

    @Override
    public void schedule(SpawnedTask<?> task, boolean yielded) {
        try {
            executor.execute(task);
        } catch (Throwable rejected) {
            reject(task, rejected);
        }
    }

    private void reject(SpawnedTask<?> task, Throwable rejected) {
        if (task.markCancelled()) {
            cleanUp(task);
        } else {
            tookAndThrew(task, rejected);
        }
    }

    private void tookAndThrew(SpawnedTask<?> task, Throwable thrown) {
        try {
            Owners.report(this, task, ", which its executor has taken, and then thrown", thrown);
        } catch (Throwable noMemory) {
            // Words take memory, the first time that they are used.
        }
    }

    private static boolean clearInterrupt() {
        return Thread.currentThread().isInterrupted() && Thread.interrupted();
    }

    private void cleanUp(SpawnedTask<?> rejected) {
        try {
            onBlockingThread(rejected);
        } catch (Throwable none) {
            rejected.endNow();
            try {
                Owners.report(this, rejected, ", which its executor rejects, has no thread to clean up on", none);
            } catch (Throwable noMemory) {
                // As above.
            }
        }
    }

    /** As the executor has it, on whatever thread. */
    @Override
    public void run(SpawnedTask<?> task) {
        Stay stay;
        try {
            RunLoop before = RunLoop.CURRENT.get();
            Stay around = around(before);
            if (around != null) {
                around.inner.add(task);
                return;
            }
            if (Background.isHere() && handOn(task)) {
                return;
            }
            stay = enter(before);
        } catch (OutOfMemoryError e) {
            reject(task, e);
            return;
        }
        boolean interrupted = clearInterrupt();
        try {
            task.run(stay.cx);
            for (SpawnedTask<?> next = stay.inner.poll(); next != null; next = stay.inner.poll()) {
                interrupted |= clearInterrupt();
                ((OnExecutor) next.home()).runWithin(stay, next);
            }
        } finally {
            exit(stay);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** {@return the outermost stay of this thread in the executor, or null} */
    private @Nullable Stay around(@Nullable RunLoop here) {
        Stay found = null;
        for (RunLoop loop = here; loop instanceof Stay stay; loop = stay.outer) {
            if (stay.home.executor == executor) {
                found = stay;
            }
        }
        return found;
    }

    /** A run that had to wait for the one around it, of this home or of another on the same executor. */
    private void runWithin(Stay around, SpawnedTask<?> task) {
        if (around.home == this) {
            task.run(around.cx);
            return;
        }
        Stay stay;
        try {
            stay = enter(around);
        } catch (OutOfMemoryError e) {
            reject(task, e);
            return;
        }
        try {
            task.run(stay.cx);
        } finally {
            exit(stay);
        }
    }

    /** Runs {@code work} on a thread of the world's {@link BlockingPool}; throws where there is none. */
    private void onBlockingThread(Runnable work) throws Exception {
        Context cx = new Context(this);
        cx.capability(BlockingPool.class)
                .run(() -> {
                    work.run();
                    return true;
                })
                .poll(cx); // the first poll hands it over, and nobody waits for its end
    }

    /** {@return false where no thread can be started}: better late timers then than a lost task. */
    private boolean handOn(SpawnedTask<?> task) {
        try {
            onBlockingThread(() -> schedule(task, false));
            return true;
        } catch (Throwable none) {
            Owners.report(
                    this, task, ", run on the thread of all timers and sockets, since no other can be started", none);
            return false;
        }
    }

    private Stay enter(@Nullable RunLoop before) {
        Stay stay = stays.poll();
        if (stay == null) {
            stay = new Stay(this);
        } else {
            kept.getAndDecrement();
        }
        stay.outer = before;
        RunLoop.CURRENT.set(stay);
        return stay;
    }

    private void exit(Stay stay) {
        RunLoop.exit(stay.outer);
        stay.outer = null;
        try {
            if (kept.get() < KEPT) {
                stays.add(stay);
                kept.getAndIncrement();
            }
        } catch (OutOfMemoryError e) {
            // The next run makes another.
        }
    }

    @Override
    public void ended(SpawnedTask<?> task) {
        live.getAndDecrement();
    }

    int liveTasks() {
        return live.get();
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public String toString() {
        String type = executor.getClass().getName();
        int lambda = type.indexOf("$$Lambda");
        return "Latent.on(" + (lambda < 0 ? type : "a lambda of " + type.substring(0, lambda)) + ")";
    }
}
