package dev.latent.runtime;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.First;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.sync.AsyncMutex;
import dev.latent.sync.AsyncRwLock;
import dev.latent.sync.AsyncSemaphore;
import dev.latent.sync.Barrier;
import dev.latent.sync.CancellationToken;
import dev.latent.sync.ExclusiveGuard;
import dev.latent.sync.LazyAsync;
import dev.latent.sync.Notify;
import dev.latent.sync.OnceCell;
import dev.latent.sync.SemaphoreClosedException;
import dev.latent.sync.TaskTracker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Locks in async bodies, on executors and threads: what is dropped anywhere leaves nothing held. */
class LocksOnExecutorsTest {
    private final LocalExecutor local = new LocalExecutor();
    private final AsyncMutex<Map<String, Integer>> mutex = AsyncMutex.of(new HashMap<>());

    private void isFree() throws Exception {
        local.runUntilStalled();
        assertFalse(mutex.isLocked());
        local.blockOn(async(() -> await(mutex.lock()).close()));
    }

    @Test
    void aCancelledSpawnOfALockLeavesItFree() throws Exception {
        JoinHandle<ExclusiveGuard<Map<String, Integer>>> handle = local.spawn(mutex.lock());
        local.runUntilStalled();
        assertTrue(mutex.isLocked());
        handle.close();
        isFree();
        try (var _ = mutex.tryLock().orElseThrow()) {
            handle = local.spawn(mutex.lock());
            local.runUntilStalled();
        }
        handle.close(); // handed over, and not polled since
        isFree();
    }

    @Test
    void aFailedJoinLeavesItFree() throws Exception {
        assertThrows(IOException.class, () -> local.blockOn(join(mutex.lock(), Futures.failed(new IOException()))));
        isFree();
        assertThrows(
                IOException.class,
                () -> local.blockOn(join(mutex.lock(), async(() -> {
                    await(yieldNow());
                    throw new IOException();
                }))));
        isFree();
        assertThrows(
                IOException.class,
                () -> local.blockOn(join(List.of(mutex.lock(), async(() -> {
                    await(yieldNow());
                    throw new IOException();
                })))));
        isFree();
    }

    @Test
    void aMapThatFailsALoserAndABodyThatIsDroppedLeaveItFree() throws Exception {
        local.blockOn(async(() -> {
            switch (await(select(mutex.lock(), Futures.ready("x")))) {
                case First(var guard) -> guard.close();
                default -> {}
            }
        }));
        isFree();
        JoinHandle<Void> body = local.spawn(async(() -> {
            try (var map = await(mutex.lock())) {
                map.get().put("a", 1);
                await(sleep(Duration.ofHours(1)));
            }
        }));
        local.runUntilStalled();
        assertTrue(mutex.isLocked());
        body.close();
        isFree();
    }

    /** A body with a lock, an awaiting cleanup and a second lock; dropped after each number of polls. */
    @Test
    void dropAtEveryAwait() throws Exception {
        AsyncRwLock<String> prices = AsyncRwLock.of("x");
        AsyncSemaphore few = AsyncSemaphore.of(2);
        Notify notify = Notify.create();
        int ended = 0;
        for (int polls = 0; ended == 0; polls++) {
            int left = polls;
            int[] done = {0};
            JoinHandle<Void> task = local.spawn(async(() -> {
                try (var _ = await(few.acquire(2));
                        var map = await(mutex.lock())) {
                    await(yieldNow());
                    try (var reading = await(prices.upgradableRead())) {
                        await(yieldNow());
                        try (var writing = await(reading.upgrade())) {
                            await(yieldNow());
                            writing.set("y");
                        }
                    } finally {
                        await(yieldNow());
                        map.get().merge("cleanups", 1, Integer::sum);
                    }
                    await(notify.notified());
                    done[0]++;
                }
            }));
            notify.notifyOne();
            for (int i = 0; i < left; i++) {
                local.tick();
            }
            task.close();
            local.runUntilStalled();
            ended = done[0];
            isFree();
            assertEquals(2, few.availablePermits(), "after " + polls);
            prices.tryWrite().orElseThrow().close();
            assertTrue(polls < 1_000);
        }
    }

