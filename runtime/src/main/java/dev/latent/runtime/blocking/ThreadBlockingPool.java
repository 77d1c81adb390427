package dev.latent.runtime.blocking;

import dev.latent.Future;
import dev.latent.world.BlockingPool;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/**
 * Daemon threads for calls that block: made as they are needed up to a bound, gone after a while without work.
 *
 * <p>What finds every thread at work waits in a queue, which may have a bound too. Where that is reached a call is refused: two goals compete, to serve everybody,
 * and to let callers know, while they can still do something else, that they would wait too long. A call that is dropped in a queue with a bound
 * gives its place to the next; in one without, it stays there, to be skipped, since to find it takes a walk.
 */
public final class ThreadBlockingPool implements BlockingPool, BlockingCall.Threads {
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    private final int maxThreads;
    private final int maxQueued;

    /** Held while the queue grows, so that it never grows beyond its bound. */
    private final Object growing = new Object();

    public ThreadBlockingPool(int maxThreads) {
        this(maxThreads, Integer.MAX_VALUE);
    }

    /** @param maxQueued calls that may wait for a thread */
    public ThreadBlockingPool(int maxThreads, int maxQueued) {
        this(maxThreads, maxQueued, Thread::new);
    }

    /** @param maker makes a thread that runs the work and has the name */
    public ThreadBlockingPool(int maxThreads, BiFunction<Runnable, String, Thread> maker) {
        this(maxThreads, Integer.MAX_VALUE, maker);
    }

    private ThreadBlockingPool(int maxThreads, int maxQueued, BiFunction<Runnable, String, Thread> maker) {
        if (maxQueued < 0) {
            throw new IllegalArgumentException("a queue has no room for " + maxQueued);
        }
        this.maxThreads = maxThreads;
        this.maxQueued = maxQueued;
        AtomicLong count = new AtomicLong();
        // Only an idle thread takes from the queue on offer; with none, a thread is made; at the bound, the work waits.
        threads = new ThreadPoolExecutor(
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
                    Thread thread = maker.apply(work, "latent-blocking-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.setRejectedExecutionHandler((work, _) -> {
            if (!leave(work)) {
                execute(work);
            }
        });
    }

    /**
     * Leaves {@code work} in the queue: {@return whether one of the threads will look there} Otherwise it is in the queue no more. They may
     * all have left meanwhile: the last one leaves the pool, then looks at the queue; this fills the queue, then looks whether anybody is left. So one
     * of them sees the other.
     */
    private boolean leave(Runnable work) {
        LinkedTransferQueue<Runnable> queue = (LinkedTransferQueue<Runnable>) threads.getQueue();
        if (maxQueued == Integer.MAX_VALUE) {
            queue.put(work);
        } else {
            synchronized (growing) {
                if (queue.size() >= maxQueued) {
                    throw new RejectedExecutionException(
                            "all " + maxThreads + " threads for blocking calls are at work, and " + maxQueued
                                    + " calls wait, the most that may");
                }
                queue.put(work);
            }
        }
        return threads.getPoolSize() > 0 || !threads.remove(work);
    }

    /**
     * Runs {@code work} on one of the threads. Where the machine has no room for another thread, it waits for one that there is.
     *
     * @throws RejectedExecutionException when there is none at all, or the queue is full; then it will not run
     */
    @Override
    public void execute(Runnable work) {
        try {
            threads.execute(work);
        } catch (OutOfMemoryError noThread) {
            if (!leave(work)) {
                throw new RejectedExecutionException("no thread could be started for a blocking call", noThread);
            }
        }
    }

    @Override
    public <T> Future<T> run(Callable<? extends T> work) {
        return new BlockingCall<>(this, work);
    }

    @Override
    public void forget(Runnable call) {
        if (maxQueued < Integer.MAX_VALUE) {
            threads.remove(call);
        }
    }

    @Override
    public String what() {
        return "a blocking call";
    }
}
