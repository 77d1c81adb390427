package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One executor under test, with a way to hold it still and to let it go until nothing is left to do. */
public abstract class Rig implements AutoCloseable {
    Rig() {}

    enum Kind {
        LOCAL,
        WORKER,
        WORKERS,
        /** {@link Latent#on} a queue that this thread runs. */
        ON,
        /** {@link Latent#on} a pool of threads. */
        POOL,
        /** {@link Latent#on} an executor that runs in its caller. */
        DIRECT,
        /** Made with the task kit. */
        KIT;

        /** {@return whether it has threads of its own} */
        boolean hasThreads() {
            return this == WORKER || this == WORKERS || this == POOL;
        }

        /** {@return whether it can be closed} */
        boolean closes() {
            return this == LOCAL || this == WORKER || this == WORKERS || this == KIT;
        }
    }

    final List<Throwable> reported = new CopyOnWriteArrayList<>();
    final World world = Latent.system().with(FailureHandler.class, (where, failure) -> reported.add(failure));

    abstract Spawner spawner();

    /** From now on nothing is polled. */
    abstract void hold();

    /** Lets it go on, until {@code condition}. */
    abstract void runUntil(BooleanSupplier condition);

    abstract int live();

    /** Lets it go on, if it was held. */
    void release() {}

    /** Closes the executor under test, and nothing else. */
    void shutdown() {
        close();
    }

    @Override
    public abstract void close();

    static Rig of(Kind kind) {
        return switch (kind) {
            case LOCAL -> new Local();
            case WORKER -> new Stealing(1);
            case WORKERS -> new Stealing(2);
            case ON -> new On();
            case POOL -> new Pool();
            case DIRECT -> new Direct();
            case KIT -> new Kit();
        };
    }

    public static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, "it did not happen within 5 s");
            Thread.onSpinWait();
        }
    }

    private static final class Local extends Rig {
        final LocalExecutor executor = LocalExecutor.builder().world(world).build();

        @Override
        Spawner spawner() {
            return executor;
        }

        @Override
        void hold() {}

        @Override
        void runUntil(BooleanSupplier condition) {
            executor.runUntilStalled();
            assertTrue(condition.getAsBoolean());
        }

        @Override
        int live() {
            return executor.liveTasks();
        }

        @Override
        public void close() {
            executor.close();
        }
    }

    private static final class Stealing extends Rig {
        final int workers;
        final WorkStealingExecutor executor;
        private CountDownLatch held = new CountDownLatch(0);

        Stealing(int workers) {
            this.workers = workers;
            executor =
                    WorkStealingExecutor.builder().threads(workers).world(world).build();
        }

        @Override
        Spawner spawner() {
            return executor;
        }

        @Override
        void hold() {
            CountDownLatch latch = new CountDownLatch(1);
            held = latch;
            CountDownLatch all = new CountDownLatch(workers);
            for (int i = 0; i < workers; i++) {
                executor.spawn(new Future<Void>() {
                            @Override
                            public Poll<Void> poll(Context cx) throws InterruptedException {
                                all.countDown();
                                latch.await();
                                return Poll.done();
                            }

                            @Override
                            public void drop() {}
                        })
                        .detach();
            }
            try {
                assertTrue(all.await(5, java.util.concurrent.TimeUnit.SECONDS), executor::diagnostics);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        void runUntil(BooleanSupplier condition) {
            held.countDown();
            await(condition);
        }

        @Override
        int live() {
            return executor.liveTasks();
        }

        @Override
        void release() {
            held.countDown();
        }

        @Override
        void shutdown() {
            executor.close();
        }

        @Override
        public void close() {
            held.countDown();
            executor.close();
        }
    }

    private static final class Pool extends Rig {
        private static final int THREADS = 2;

        final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        final OnExecutor executor = new OnExecutor(threads, world, false);
        private CountDownLatch held = new CountDownLatch(0);

        @Override
        Spawner spawner() {
            return executor;
        }

        @Override
        void hold() {
            CountDownLatch latch = new CountDownLatch(1);
            held = latch;
            CountDownLatch all = new CountDownLatch(THREADS);
            for (int i = 0; i < THREADS; i++) {
                threads.execute(() -> {
                    all.countDown();
                    try {
                        latch.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
            }
            try {
                assertTrue(all.await(5, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        void runUntil(BooleanSupplier condition) {
            held.countDown();
            await(condition);
        }

        @Override
        int live() {
            return executor.liveTasks();
        }

        @Override
        public void close() {
            held.countDown();
            threads.shutdown();
        }
    }

    private static final class Direct extends Rig {
        private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
        private volatile boolean held;
        final OnExecutor executor = new OnExecutor(this::execute, world, false);

        private void execute(Runnable run) {
            if (held) {
                waiting.add(run);
            } else {
                run.run();
            }
        }

        @Override
        Spawner spawner() {
            return executor;
        }

        @Override
        void hold() {
            held = true;
        }

        @Override
        void runUntil(BooleanSupplier condition) {
            held = false;
            for (Runnable run = waiting.poll(); run != null; run = waiting.poll()) {
                run.run();
            }
            assertTrue(condition.getAsBoolean());
        }

        @Override
        int live() {
            return executor.liveTasks();
        }

        @Override
        public void close() {}
    }

    private static final class Kit extends Rig {
        final QueueExecutor executor = new QueueExecutor(world);

        @Override
        Spawner spawner() {
            return executor;
        }

        @Override
        void hold() {}

        @Override
        void runUntil(BooleanSupplier condition) {
            executor.runUntilStalled();
            assertTrue(condition.getAsBoolean());
        }

        @Override
        int live() {
            return executor.live.get();
        }

        @Override
        public void close() {
            try {
                executor.close();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final class On extends Rig {
        final ConcurrentLinkedQueue<Runnable> queue = new ConcurrentLinkedQueue<>();
        final OnExecutor executor = new OnExecutor(queue::add, world, false);

        @Override
        Spawner spawner() {
            return executor;
        }

        @Override
        void hold() {}

        @Override
        void runUntil(BooleanSupplier condition) {
            for (Runnable run = queue.poll(); run != null; run = queue.poll()) {
                run.run();
            }
            assertTrue(condition.getAsBoolean());
        }

        @Override
        int live() {
            return executor.liveTasks();
        }

        @Override
        public void close() {}
    }
}
