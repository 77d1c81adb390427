package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.io.Net;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.runtime.ForeignFailuresTest.Injected;
import dev.latent.runtime.driver.Driver;
import dev.latent.runtime.driver.ParkDriver;
import dev.latent.sync.AsyncMutex;
import dev.latent.task.Deadlocks;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.Timers;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the world, the driver or the surrounding loop throws where the machine asks it: who runs the executor is told, or the report; the
 * tasks are there still, the next call goes on, and a close ends.
 */
@Timeout(60)
final class FailingWorldTest {
    private static final int TASKS = 100;

    private final List<Throwable> reported = Collections.synchronizedList(new ArrayList<>());

    /** A clock that throws while it is told to. */
    private static final class Stopping implements Clock {
        volatile boolean throwing;
        final AtomicInteger thrown = new AtomicInteger();

        @Override
        public long nanoTime() {
            if (throwing) {
                thrown.getAndIncrement();
                throw new Injected("clock");
            }
            return System.nanoTime();
        }

        @Override
        public Instant instant() {
            throw new Injected("clock");
        }
    }

    private World world(Clock clock) {
        return Latent.system()
                .with(Clock.class, clock)
                .with(FailureHandler.class, (_, failure) -> reported.add(failure));
    }

    /** A driver that throws what it is told to. */
    private static final class Throwing implements Driver {
        private final Driver inner = new ParkDriver();
        volatile boolean closed;
        final AtomicInteger thrown = new AtomicInteger();
        volatile @Nullable Exception failure;

        Throwing(Exception failure) {
            this.failure = failure;
        }

        @Override
        public int park(long nanos) throws IOException {
            Exception now = failure;
            if (now != null) {
                thrown.getAndIncrement();
                if (now instanceof IOException io) {
                    throw io;
                }
                if (now instanceof RuntimeException runtime) {
                    throw runtime;
                }
                throw new Injected("park");
            }
            return inner.park(nanos);
        }

        @Override
        public void unpark() {
            inner.unpark();
        }

        @Override
        public long parks() {
            return 0;
        }

        @Override
        public Net net() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static List<Exception> failuresOfAPark() {
        return List.of(new IOException("select"), new ClosedSelectorException(), new Exception("an Injected error"));
    }

    // ---- the clock

    @Test
    void aClockThatThrowsIsToldToWhoTicksAndLosesNoTask() throws Exception {
        Stopping clock = new Stopping();
        LocalExecutor executor = LocalExecutor.builder().world(world(clock)).build();
        List<JoinHandle<?>> handles = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            handles.add(executor.spawn(Hand.yields(2)));
        }
        Hand.Signal signal = new Hand.Signal();
        handles.add(executor.spawn(signal));
        executor.tick();
        Thread other = new Thread(signal::set);
        other.start();
        other.join();
        clock.throwing = true;
        assertThrows(Injected.class, executor::tick);
        assertThrows(Injected.class, executor::runUntilStalled);
        assertThrows(Injected.class, executor::nextDeadline);
        Hand.Signal never = new Hand.Signal();
        assertThrows(Injected.class, () -> executor.blockOn(never));
        clock.throwing = false;
        executor.runUntilStalled();
        handles.forEach(h -> assertTrue(h.isFinished()));
        assertEquals(0, executor.liveTasks(), "the future of a blockOn that threw is dropped");
        executor.close();
    }

    @Test
    void aCloseEndsThoughTheClockThrows() {
        Stopping clock = new Stopping();
        LocalExecutor executor = LocalExecutor.builder().world(world(clock)).build();
        WorkStealingExecutor workers =
                WorkStealingExecutor.builder().threads(2).world(world(clock)).build();
        Hand.Signal here = new Hand.Signal();
        Hand.Signal there = new Hand.Signal();
        JoinHandle<Void> one = executor.spawn(here);
        executor.tick();
        JoinHandle<Void> two = workers.spawn(there);
        Rig.await(() -> there.polled.getCount() == 0);
        clock.throwing = true;
        executor.close();
        workers.close();
        assertTrue(one.isFinished() && two.isFinished());
        assertEquals(0, here.dropped.getCount());
        assertEquals(0, there.dropped.getCount());
        for (Worker worker : workers.crew.workers) {
            Rig.await(() -> !worker.isAlive());
        }
    }

