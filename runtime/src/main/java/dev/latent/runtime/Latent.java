package dev.latent.runtime;

import dev.latent.Future;
import dev.latent.Spawner;
import dev.latent.runtime.blocking.ForkJoinComputePool;
import dev.latent.runtime.blocking.ThreadBlockingPool;
import dev.latent.world.BlockingPool;
import dev.latent.world.ComputePool;
import dev.latent.world.World;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Where async code meets the rest of the program. */
public final class Latent {
    private Latent() {}

    /**
     * {@return the real world: the machine's clock, network, threads and randomness} Where nothing is said, executors are built over
     * this one; {@link World#with} gives one in which parts are replaced.
     */
    public static World system() {
        return SystemWorld.WORLD;
    }

    /**
     * {@return threads of their own for calls that block, for a {@link World} in which these shall not wait for others}
     *
     * <p>The system's are 512 threads, and a queue without a bound.
     *
     * @param threads calls that may run at the same time; threads are made as they are needed, and gone after ten seconds without work
     * @param queued calls that may wait for a thread; one more throws a {@link java.util.concurrent.RejectedExecutionException} where it is awaited, and
     *     has not run
     */
    public static BlockingPool blockingPool(int threads, int queued) {
        return new ThreadBlockingPool(threads, queued);
    }

    /**
     * {@return threads of their own for computations, for a {@link World} in which these shall not wait for others}
     *
     * <p>The system's are as many as there are processors.
     */
    public static ComputePool computePool(int threads) {
        return new ForkJoinComputePool(threads);
    }

    /**
     * Polls {@code future} to its end on this thread, a platform or a virtual one.
     *
     * <p>It runs on a {@link LocalExecutor} of this call, over the system's world. Tasks that it has spawned and that still run when
     * it ends are cancelled; the call returns when their cleanup has ended too.
     *
     * @return the future's value
     * @throws InterruptedException when this thread is interrupted: the future has then been dropped and its cleanup has run
     * @throws IllegalStateException inside a poll, where it would hold up other tasks
     * @throws Exception what the future threw
     */
    public static <T> T blockOn(Future<? extends T> future) throws Exception {
        return blockOn(future, system());
    }

    /**
     * As {@link #blockOn(Future)}, over another world. Over a {@link dev.latent.world.VirtualClock} no time is waited: it moves to the next deadline
     * whenever no task is ready, as {@link LocalExecutor.Builder#idle} says.
     *
     * @throws IllegalArgumentException when there is no clock in it
     */
    public static <T> T blockOn(Future<? extends T> future, World world) throws Exception {
        RunLoop.checkMayBlock("Latent.blockOn");
        try (LocalExecutor executor = LocalExecutor.builder().world(world).build()) {
            return executor.blockOn(future);
        }
    }

    /**
     * {@return a spawner whose tasks run on {@code executor}: a thread pool, an event loop, virtual threads}
     *
     * <p>Each wake of a task submits one run of it. A task whose run is rejected is cancelled.
     */
    public static Spawner on(Executor executor) {
        return on(executor, system());
    }

    /**
     * {@return as {@link #on(Executor)}, over another world} Time passes for its tasks only if there are timers in it.
     *
     * @throws IllegalArgumentException when its clock is a {@link dev.latent.world.VirtualClock}, and it has no timers: nothing would move it
     */
    public static Spawner on(Executor executor, World world) {
        return new OnExecutor(executor, world, false);
    }

    /**
     * {@return as {@link #on(Executor)}, of an executor that runs all it is given on one thread: an event loop, or
     * {@code SwingUtilities::invokeLater}} So futures may be spawned that are {@linkplain dev.latent.NotSend bound to that thread}.
     */
    public static Spawner onLocal(Executor executor) {
        return onLocal(executor, system());
    }

    /** {@return as {@link #onLocal(Executor)}, over another world, as {@link #on(Executor, World)} takes it} */
    public static Spawner onLocal(Executor executor, World world) {
        return new OnExecutor(executor, world, true);
    }

    /**
     * Runs a call that blocks in the middle of a poll, on this thread; inside it, {@code blockOn} is allowed. On a
     * {@link WorkStealingExecutor} another thread takes over this one's tasks meanwhile. On other executors they wait, and
     * {@code spawnBlocking} is the better choice. Outside a poll it just makes the call.
     *
     * @return what {@code work} returns
     * @throws java.util.concurrent.RejectedExecutionException when no thread could be started to take over; then {@code work} has not run
     * @throws Exception what it throws
     */
    public static <R extends @Nullable Object> R blockInPlace(Callable<? extends R> work) throws Exception {
        RunLoop loop = RunLoop.CURRENT.get();
        return loop == null ? work.call() : loop.blockInPlace(work);
    }
}
