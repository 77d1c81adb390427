package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who sees to timers and sockets while one worker polls and another sleeps: {@link DriverSlot}. */
@Timeout(60)
final class WatchTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Computes, having been woken by a timer, until {@code condition}: {@return the nanoseconds it took, or -1 when nothing came} */
    private static Future<Long> computesUntil(AtomicBoolean condition) {
        Future<Void> sleep = Hand.sleep(1_000_000);
        return Hand.poll(cx -> {
            if (!sleep.poll(cx).isReady()) {
                return Poll.pending();
            }
            long start = System.nanoTime();
            while (!condition.get()) {
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    return Poll.ready(-1L);
                }
                Thread.onSpinWait();
            }
            return Poll.ready(System.nanoTime() - start);
        });
    }

    /** Sets {@code condition} after a while, which the one that computes may not delay: {@return how late it was} */
    private static Future<Long> setsAfter(long nanos, AtomicBoolean condition) {
        Future<Void> sleep = Hand.sleep(nanos);
        AtomicLong from = new AtomicLong();
        return Hand.poll(cx -> {
            from.compareAndSet(0, System.nanoTime());
            if (!sleep.poll(cx).isReady()) {
                return Poll.pending();
            }
            condition.set(true);
            return Poll.ready(System.nanoTime() - from.get() - nanos);
        });
    }

    /** A poll that ends only when another task's timer has fired, again and again, from many states of the machine. */
    @Test
    void aTimerFiresThoughTheWorkerThatWasInTheDriverComputes() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int threads = 2; threads <= 3; threads++) {
            try (WorkStealingExecutor pool = WorkStealingExecutor.create(threads)) {
                long[] late = new long[60];
                for (int round = 0; round < late.length; round++) {
                    AtomicBoolean fired = new AtomicBoolean();
                    JoinHandle<Long> sets = pool.spawn(setsAfter(2_000_000 + random.nextInt(4_000_000), fired));
                    JoinHandle<Long> computes = pool.spawn(computesUntil(fired));
                    assertTrue(
                            pool.blockOn(computes) >= 0,
                            "round " + round + ", seed " + seed + ": nobody looked; " + pool.diagnostics());
                    late[round] = pool.blockOn(sets);
                    if (round % 10 == 9) {
                        Rig.await(pool.slot::isDeep);
                    } else if (random.nextBoolean()) {
                        pool.blockOn(Hand.yields(random.nextInt(100)));
                    }
                }
                Arrays.sort(late);
                long median = TimeUnit.NANOSECONDS.toMillis(late[late.length / 2]);
                assertTrue(median <= DriverSlot.LATE_MILLIS, "half of them are later than " + median + " ms");
            }
        }
    }

    @Test
    void aSocketIsSeenThoughTheWorkerThatWasInTheDriverComputes() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(2)) {
            TcpListener listener = pool.blockOn(TcpListener.bind("127.0.0.1", 0));
            try (SocketChannel peer = SocketChannel.open(listener.localAddress())) {
                TcpStream stream = pool.blockOn(listener.accept());
                for (int round = 0; round < 50; round++) {
                    AtomicBoolean read = new AtomicBoolean();
                    AtomicBoolean computing = new AtomicBoolean();
                    Future<Integer> reading = stream.read(ByteBuffer.allocate(8));
                    JoinHandle<Integer> reader = pool.spawn(Hand.poll(cx -> {
                        Poll<Integer> poll = reading.poll(cx);
                        read.set(poll.isReady());
                        return poll;
                    }));
                    Future<Long> computes = computesUntil(read);
                    JoinHandle<Long> computer = pool.spawn(Hand.poll(cx -> {
                        computing.set(true);
                        return computes.poll(cx);
                    }));
                    Rig.await(computing::get);
                    peer.write(ByteBuffer.allocate(8));
                    assertTrue(
                            pool.blockOn(computer) >= 0, "round " + round + ": nobody looked; " + pool.diagnostics());
                    assertEquals(8, pool.blockOn(reader));
                    if (round % 10 == 9) {
                        Rig.await(pool.slot::isDeep);
                    }
                }
                pool.blockOn(stream.closeAsync());
            }
            pool.blockOn(listener.closeAsync());
        }
    }

    /** Timers one after the other, each of which ends a wait in the driver and begins another. */
    @Test
    void theWatchWakesAtMostOnceInTenMilliseconds() throws Exception {
        for (int threads = 2; threads <= 4; threads++) {
            try (WorkStealingExecutor pool = WorkStealingExecutor.create(threads)) {
                long start = System.nanoTime();
                long before = pool.slot.wakes();
                for (int i = 0; i < 300; i++) {
                    pool.blockOn(Hand.sleep(1_000_000));
                }
                long wakes = pool.slot.wakes() - before;
                long tens = (System.nanoTime() - start) / TimeUnit.MILLISECONDS.toNanos(10);
                assertTrue(wakes <= tens + 2, wakes + " wakes in " + tens + "0 ms, " + threads + " workers");
            }
        }
    }

    @Test
    void anIdleMachineWakesNobody() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(3)) {
            pool.blockOn(Hand.sleep(1_000_000));
            Rig.await(pool.slot::isDeep);
            long wakes = pool.slot.wakes();
            long parks = pool.driver().parks();
            Thread.sleep(10
                    * TimeUnit.NANOSECONDS.toMillis(
                            DriverSlot.ROUND_NANOS)); // nothing to be waited for: it is to be nothing
            assertEquals(wakes, pool.slot.wakes());
            assertEquals(parks, pool.driver().parks());
        }
    }

    /** One of the two workers blocks, so a stand-in is among those that sleep and compute. */
    @Test
    void aStandInWatchesToo() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(2)) {
            for (int round = 0; round < 30; round++) {
                AtomicBoolean fired = new AtomicBoolean();
                long took = pool.blockOn(Hand.poll(_ -> Poll.ready(Latent.blockInPlace(() -> {
                    JoinHandle<Long> sets = pool.spawn(setsAfter(5_000_000, fired));
                    long computed = pool.blockOn(computesUntil(fired));
                    pool.blockOn(sets);
                    return computed;
                }))));
                assertTrue(took >= 0, "round " + round + ": nobody looked; " + pool.diagnostics());
            }
        }
    }
}