    @Test
    void workersOutliveAClockThatThrows() {
        for (int threads = 1; threads <= 2; threads++) {
            Stopping clock = new Stopping();
            WorkStealingExecutor workers = WorkStealingExecutor.builder()
                    .threads(threads)
                    .world(world(clock))
                    .build();
            List<JoinHandle<?>> handles = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                handles.add(workers.spawn(Hand.yields(10_000)));
            }
            clock.throwing = true;
            Rig.await(() -> clock.thrown.get() > 3);
            clock.throwing = false;
            handles.add(workers.spawn(Hand.sleep(1_000_000)));
            Rig.await(() -> handles.stream().allMatch(JoinHandle::isFinished));
            for (Worker worker : workers.crew.workers) {
                assertTrue(worker.isAlive());
            }
            assertFalse(reported.isEmpty());
            workers.close();
            assertEquals(0, workers.liveTasks());
        }
    }

    @Test
    void whoeverLeavesTheDriverWhileTheClockThrowsHasLeftIt() throws Exception {
        AsyncMutex<String> lock = AsyncMutex.of("so that idle executors look for deadlocks, by the clock");
        try (LocalExecutor executor = new LocalExecutor();
                var guard = lock.tryLock().orElseThrow()) {
            executor.spawn(lock.lock()).detach();
            executor.runUntilStalled();
            assertTrue(Deadlocks.mayBe(), guard::toString);
        }
        for (int threads = 1; threads <= 2; threads++) {
            Stopping clock = new Stopping();
            WorkStealingExecutor workers = WorkStealingExecutor.builder()
                    .threads(threads)
                    .world(world(clock))
                    .build();
            Hand.Signal signal = new Hand.Signal();
            JoinHandle<Void> handle = workers.spawn(signal);
            signal.polled.await();
            Rig.await(workers.slot::isHeld);
            clock.throwing = true;
            signal.set();
            Rig.await(handle::isFinished);
            Rig.await(() -> clock.thrown.get() > 3);
            clock.throwing = false;
            workers.blockOn(Hand.sleep(1_000_000));
            workers.close();
        }
        assertFalse(lock.toString().isEmpty()); // it has been there all the time
    }

    // ---- the driver

    @Test
    void aParkThatThrowsIsToldToWhoBlocksAndTheNextCallGoesOn() throws Exception {
        for (Exception failure : failuresOfAPark()) {
            LocalExecutor executor = new LocalExecutor();
            Throwing driver = new Throwing(failure);
            executor.driver().replace(driver);
            Hand.Signal dropped = new Hand.Signal();
            Throwable thrown = assertThrows(Throwable.class, () -> executor.blockOn(dropped));
            assertTrue(
                    thrown instanceof UncheckedIOException
                            || thrown instanceof Injected
                            || thrown instanceof ClosedSelectorException,
                    thrown.toString());
            driver.failure = null;
            assertEquals(3, executor.<Integer>blockOn(Hand.yields(3)));
            assertEquals(0, dropped.dropped.getCount());
            executor.blockOn(Hand.sleep(1_000_000));
            executor.close();
            assertTrue(driver.closed);
        }
    }

    @Test
    void workersOutliveAParkThatThrows() throws Exception {
        for (int threads = 1; threads <= 2; threads++) {
            for (Exception failure : failuresOfAPark()) {
                reported.clear();
                WorkStealingExecutor workers = WorkStealingExecutor.builder()
                        .threads(threads)
                        .world(world(new Stopping()))
                        .build();
                Throwing driver = new Throwing(failure);
                workers.driver().replace(driver);
                Rig.await(() -> driver.thrown.get() >= 3);
                assertEquals(5, workers.<Integer>blockOn(Hand.yields(5)));
                workers.blockOn(Hand.sleep(1_000_000)); // late perhaps, while the driver fails
                driver.failure = null;
                workers.blockOn(Hand.sleep(1_000_000));
                assertTrue(reported.size() >= 3);
                long start = System.nanoTime();
                workers.close();
                assertTrue(System.nanoTime() - start < 5_000_000_000L);
                assertTrue(driver.closed);
            }
        }
    }

    @Test
    void aCloseEndsWhileEveryParkThrows() {
        for (Exception failure : failuresOfAPark()) {
            LocalExecutor executor = LocalExecutor.builder()
                    .world(world(new Stopping()))
                    .closeTimeout(Duration.ofSeconds(5))
                    .build();
            WorkStealingExecutor workers = WorkStealingExecutor.builder()
                    .threads(2)
                    .world(world(new Stopping()))
                    .closeTimeout(Duration.ofMillis(50))
                    .build();
            List<JoinHandle<?>> handles = new ArrayList<>();
            for (Spawner spawner : List.<Spawner>of(executor, workers)) {
                handles.add(spawner.spawn(new Probe(Probe.Result.VALUE, Probe.Cleanup.WAITS)));
                handles.add(spawner.spawn(new Probe(Probe.Result.VALUE, Probe.Cleanup.FAILS)));
            }
            executor.tick();
            executor.driver().replace(new Throwing(failure));
            workers.driver().replace(new Throwing(failure));
            executor.close();
            workers.close();
            executor.close();
            workers.close();
            handles.forEach(h -> assertTrue(h.isFinished()));
        }
    }

    // ---- what surrounds a LocalExecutor

    @Test
    void anOrderThatThrowsIsToldAndTakesNothingOut() {
        int[] picks = {0};
        LocalExecutor executor = LocalExecutor.builder()
                .world(world(new Stopping()))
                .order(n -> {
                    if (picks[0]++ % 2 == 0) {
                        throw new Injected("order");
                    }
                    return picks[0] % 4 == 0 ? n : n - 1; // out of range, every fourth time
                })
                .build();
        List<JoinHandle<?>> handles = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            handles.add(executor.spawn(Hand.yields(1)));
        }
        int thrown = 0;
        for (int i = 0; i < 1_000 && executor.liveTasks() > 0; i++) {
            try {
                executor.tick();
            } catch (Injected | IndexOutOfBoundsException e) {
                thrown++;
            }
        }
        assertTrue(thrown > 10);
        handles.forEach(h -> assertTrue(h.isFinished()));
        JoinHandle<Integer> left = executor.spawn(Hand.yields(1));
        executor.close();
        assertTrue(left.isFinished());
    }

    @Test
    void anIdleHookThatThrowsIsToldAndTheFutureIsDropped() {
        LocalExecutor executor = LocalExecutor.builder()
                .world(world(new Stopping()))
                .idle(_ -> {
                    throw new Injected("idle");
                })
                .build();
        Hand.Signal waits = new Hand.Signal();
        assertThrows(Injected.class, () -> executor.blockOn(waits));
        executor.runUntilStalled();
        assertEquals(0, waits.dropped.getCount());
        Probe cleansForEver = new Probe(Probe.Result.VALUE, Probe.Cleanup.WAITS);
        JoinHandle<Object> handle = executor.spawn(cleansForEver);
        executor.runUntilStalled();
        executor.close();
        assertTrue(handle.isFinished());
        assertEquals(1, cleansForEver.dropped.get());
    }

    // ---- what leaves ask

    @Test
    void randomnessTimersAndThreadsThatThrowEndTheTaskAfterItsCleanup() {
        World failing = world(new VirtualClock())
                .with(RandomGenerator.class, () -> {
                    throw new Injected("random");
                })
                .with(Timers.class, (long _) -> new OwnedFuture<Void>() {
                    @Override
                    protected Poll<Void> pollOwned(Context cx) {
                        throw new Injected("timer");
                    }

                    @Override
                    protected void dropOwned() {
                        throw new Injected("timer's drop");
                    }
                })
                .with(BlockingPool.class, new BlockingPool() {
                    @Override
                    public <T> Future<T> run(Callable<? extends T> work) {
                        throw new Injected("pool");
                    }
                });
        LocalExecutor executor = LocalExecutor.builder().world(failing).build();
        Hand.Signal first = new Hand.Signal();
        Hand.Signal second = new Hand.Signal();
        Hand.Signal timed = new Hand.Signal();
        List<JoinHandle<?>> handles = List.of(
                executor.spawn(Async.select(first, second)),
                executor.spawn(Async.timeout(Duration.ofDays(1), timed)),
                executor.spawn(Async.sleep(Duration.ofDays(1))),
                executor.spawn(Async.timeout(Duration.ofDays(1), Futures.ready("value"))),
                executor.spawn(Async.spawnBlocking(() -> "value")));
        executor.runUntilStalled();
        List<String> told = new ArrayList<>();
        for (JoinHandle<?> handle : handles) {
            assertTrue(handle.isFinished());
            try {
                told.add(String.valueOf(handle.poll(new Context(executor))));
            } catch (Throwable t) {
                told.add(t.getMessage());
            }
        }
        assertEquals(List.of("random", "timer", "timer", String.valueOf(Poll.ready("value")), "pool"), told);
        assertEquals(0, first.dropped.getCount(), "a select drops its branches");
        assertEquals(0, second.dropped.getCount());
        assertEquals(0, timed.dropped.getCount(), "a timeout drops its future");
        executor.close();
    }

    // ---- a socket's waker

    @Test
    void aSocketsWakerThatThrowsKeepsNoOtherFromBeingWoken() throws Exception {
        LocalExecutor executor =
                LocalExecutor.builder().world(world(new Stopping())).build();
        var listener = executor.<TcpListener>blockOn(new Lazily<>(
                cx -> cx.capability(Net.class).bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))));
        int pairs = 8;
        List<TcpStream> near = new ArrayList<>();
        List<TcpStream> far = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            JoinHandle<TcpStream> accepted = executor.spawn(listener.accept());
            near.add(
                    executor.blockOn(new Lazily<>(cx -> cx.capability(Net.class).connect(listener.localAddress()))));
            far.add(executor.blockOn(accepted));
        }
        AtomicInteger thrown = new AtomicInteger();
        List<JoinHandle<Integer>> readers = new ArrayList<>();
        Context foreign = new Context(executor);
        for (int i = 0; i < pairs; i++) {
            Future<Integer> read = far.get(i).read(ByteBuffer.allocate(8));
            if (i % 2 == 0) {
                foreign.begin(() -> {
                    thrown.getAndIncrement();
                    throw new Injected("waker");
                });
                assertFalse(read.poll(foreign).isReady());
            } else {
                readers.add(executor.spawn(read));
            }
        }
        executor.runUntilStalled();
        for (var stream : near) {
            executor.blockOn(stream.write(ByteBuffer.wrap(new byte[] {1})));
        }
        for (JoinHandle<Integer> reader : readers) {
            assertEquals(1, executor.<Integer>blockOn(reader));
        }
        Rig.await(() -> {
            executor.runUntilStalled();
            return thrown.get() == pairs / 2;
        });
        executor.close();
    }

    private static final class Lazily<T> implements Future<T> {
        private final Function<Context, Future<T>> make;
        private @Nullable Future<T> made;

        Lazily(Function<Context, Future<T>> make) {
            this.make = make;
        }

        @Override
        public Poll<T> poll(Context cx) throws Exception {
            if (made == null) {
                made = make.apply(cx);
            }
            return made.poll(cx);
        }

        @Override
        public void drop() {
            if (made != null) {
                made.drop();
            }
        }
    }
}
