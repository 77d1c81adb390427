package dev.latent.runtime.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.Rig;
import dev.latent.world.FailureHandler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class BlockingPoolTest {
    private final ThreadBlockingPool pool = new ThreadBlockingPool(1);
    private final Context cx = new Context(new LocalExecutor());

    @Test
    void returnsAndThrows() throws Exception {
        assertEquals("x", Latent.blockOn(pool.run(() -> "x")));
        assertThrows(
                IOException.class,
                () -> Latent.blockOn(pool.run(() -> {
                    throw new IOException();
                })));
    }

    /** Its stack of 64 TB is more than any machine has room for. */
    private static Thread unstartable(Runnable work, String name) {
        return new Thread(null, work, name, 1L << 46);
    }

    @Test
    void whereNoThreadCanBeStartedACallFailsAndSaysWhy() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        ThreadBlockingPool tried = new ThreadBlockingPool(
                4, (work, name) -> full.get() ? unstartable(work, name) : new Thread(work, name));
        AtomicInteger ran = new AtomicInteger();
        var refused =
                assertThrows(RejectedExecutionException.class, () -> Latent.blockOn(tried.run(ran::incrementAndGet)));
        assertTrue(refused.getMessage().startsWith("no thread could be started"), refused::getMessage);
        assertTrue(refused.getCause() instanceof OutOfMemoryError);
        full.set(false);
        assertEquals(1, Latent.<Integer>blockOn(tried.run(ran::incrementAndGet)));
    }

    @Test
    void whereNoFurtherThreadCanBeStartedACallWaits() throws Exception {
        AtomicBoolean full = new AtomicBoolean();
        ThreadBlockingPool tried = new ThreadBlockingPool(
                4, (work, name) -> full.get() ? unstartable(work, name) : new Thread(work, name));
        CountDownLatch release = new CountDownLatch(1);
        Future<Integer> first = tried.run(() -> {
            release.await();
            return 1;
        });
        assertFalse(first.poll(cx).isReady());
        full.set(true);
        Future<Integer> second = tried.run(() -> 2);
        assertFalse(second.poll(cx).isReady());
        release.countDown();
        assertEquals(2, Latent.<Integer>blockOn(second));
        assertEquals(1, Latent.<Integer>blockOn(first));
    }

    @Test
    void moreCallsThanThreadsWait() throws Exception {
        for (int i = 0; i < 50; i++) {
            int n = i;
            Future<Integer> first = pool.run(() -> n);
            Future<Integer> second = pool.run(() -> n + 1);
            first.poll(cx);
            second.poll(cx);
            assertEquals(n + 1, Latent.<Integer>blockOn(second));
            assertEquals(n, Latent.<Integer>blockOn(first));
        }
    }

    @Test
    void droppedBeforeAThreadHasTakenItItNeverRuns() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Future<Integer> blocker = pool.run(() -> {
            release.await();
            return 1;
        });
        blocker.poll(cx);
        AtomicBoolean ran = new AtomicBoolean();
        Future<Integer> dropped = pool.run(() -> {
            ran.set(true);
            return 2;
        });
        dropped.poll(cx);
        dropped.drop();
        pool.run(() -> 3).drop();
        release.countDown();
        assertEquals(4, Latent.<Integer>blockOn(pool.run(() -> 4)));
        assertFalse(ran.get());
    }

    @Test
    void droppedLaterItIsInterruptedAndItsResultClosed() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        AtomicInteger closed = new AtomicInteger();
        Future<AutoCloseable> call = pool.run(() -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                return closed::getAndIncrement;
            }
            return null;
        });
        call.poll(cx);
        running.await();
        call.drop();
        assertEquals(false, Latent.<Boolean>blockOn(pool.run(() -> Thread.currentThread()
                .isInterrupted())));
        Rig.await(() -> closed.get() == 1);
        assertTrue(closed.get() == 1);
    }

    @Test
    void whereTheQueueIsFullACallIsRefusedAndHasNotRun() throws Exception {
        ThreadBlockingPool bounded = new ThreadBlockingPool(1, 1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        Future<Integer> running = bounded.run(() -> {
            release.await();
            return 1;
        });
        assertFalse(running.poll(cx).isReady());
        Future<Integer> waiting = bounded.run(ran::incrementAndGet);
        assertFalse(waiting.poll(cx).isReady());
        for (int i = 0; i < 3; i++) {
            Future<Integer> refused = bounded.run(ran::incrementAndGet);
            var thrown = assertThrows(RejectedExecutionException.class, () -> refused.poll(cx));
            assertTrue(thrown.getMessage().contains("1 calls wait"), thrown::getMessage);
        }
        waiting.drop();
        Future<Integer> next = bounded.run(() -> 3);
        assertFalse(next.poll(cx).isReady());
        release.countDown();
        assertEquals(1, Latent.<Integer>blockOn(running));
        assertEquals(3, Latent.<Integer>blockOn(next));
        assertEquals(0, ran.get());
    }

    @Test
    void withoutAQueueEveryThreadMayStillBeUsed() throws Exception {
        ThreadBlockingPool bounded = new ThreadBlockingPool(2, 0);
        CountDownLatch release = new CountDownLatch(1);
        Future<Boolean> a = bounded.run(() -> {
            release.await();
            return true;
        });
        Future<Boolean> b = bounded.run(() -> {
            release.await();
            return true;
        });
        assertFalse(a.poll(cx).isReady());
        assertFalse(b.poll(cx).isReady());
        assertThrows(
                RejectedExecutionException.class, () -> bounded.run(() -> true).poll(cx));
        release.countDown();
        assertTrue(Latent.<Boolean>blockOn(a) && Latent.<Boolean>blockOn(b));
    }

    @Test
    void whatSaysNoMoreThanThatItWasInterruptedIsNotReported() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        FailureHandler failures = (where, failure) -> told.add(where + ": " + failure.getMessage());
        Context mine = new Context(LocalExecutor.builder()
                .world(Latent.system().with(FailureHandler.class, failures))
                .build());
        for (boolean isOfInterrupt : new boolean[] {true, false}) {
            CountDownLatch running = new CountDownLatch(1);
            Future<Integer> call = pool.run(() -> {
                running.countDown();
                try {
                    new CountDownLatch(1).await();
                    return 1;
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the driver's words", isOfInterrupt ? new IOException(e) : null);
                }
            });
            call.poll(mine);
            running.await();
            call.drop();
            assertEquals(2, Latent.<Integer>blockOn(pool.run(() -> 2)));
        }
        assertEquals(List.of("a blocking call, dropped: the driver's words"), told);
    }
}
