package dev.latent.runtime.blocking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ComputePoolTest {
    private final Context cx = new Context(new LocalExecutor());

    @Test
    void returnsAndThrows() throws Exception {
        assertEquals("x", Latent.blockOn(Async.compute(() -> "x")));
        assertThrows(
                IOException.class,
                () -> Latent.blockOn(Async.compute(() -> {
                    throw new IOException();
                })));
    }

    @Test
    void aParallelStreamStaysInThePool() throws Exception {
        ForkJoinComputePool pool = new ForkJoinComputePool(3);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch two = new CountDownLatch(2);
        long sum = Latent.blockOn(pool.run(() -> IntStream.range(0, 8)
                .parallel()
                .peek(_ -> {
                    if (threads.add(Thread.currentThread().getName())) {
                        two.countDown();
                    }
                    await(two); // so that a second thread has to come
                })
                .asLongStream()
                .sum()));
        assertEquals(28, sum);
        assertTrue(threads.size() >= 2, threads::toString);
        threads.forEach(name -> assertTrue(name.startsWith("latent-compute-"), name));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void droppedInTheQueueItNeverRunsAndLaterItIsInterrupted() throws Exception {
        ForkJoinComputePool pool = new ForkJoinComputePool(1);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        Future<Integer> running = pool.run(() -> {
            started.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            interrupted.countDown();
            return 1;
        });
        assertFalse(running.poll(cx).isReady());
        started.await();
        Future<Integer> queued = pool.run(ran::incrementAndGet);
        assertFalse(queued.poll(cx).isReady());
        queued.drop();
        running.drop();
        interrupted.await();
        assertFalse(
                Latent.<Boolean>blockOn(pool.run(() -> Thread.currentThread().isInterrupted())));
        assertEquals(0, ran.get());
    }
}
