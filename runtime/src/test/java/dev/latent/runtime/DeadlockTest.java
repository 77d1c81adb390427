package dev.latent.runtime;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.pin;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.stream.AsyncStream;
import dev.latent.sync.AsyncMutex;
import dev.latent.sync.AsyncRwLock;
import dev.latent.sync.AsyncSemaphore;
import dev.latent.sync.Guard;
import dev.latent.sync.LazyAsync;
import dev.latent.sync.OnceCell;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tasks that wait for each other are reported by name, and nothing else is. */
class DeadlockTest {
    private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final VirtualClock clock = new VirtualClock();
    private final FailureHandler handler = (where, failure) -> {
        told.add(where + "\n" + failure.getMessage());
        first.countDown();
    };
    private final LocalExecutor local = LocalExecutor.builder()
            .world(World.empty().with(Clock.class, clock).with(FailureHandler.class, handler))
            .idle(clock::skipTo)
            .build();
    private final AsyncMutex<String> a = AsyncMutex.named("a", "A");
    private final AsyncMutex<String> b = AsyncMutex.named("b", "B");

    private static Future<Void> ab(AsyncMutex<String> one, AsyncMutex<String> other) {
        return async(() -> {
            try (var _ = await(one.lock())) {
                await(yieldNow());
                try (var _ = await(other.lock())) {
                    await(yieldNow());
                }
            }
        });
    }

    private static Future<Void> ba(AsyncMutex<String> one, AsyncMutex<String> other) {
        return async(() -> {
            try (var _ = await(other.lock())) {
                await(yieldNow());
                try (var _ = await(one.lock())) {
                    await(yieldNow());
                }
            }
        });
    }

    private void pass(int seconds) throws Exception {
        local.blockOn(sleep(Duration.ofSeconds(seconds)));
    }

    private void nothingIsTold() throws Exception {
        pass(10);
        assertEquals(List.of(), List.copyOf(told));
        local.close();
    }

    @Test
    void twoTasksThatWaitForEachOtherAreToldOnceByName() throws Exception {
        JoinHandle<Void> one = local.spawn(ab(a, b));
        JoinHandle<Void> other = local.spawn(ba(a, b));
        pass(2);
        assertEquals(1, told.size(), told::toString);
        String said = told.peek();
        assertTrue(said.startsWith("deadlock: "), said);
        assertTrue(said.contains("DeadlockTest.ab(DeadlockTest.java:"), said);
        assertTrue(said.contains("DeadlockTest.ba(DeadlockTest.java:"), said);
        assertTrue(said.contains("lock of AsyncMutex a") && said.contains("lock of AsyncMutex b"), said);
        pass(20);
        assertEquals(1, told.size(), "once");
        one.close();
        other.close();
        local.runUntilStalled();
        assertFalse(a.isLocked() || b.isLocked(), "a cancel solves it");
    }

