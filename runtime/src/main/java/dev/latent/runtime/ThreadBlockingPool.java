package dev.latent.runtime;

import dev.latent.Future;
import dev.latent.world.BlockingPool;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Daemon threads for calls that block: made as they are needed up to a bound, gone after a while without work. */
final class ThreadBlockingPool implements BlockingPool {
    /** Of one pool; more calls wait in a queue. As in tokio: blocking calls mostly wait, for files, databases and the like. */
    private static final int MAX_THREADS = 512;

    private static final long KEEP_ALIVE_SECONDS = 10;

    static final ThreadBlockingPool SHARED = new ThreadBlockingPool(MAX_THREADS);

    private final Executor threads;

    ThreadBlockingPool(int maxThreads) {
        AtomicLong count = new AtomicLong();
        // Only an idle thread takes from the queue on offer; with none, a thread is made; at the bound, the work waits.
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                0,
                maxThreads,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedTransferQueue<>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public boolean offer(Runnable work) {
                        return tryTransfer(work);
                    }
                },
                work -> {
                    Thread thread = new Thread(work, "latent-blocking-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.setRejectedExecutionHandler(ThreadBlockingPool::leaveInQueue);
        threads = pool;
    }

    /**
     * At the bound. The threads that were there may all have left meanwhile: the last one leaves the pool, then looks at the queue;
     * this fills the queue, then looks whether anybody is left. So one of them sees the other.
     */
    private static void leaveInQueue(Runnable work, ThreadPoolExecutor full) {
        ((LinkedTransferQueue<Runnable>) full.getQueue()).put(work);
        if (full.getPoolSize() == 0 && full.remove(work)) {
            full.execute(work);
        }
    }

    /** Runs {@code work} on one of the threads, or throws what a full machine throws. */
    void execute(Runnable work) {
        threads.execute(work);
    }

    @Override
    public <T> Future<T> run(Callable<? extends T> work) {
        return new BlockingCall<>(threads, work);
    }
}