    @Test
    void tasksOnTwoWorkersAddUpUnderOneMutex() throws Exception {
        int tasks = 16;
        int times = 2_000;
        AsyncMutex<int[]> counter = AsyncMutex.of(new int[1]);
        AsyncRwLock<int[]> beside = AsyncRwLock.of(new int[1]);
        Barrier barrier = Barrier.of(tasks);
        AtomicInteger leaders = new AtomicInteger();
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(2)) {
            pool.blockOn(async(() -> {
                List<Future<Void>> all = new ArrayList<>();
                for (int t = 0; t < tasks; t++) {
                    int me = t;
                    all.add(context().spawner().spawn(async(() -> {
                        if (await(barrier.arrive())) {
                            leaders.getAndIncrement();
                        }
                        for (int i = 0; i < times; i++) {
                            try (var c = await(counter.lock())) {
                                int before = c.get()[0];
                                if ((i + me) % 16 == 0) {
                                    await(yieldNow());
                                }
                                c.get()[0] = before + 1;
                            }
                            if (i % 4 == 0) {
                                try (var w = await(beside.write())) {
                                    w.get()[0]++;
                                }
                            } else {
                                try (var r = await(beside.read())) {
                                    assertTrue(r.get()[0] >= 0);
                                }
                            }
                        }
                    })));
                }
                await(join(all));
            }));
        }
        assertEquals(tasks * times, counter.tryLock().orElseThrow().get()[0]);
        assertEquals(tasks * times / 4, beside.tryRead().orElseThrow().get()[0]);
        assertEquals(1, leaders.get());
    }

    @Test
    void threadsWaitInTheSameLine() throws Exception {
        AsyncMutex<int[]> counter = AsyncMutex.of(new int[1]);
        Thread[] threads = new Thread[3];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 1_000; i++) {
                        try (var c = counter.lockBlocking()) {
                            c.get()[0]++;
                        }
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        local.blockOn(async(() -> {
            for (int i = 0; i < 1_000; i++) {
                try (var c = await(counter.lock())) {
                    await(yieldNow());
                    c.get()[0]++;
                }
            }
        }));
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(4_000, counter.tryLock().orElseThrow().get()[0]);
    }

    @Test
    void anInterruptedThreadLeavesTheLine() throws Exception {
        ExclusiveGuard<Map<String, Integer>> held = mutex.tryLock().orElseThrow();
        int[] interrupted = {0};
        Thread waits = Thread.ofPlatform().start(() -> {
            try {
                mutex.lockBlocking().close();
            } catch (InterruptedException e) {
                interrupted[0]++;
            }
        });
        while (waits.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        waits.interrupt();
        waits.join();
        assertEquals(1, interrupted[0]);
        held.close();
        isFree();
        AsyncSemaphore closed = AsyncSemaphore.of(0);
        closed.close();
        assertThrows(SemaphoreClosedException.class, closed::acquireBlocking);
    }

    // ---- once ------------------------------------------------------------------------------------------------------

    @Test
    void theValueIsMadeOnceWhileOthersWait() throws Exception {
        OnceCell<String> cell = OnceCell.create();
        int[] made = {0};
        Future<String> get = async(() -> await(cell.getOrInit(() -> {
            made[0]++;
            await(yieldNow());
            return "x";
        })));
        List<String> all = local.blockOn(
                join(List.of(get, cell.getOrInit(() -> "never"), cell.getOrInit(() -> "never"), async(() -> {
                    await(yieldNow());
                    await(yieldNow());
                    return await(cell.getOrInit(() -> "never"));
                }))));
        assertEquals(List.of("x", "x", "x", "x"), all);
        assertEquals(1, made[0]);
    }

    @Test
    void afterAFailureOrADropTheNextMakesIt() throws Exception {
        OnceCell<String> cell = OnceCell.create();
        List<String> order = new ArrayList<>();
        JoinHandle<String> fails = local.spawn(cell.getOrInit(() -> {
            order.add("fails");
            await(yieldNow());
            throw new IOException("no");
        }));
        JoinHandle<String> dropped = local.spawn(cell.getOrInit(() -> {
            order.add("begins");
            try {
                await(sleep(Duration.ofHours(1)));
            } finally {
                await(yieldNow());
                order.add("cleaned");
            }
            return "never";
        }));
        JoinHandle<String> waits = local.spawn(cell.getOrInit(() -> "never"));
        JoinHandle<String> makes = local.spawn(cell.getOrInit(() -> {
            order.add("makes");
            return "x";
        }));
        JoinHandle<String> gets = local.spawn(cell.getOrInit(() -> "never"));
        local.runUntilStalled();
        assertFalse(cell.isSet());
        assertFalse(cell.set("not while it is being made"));
        waits.close();
        dropped.close();
        assertEquals("x", local.blockOn(makes));
        assertEquals("x", local.blockOn(gets));
        assertThrows(IOException.class, () -> local.blockOn(fails));
        assertEquals(List.of("fails", "begins", "cleaned", "makes"), order);
    }

    @Test
    void aLazyValueIsMadeByItsOwnWay() throws Exception {
        int[] made = {0};
        LazyAsync<Integer> lazy = LazyAsync.of(() -> {
            await(yieldNow());
            if (made[0]++ == 0) {
                throw new IOException("not the first time");
            }
            return made[0];
        });
        assertTrue(lazy.getIfMade().isEmpty());
        assertThrows(IOException.class, () -> local.blockOn(lazy.get()));
        assertEquals(2, local.blockOn(lazy.get()));
        assertEquals(2, local.blockOn(async(() -> await(lazy.get()))));
        assertEquals(2, made[0]);
    }

    // ---- stopping
    // ----------------------------------------------------------------------------------------------------

    @Test
    void anOrderlyEnd() throws Exception {
        CancellationToken stop = CancellationToken.create();
        TaskTracker tracker = TaskTracker.create();
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int me = i;
            tracker.spawn(local, async(() -> {
                        try {
                            assertInstanceOf(
                                    dev.latent.Second.class, await(stop.runUntilCancelled(sleep(Duration.ofHours(1)))));
                        } finally {
                            await(yieldNow());
                            order.add("ended " + me);
                        }
                    }))
                    .detach();
        }
        local.runUntilStalled();
        assertEquals(3, tracker.size());
        tracker.close();
        stop.cancel();
        local.blockOn(tracker.ended());
        assertEquals(3, order.size());
        assertEquals(0, tracker.size());
    }
}
