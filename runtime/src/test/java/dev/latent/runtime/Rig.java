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
import java.util.function.BooleanSupplier;

/** One executor under test, with a way to hold it still and to let it go until nothing is left to do. */
abstract class Rig implements AutoCloseable {
    enum Kind {
        LOCAL,
        WORKER,
        WORKERS,
        ON
    }

    final List<Throwable> reported = new CopyOnWriteArrayList<>();
    final World world = Latent.system().with(FailureHandler.class, (where, failure) -> reported.add(failure));

    abstract Spawner spawner();

    /** From now on nothing is polled. */
    abstract void hold();

    /** Lets it go on, until {@code condition}. */
    abstract void runUntil(BooleanSupplier condition);

    abstract int live();

    @Override
    public abstract void close();

    static Rig of(Kind kind) {
        return switch (kind) {
            case LOCAL -> new Local();
            case WORKER -> new Stealing(1);
            case WORKERS -> new Stealing(2);
            case ON -> new On();
        };
    }

    static void await(BooleanSupplier condition) {
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
        public void close() {
            held.countDown();
            executor.close();
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
