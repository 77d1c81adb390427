package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
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
}
