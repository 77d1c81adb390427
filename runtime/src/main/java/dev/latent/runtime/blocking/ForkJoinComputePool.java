package dev.latent.runtime.blocking;

import dev.latent.Future;
import dev.latent.world.ComputePool;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@link ForkJoinPool} for computations, of daemon threads. What a computation forks, parallel streams among it, stays in the pool of its thread; so
 * computations share its processors, and the JVM's common pool is left to others.
 *
 * <p>A computation that is dropped has its thread interrupted; those that help it with a parallel stream are not.
 */
public final class ForkJoinComputePool implements ComputePool, BlockingCall.Threads {
    private final ForkJoinPool pool;

    public ForkJoinComputePool(int threads) {
        AtomicInteger count = new AtomicInteger();
        pool = new ForkJoinPool(
                threads,
                forThis -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(forThis);
                    thread.setName("latent-compute-" + count.incrementAndGet());
                    return thread;
                },
                null,
                false);
    }

    @Override
    public <T> Future<T> run(Callable<? extends T> work) {
        return new BlockingCall<>(this, work);
    }

    @Override
    public void execute(Runnable call) {
        pool.execute(call);
    }

    @Override
    public String what() {
        return "a computation";
    }
}