    @Test
    void tasksThatWaitInsideStreamsAreFoundToo() throws Exception {
        JoinHandle<Void> one = local.spawn(AsyncStream.of(1)
                .mapConcurrent(2, _ -> {
                    await(ab(a, b));
                    return 0;
                })
                .forEach(_ -> {}));
        JoinHandle<Void> other =
                local.spawn(AsyncStream.of(1).mergeWith(AsyncStream.empty()).forEach(_ -> await(ba(a, b))));
        pass(2);
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.peek().startsWith("deadlock: "), told::toString);
        one.close();
        other.close();
        local.runUntilStalled();
    }

    @Test
    void aDumpNamesLockHolderAndWaiters() throws Exception {
        local.spawn(async(() -> {
                    try (var _ = await(a.lock())) {
                        await(sleep(Duration.ofHours(1)));
                    }
                }))
                .detach();
        local.spawn(ab(a, b)).detach();
        local.spawn(ba(b, a)).detach();
        local.runUntilStalled();
        String dump = Tasks.dump(local);
        assertTrue(
                dump.contains("lock of AsyncMutex a, held by task dev.latent.runtime.DeadlockTest"
                        + ".aDumpNamesLockHolderAndWaiters(DeadlockTest.java:"),
                dump);
        assertTrue(dump.contains("now at dev.latent.runtime.DeadlockTest.aDumpNames"), dump);
        assertTrue(dump.contains("2 in line"), dump);
        String all = Tasks.dump();
        assertTrue(all.contains("locks that are waited for\n"), all);
        String locks = all.substring(all.indexOf("locks that are waited for"));
        assertTrue(locks.contains("AsyncMutex a, held by task dev.latent.runtime.DeadlockTest.aDump"), locks);
        assertTrue(locks.contains("waiting: task dev.latent.runtime.DeadlockTest.ab("), locks);
        assertTrue(locks.contains("; task dev.latent.runtime.DeadlockTest.ba("), locks);
        local.close();
    }

    @Test
    void oneThatLocksTwiceIsTold() throws Exception {
        JoinHandle<Void> task = local.spawn(ab(a, a));
        pass(2);
        assertEquals(1, told.size());
        assertTrue(told.peek().contains("waits for itself"), told::toString);
        task.close();
        pass(5);
        assertEquals(1, told.size());
    }

    @Test
    void aValueThatNeedsItselfIsTold() throws Exception {
        OnceCell<String> cell = OnceCell.create();
        local.spawn(cell.getOrInit(() -> await(cell.getOrInit(() -> "inner")))).detach();
        pass(2);
        assertEquals(1, told.size());
        assertTrue(told.peek().contains("waits for itself"), told::toString);
        assertTrue(told.peek().contains("waits for the value of a OnceCell"), told::toString);
        local.close();
    }

    @Test
    void valuesThatNeedEachOtherAreTold() throws Exception {
        List<LazyAsync<String>> lazies = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            lazies.add(LazyAsync.of(() -> {
                await(yieldNow());
                return await(lazies.get(other).get());
            }));
        }
        lazies.forEach(lazy -> local.spawn(lazy.get()).detach());
        pass(2);
        assertEquals(1, told.size());
        assertTrue(told.peek().contains("wait for each other"), told::toString);
        local.close();
    }

    @Test
    void aValueThatTakesItsTimeIsNoDeadlock() throws Exception {
        LazyAsync<String> slow = LazyAsync.of(() -> {
            await(sleep(Duration.ofSeconds(5)));
            try (var _ = await(a.lock())) {
                return "slow";
            }
        });
        for (int i = 0; i < 3; i++) {
            local.spawn(slow.get()).detach();
        }
        nothingIsTold();
    }

    @Test
    void threeInARingAndOneBehindThem() throws Exception {
        AsyncMutex<String> c = AsyncMutex.named("c", "C");
        List<JoinHandle<Void>> all = new ArrayList<>();
        all.add(local.spawn(ab(a, b)));
        all.add(local.spawn(ab(b, c)));
        all.add(local.spawn(ab(c, a)));
        all.add(local.spawn(ba(a, AsyncMutex.of("free")))); // it holds what nobody wants
        pass(2);
        assertEquals(1, told.size(), told::toString);
        assertEquals(
                3, told.peek().lines().filter(l -> l.contains("waits for the")).count(), told::toString);
        local.close();
    }

    @Test
    void twoBranchesOfOneTask() throws Exception {
        local.spawn(join(ab(a, b), ba(a, b))).detach();
        pass(2);
        assertEquals(1, told.size());
        local.close();
    }

    @Test
    void aJoinThatLocksOneMutexTwiceIsNone() throws Exception {
        local.spawn(join(
                        async(() -> {
                            try (var _ = await(a.lock())) {
                                await(sleep(Duration.ofSeconds(5)));
                            }
                        }),
                        ab(a, b)))
                .detach();
        nothingIsTold();
    }

    @Test
    void whoWaitsUnderATimeoutIsInNone() throws Exception {
        local.spawn(async(() -> {
                    try (var _ = await(a.lock())) {
                        await(yieldNow());
                        try {
                            await(timeout(Duration.ofSeconds(8), b.lock())).close();
                        } catch (java.util.concurrent.TimeoutException e) {
                            // so it ends
                        }
                    }
                }))
                .detach();
        local.spawn(ba(a, b)).detach();
        nothingIsTold();
        assertFalse(a.isLocked() || b.isLocked());
    }

    @Test
    void norIsWhoSelects() throws Exception {
        local.spawn(async(() -> {
                    try (var _ = await(a.lock())) {
                        await(yieldNow());
                        await(select(b.lock(), sleep(Duration.ofSeconds(8))));
                    }
                }))
                .detach();
        local.spawn(ba(a, b)).detach();
        nothingIsTold();
    }

    @Test
    void semaphoresAreInNone() throws Exception {
        AsyncSemaphore few = AsyncSemaphore.of(1);
        local.spawn(async(() -> {
                    try (var _ = await(few.acquire());
                            var _ = await(few.acquire())) {}
                }))
                .detach();
        nothingIsTold();
    }

    @Test
    void aGuardThatWasHandedOnIsInNone() throws Exception {
        local.spawn(async(() -> {
                    Guard<String> mine = await(a.lock()).owned();
                    dev.latent.Async.spawn(async(() -> {
                                try (mine) {
                                    await(sleep(Duration.ofSeconds(5)));
                                }
                            }))
                            .detach();
                    await(a.lock()).close();
                }))
                .detach();
        nothingIsTold();
    }

    @Test
    void aReaderThatWritesIsTold() throws Exception {
        AsyncRwLock<String> lock = AsyncRwLock.named("prices", "x");
        local.spawn(async(() -> {
                    try (var _ = await(lock.read());
                            var _ = await(lock.write())) {}
                }))
                .detach();
        pass(2);
        assertEquals(1, told.size());
        assertTrue(told.peek().contains("write lock of AsyncRwLock prices"), told::toString);
        local.close();
    }

    @Test
    void aLockThatIsOfferedToWhoDoesNotPollIsTold() throws Exception {
        local.spawn(async(() -> {
                    try (var _ = await(a.lock())) {
                        await(sleep(Duration.ofMillis(100)));
                    }
                }))
                .detach();
        local.spawn(async(() -> {
                    try (var kept = pin(a.lock())) {
                        await(select(kept, sleep(Duration.ofMillis(50))));
                        await(sleep(Duration.ofHours(1))); // meanwhile it has been handed the lock
                    }
                }))
                .detach();
        local.spawn(ab(a, b)).detach();
        pass(3);
        assertEquals(1, told.size(), told::toString);
        String said = told.peek();
        assertTrue(said.startsWith("offered and not polled: AsyncMutex a was handed to task "), said);
        assertTrue(said.contains("aLockThatIsOfferedToWhoDoesNotPollIsTold"), said);
        assertTrue(said.contains("waiting: task dev.latent.runtime.DeadlockTest.ab("), said);
        local.close();
    }

    @Test
    void whatIsOfferedIsHeldForADeadlock() throws Exception {
        local.spawn(async(() -> {
                    try (var _ = await(a.lock())) {
                        await(sleep(Duration.ofMillis(100)));
                    }
                }))
                .detach();
        local.spawn(async(() -> {
                    try (var kept = pin(a.lock())) {
                        await(select(kept, sleep(Duration.ofMillis(50))));
                        await(a.lock()).close(); // behind itself
                    }
                }))
                .detach();
        pass(3);
        assertTrue(told.stream().anyMatch(t -> t.startsWith("deadlock: ")), told::toString);
        assertTrue(told.stream().anyMatch(t -> t.startsWith("offered and not polled: ")), told::toString);
        local.close();
    }

    @Test
    void onWorkersWithinTwoSeconds() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.builder()
                .threads(2)
                .world(Latent.system().with(FailureHandler.class, handler))
                .build()) {
            AsyncMutex<String> one = AsyncMutex.named("one", "1");
            AsyncMutex<String> other = AsyncMutex.named("other", "2");
            // Each waits until both have their first.
            AsyncSemaphore both = AsyncSemaphore.of(0);
            for (boolean turned : new boolean[] {false, true}) {
                AsyncMutex<String> mine = turned ? other : one;
                AsyncMutex<String> its = turned ? one : other;
                pool.spawn(async(() -> {
                            try (var _ = await(mine.lock())) {
                                both.addPermits(1);
                                try (var _ = await(both.acquire(2))) {}
                                try (var _ = await(its.lock())) {}
                            }
                        }))
                        .detach();
            }
            long began = System.nanoTime();
            assertTrue(first.await(20, TimeUnit.SECONDS), "told");
            long took = System.nanoTime() - began;
            assertTrue(told.peek().startsWith("deadlock: "), told::toString);
            System.out.println("a deadlock on workers was told after " + took / 1_000_000 + " ms");
        }
        assertEquals(1, told.size(), told::toString);
    }

    @Test
    void onAThreadThatParksWithinTwoSeconds() throws Exception {
        LocalExecutor real = LocalExecutor.builder()
                .world(Latent.system().with(FailureHandler.class, handler))
                .build();
        real.spawn(ab(a, b)).detach();
        real.spawn(ba(a, b)).detach();
        long[] took = {0};
        long began = System.nanoTime();
        real.blockOn(async(() -> {
            while (told.isEmpty() && System.nanoTime() - began < 20_000_000_000L) {
                await(sleep(Duration.ofMillis(20)));
            }
            took[0] = System.nanoTime() - began;
        }));
        assertEquals(1, told.size());
        System.out.println("a deadlock on this thread was told after " + took[0] / 1_000_000 + " ms");
        real.close();
    }
}
