package dev.latent.examples.bench;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The workloads do what they count, on both executors; they check their own results. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorksTest {
    private interface Executor {
        <T> T blockOn(Future<? extends T> future) throws Exception;
    }

    private static void onBoth(Check check) throws Exception {
        try (LocalExecutor one = new LocalExecutor()) {
            check.on(one::blockOn);
        }
        try (WorkStealingExecutor two = WorkStealingExecutor.create(2)) {
            check.on(two::blockOn);
        }
    }

    private interface Check {
        void on(Executor executor) throws Exception;
    }

    private static <T> Future<T> inTask(Future<T> work) {
        return async(() -> await(spawn(work)));
    }

    @Test
    void eachWorkEndsAfterItsDeadlineWithWholeRounds() throws Exception {
        onBoth(executor -> {
            assertWhole(1_000, executor, Works::spawnJoin);
            assertWhole(100, executor, Works::yielding);
            assertWhole(1_000, executor, end -> ChannelWorks.mpsc(end, 1, false));
            assertWhole(1_000, executor, end -> ChannelWorks.mpsc(end, 8, false));
            assertWhole(1_000, executor, ChannelWorks::unbounded);
            assertWhole(1_000, executor, end -> ChannelWorks.pingPong(end, false));
            assertWhole(10_000, executor, ChannelWorks::broadcast);
            assertWhole(1_000, executor, LockWorks::alone);
            assertWhole(100, executor, LockWorks::crowd);
            assertWhole(10_000, executor, WaitWorks::joining);
            assertWhole(1_000, executor, WaitWorks::limited);
        });
        try (LocalExecutor one = new LocalExecutor()) {
            assertWhole(1_000, one::blockOn, end -> ChannelWorks.mpsc(end, 8, true));
            assertWhole(1_000, one::blockOn, end -> ChannelWorks.pingPong(end, true));
        }
    }

    private static void assertWhole(int round, Executor executor, Works.Work work) throws Exception {
        long operations = 0;
        // On a busy machine a deadline may have passed before the work begins.
        for (long millis = 20; operations == 0; millis *= 2) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            operations = executor.blockOn(inTask(work.until(end)));
            assertTrue(System.nanoTime() - end >= 0, "it ended early");
        }
        assertEquals(0, operations % round, operations + " operations");
    }

    @Test
    void timersWaitForTheLastOfThem() throws Exception {
        onBoth(executor -> {
            long start = System.nanoTime();
            // 7,919 ms is 919 ms into a second, which is the longest of these.
            executor.blockOn(inTask(Works.timers(2)));
            assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(919));
        });
    }

    @Test
    void sleepersAllSleep() throws Exception {
        try (LocalExecutor one = new LocalExecutor()) {
            List<JoinHandle<Void>> handles = one.blockOn(inTask(Works.asleep(1_000)));
            assertEquals(1_000, handles.size());
            assertFalse(handles.stream().anyMatch(JoinHandle::isFinished));
        }
    }
}
