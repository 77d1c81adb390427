package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Spawner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose a thread's interrupt is, on each executor: never the next task's. */
@Timeout(60)
final class InterruptTest {
    private static final int TASKS = 200;

    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger polls = new AtomicInteger();

    @AfterEach
    void clear() {
        boolean _ = Thread.interrupted();
    }

    /** Counts a flag that it finds, leaves one, and comes again. */
    private Future<Integer> leavesAFlag(int times) {
        Future<Integer> yields = Hand.yields(times);
        return Hand.poll(cx -> {
            polls.getAndIncrement();
            if (Thread.currentThread().isInterrupted()) {
                seen.getAndIncrement();
            }
            Poll<Integer> poll = yields.poll(cx);
            Thread.currentThread().interrupt();
            return poll;
        });
    }

    private Future<Integer> many() {
        return WorkStealingExecutorTest.fan(TASKS, _ -> leavesAFlag(5));
    }

    private void noneSeen() {
        assertEquals(TASKS * 6, polls.get());
        assertEquals(0, seen.get(), "flags handed from one poll to another");
    }

    @Test
    void aWorkersNextTaskFindsNone() throws Exception {
        for (int threads = 1; threads <= 2; threads++) {
            try (WorkStealingExecutor pool = WorkStealingExecutor.create(threads)) {
                assertEquals(TASKS * 5, pool.<Integer>blockOn(many()));
                noneSeen();
                polls.set(0);
            }
        }
    }

    @Test
    void aWorkerLeftInterruptedGoesToRest() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(1)) {
            for (int i = 0; i < 20; i++) {
                pool.blockOn(leavesAFlag(i % 3));
                long parks = pool.driver().parks();
                pool.blockOn(Hand.sleep(5_000_000));
                long more = pool.driver().parks() - parks;
                assertTrue(more <= 10, more + " parks in one sleep");
            }
        }
    }

    @Test
    void aStandInsNextTaskFindsNone() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(1)) {
            pool.blockOn(Hand.poll(cx -> {
                JoinHandle<Integer> others = cx.spawner().spawn(many());
                Latent.blockInPlace(() -> pool.blockOn(others));
                return Poll.done();
            }));
            noneSeen();
        }
    }

    @Test
    void onAThreadPoolTheNextTaskFindsNone() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Spawner spawner = Latent.on(threads);
            assertEquals(TASKS * 5, Latent.<Integer>blockOn(spawner.spawn(many())));
            noneSeen();
        }
    }

    /** On a loop that does not clear the flag itself, as thread pools do. */
    @Test
    void onSomeonesLoopTheNextTaskFindsNoneAndTheLoopKeepsIt() {
        List<Runnable> queue = new ArrayList<>();
        Spawner spawner = Latent.onLocal(queue::add);
        for (int i = 0; i < TASKS; i++) {
            spawner.spawn(leavesAFlag(5)).detach();
        }
        while (!queue.isEmpty()) {
            queue.removeFirst().run();
        }
        noneSeen();
        assertTrue(Thread.currentThread().isInterrupted());
    }

    @Test
    void aTickGivesTheFlagBackToItsCaller() {
        LocalExecutor executor = new LocalExecutor();
        for (int i = 0; i < TASKS; i++) {
            executor.spawn(leavesAFlag(5)).detach();
        }
        Thread.currentThread().interrupt();
        while (executor.tick()) {
            assertTrue(Thread.currentThread().isInterrupted());
        }
        assertTrue(Thread.interrupted());
        noneSeen();
        executor.spawn(leavesAFlag(5)).detach();
        executor.runUntilStalled();
        assertTrue(Thread.interrupted());
        executor.runUntilStalled();
        assertFalse(Thread.currentThread().isInterrupted());
        Thread.currentThread().interrupt();
        executor.close();
        assertTrue(Thread.interrupted());
        assertEquals(0, seen.get());
    }

    @Test
    void blockOnHonoursAnInterruptThatATaskHasLeft() {
        AtomicInteger dropped = new AtomicInteger();
        Future<Void> main = new Future<>() {
            @Override
            public Poll<Void> poll(Context cx) {
                Thread.currentThread().interrupt();
                return Poll.pending();
            }

            @Override
            public void drop() {
                dropped.getAndIncrement();
            }
        };
        assertThrows(InterruptedException.class, () -> Latent.blockOn(main));
        assertEquals(1, dropped.get());
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void aFutureThatEndsInterruptedGivesItsValueAndTheFlagStays() throws Exception {
        assertEquals(0, Latent.<Integer>blockOn(leavesAFlag(0)));
        assertTrue(Thread.interrupted());
    }

    /** A second interrupt, while the future's cleanup waits, must not make the wait spin. */
    @Test
    void interruptedTwiceItStillWaits() throws Exception {
        LocalExecutor executor = new LocalExecutor();
        Thread blocked = Thread.currentThread();
        Future<Void> sleep = Hand.sleep(20_000_000);
        Future<Void> main = new Future<>() {
            @Override
            public Poll<Void> poll(Context cx) {
                blocked.interrupt();
                return Poll.pending();
            }

            @Override
            public void drop() {}

            @Override
            public Poll<Void> pollDrop(Context cx) {
                try {
                    blocked.interrupt();
                    return sleep.poll(cx);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        };
        assertThrows(InterruptedException.class, () -> executor.blockOn(main));
        long parks = executor.driver().parks();
        assertTrue(parks <= 10, parks + " parks");
        executor.close();
    }
}
