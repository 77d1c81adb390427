package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpStream;
import dev.latent.world.FailureHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What several threads have in common: work stealing and {@link Latent#on}. */
@Timeout(60)
final class WorkStealingExecutorTest {
    /** Spawns {@code n} children and joins all. */
    static Future<Integer> fan(int n, java.util.function.IntFunction<Future<Integer>> child) {
        return new Future<>() {
            private final List<JoinHandle<Integer>> handles = new ArrayList<>();
            private int next;
            private int sum;

            @Override
            public Poll<Integer> poll(Context cx) throws Exception {
                while (handles.size() < n) {
                    JoinHandle<Integer> handle = cx.spawner().spawn(child.apply(handles.size()));
                    Owners.claim(handle, this);
                    handles.add(handle);
                }
                for (; next < n; next++) {
                    if (!(Owners.poll(handles.get(next), this, cx) instanceof Poll.Ready<Integer>(Integer value))) {
                        return Poll.pending();
                    }
                    sum += value;
                }
                return Poll.ready(sum);
            }

            @Override
            public void drop() {
                handles.forEach(JoinHandle::close);
            }
        };
    }

    @Test
    void manyTasksOnManyWorkersAllEndOnce() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(3)) {
            for (int round = 0; round < 20; round++) {
                assertEquals(2_000 * 7, pool.<Integer>blockOn(fan(2_000, _ -> Hand.yields(7))));
                Rig.await(() -> pool.liveTasks() == 0);
            }
            assertEquals(50 * 50 * 3, pool.<Integer>blockOn(fan(50, _ -> fan(50, _ -> Hand.yields(3)))));
        }
    }

    /** More children than a ring holds: each is polled once, and who joins them comes after many, not after each. */
    @Test
    void whoJoinsManyIsNotPolledForEach() throws Exception {
        int children = 1_000;
        for (int threads = 1; threads <= 2; threads++) {
            AtomicInteger polls = new AtomicInteger();
            try (WorkStealingExecutor pool = WorkStealingExecutor.create(threads)) {
                for (int round = 0; round < 20; round++) {
                    Future<Integer> fan = fan(children, _ -> Hand.value(1));
                    assertEquals(children, pool.<Integer>blockOn(Hand.poll(cx -> {
                        polls.getAndIncrement();
                        return fan.poll(cx);
                    })));
                }
            }
            assertTrue(polls.get() <= 20 * children / 10, polls + " polls for " + 20 * children + " joins");
        }
    }

    @Test
    void wakesBetweenWorkersAndForeignThreadsAreNeverLost() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(2)) {
            for (int round = 0; round < 3_000; round++) {
                Hand.Signal signal = new Hand.Signal();
                JoinHandle<Void> waiter = pool.spawn(signal);
                if (round % 2 == 0) {
                    pool.spawn(Hand.poll(_ -> {
                                signal.set();
                                return Poll.done();
                            }))
                            .detach();
                } else {
                    signal.set();
                }
                pool.blockOn(waiter);
            }
        }
    }

    @Test
    void workBehindABlockedWorkerIsStolen() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(2)) {
            CountDownLatch stolen = new CountDownLatch(10);
            pool.blockOn(Hand.poll(cx -> {
                for (int i = 0; i < 10; i++) {
                    cx.spawner()
                            .spawn(Hand.poll(_ -> {
                                stolen.countDown();
                                return Poll.done();
                            }))
                            .detach();
                }
                stolen.await(); // blocks this worker; the other must come
                return Poll.done();
            }));
        }
    }

    @Test
    void aTaskThatClosesItsOwnExecutorInsideBlockInPlaceIsRefused() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.builder()
                .threads(2)
                .closeTimeout(Duration.ofSeconds(1))
                .build()) {
            String said = pool.blockOn(Hand.poll(_ -> Poll.ready(Latent.blockInPlace(
                    () -> assertThrows(IllegalStateException.class, pool::close).getMessage()))));
            assertTrue(said.contains("inside blockInPlace") && said.contains("close it from outside"), said);
            assertEquals(7, pool.<Integer>blockOn(Hand.value(7)));
        }
    }

    @Test
    void blockInPlaceKeepsTheTasksOfItsWorkerGoing() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(1)) {
            for (int round = 0; round < 100; round++) {
                CountDownLatch latch = new CountDownLatch(1);
                assertEquals("ran", pool.blockOn(Hand.poll(cx -> {
                    cx.spawner()
                            .spawn(Hand.poll(_ -> {
                                latch.countDown();
                                return Poll.done();
                            }))
                            .detach();
                    return Poll.ready(Latent.blockInPlace(() -> {
                        latch.await();
                        return pool.blockOn(Hand.value("ran"));
                    }));
                })));
            }
            Rig.await(() -> pool.liveTasks() == 0);
        }
    }

    @Test
    void whatWaitsForABusyStandInIsTakenByOthers() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(1)) {
            Spawner spawner = pool;
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            CountDownLatch child = new CountDownLatch(1);
            spawner.spawn(Hand.poll(_ -> Poll.ready(Latent.blockInPlace(() -> {
                        blocked.countDown();
                        go.await();
                        return 1;
                    }))))
                    .detach();
            blocked.await();
            assertTrue(pool.<Boolean>blockOn(Hand.poll(cx -> {
                cx.spawner()
                        .spawn(Hand.poll(_ -> {
                            child.countDown();
                            return Poll.done();
                        }))
                        .detach();
                go.countDown();
                return Poll.ready(child.await(10, TimeUnit.SECONDS)); // as one that computes
            })));
        }
    }

    @Test
    void aCleanupThatWakesItselfEndsWithItsExecutor() throws Exception {
        CountDownLatch polled = new CountDownLatch(1);
        CountDownLatch inCleanup = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger polls = new AtomicInteger();
        List<String> reported = new CopyOnWriteArrayList<>();
        WorkStealingExecutor pool = WorkStealingExecutor.builder()
                .threads(1)
                .closeTimeout(Duration.ZERO)
                .world(Latent.system().with(FailureHandler.class, (where, _) -> reported.add(where)))
                .build();
        JoinHandle<Void> handle = pool.spawn(new Future<Void>() {
            @Override
            public Poll<Void> poll(Context cx) {
                polled.countDown();
                return Poll.pending();
            }

            @Override
            public void drop() {}

            @Override
            public Poll<Void> pollDrop(Context cx) {
                polls.getAndIncrement();
                inCleanup.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                cx.waker().wake();
                return Poll.pending();
            }
        });
        polled.await();
        handle.close();
        inCleanup.await();
        pool.close();
        go.countDown();
        assertTrue(pool.crew.workers[0].join(Duration.ofSeconds(10)));
        assertEquals(1, polls.get());
        assertTrue(handle.isFinished());
        assertEquals(2, reported.size(), reported::toString); // still in a poll, and then abandoned
    }

    @Test
    void whereNoThreadCanStandInBlockInPlaceSaysSoAndTheWorkerGoesOn() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(1)) {
            Consumer<Thread> starter = pool.starter;
            AtomicInteger ran = new AtomicInteger();
            Spawner spawner = pool;
            Callable<Integer> blocking = () -> {
                CountDownLatch latch = new CountDownLatch(1);
                spawner.spawn(Hand.poll(_ -> {
                            latch.countDown(); // by the stand-in
                            return Poll.done();
                        }))
                        .detach();
                latch.await();
                return ran.incrementAndGet();
            };
            for (int round = 1; round <= 10; round++) {
                pool.starter = _ -> {
                    throw new OutOfMemoryError("unable to create native thread: said by a test");
                };
                AtomicInteger sibling = new AtomicInteger();
                var refused = assertThrows(
                        RejectedExecutionException.class,
                        () -> pool.blockOn(Hand.poll(cx -> {
                            cx.spawner()
                                    .spawn(Hand.poll(_ -> {
                                        sibling.getAndIncrement();
                                        return Poll.done();
                                    }))
                                    .detach();
                            return Poll.ready(Latent.blockInPlace(blocking));
                        })));
                assertTrue(refused.getMessage().contains("to stand in"), refused::getMessage);
                Rig.await(() -> sibling.get() == 1);
                pool.starter = starter;
                assertEquals(round, pool.<Integer>blockOn(Hand.poll(_ -> Poll.ready(Latent.blockInPlace(blocking)))));
            }
            Rig.await(() -> pool.liveTasks() == 0);
        }
    }

    @Test
    void timersWakeParkedWorkers() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(2)) {
            for (int round = 0; round < 20; round++) {
                long start = System.nanoTime();
                pool.blockOn(Hand.sleep(2_000_000));
                assertTrue(System.nanoTime() - start >= 2_000_000);
            }
            pool.blockOn(fan(2_000, i -> {
                Future<Void> sleep = Hand.sleep(i % 50 * 100_000L);
                return Hand.poll(cx -> sleep.poll(cx).isReady() ? Poll.ready(1) : Poll.pending());
            }));
        }
    }

    /** A listener's close ends when the select after it has freed the port, which whoever parks has to be told. */
    @Test
    void aListenersCloseEndsWhoeverParks() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(2)) {
            for (int i = 0; i < 300; i++) {
                TcpListener listener = pool.blockOn(TcpListener.bind("127.0.0.1", 0));
                JoinHandle<TcpStream> accepting = pool.spawn(listener.accept());
                pool.blockOn(Hand.yields(1));
                pool.blockOn(accepting.cancel());
                pool.blockOn(listener.closeAsync());
            }
        }
    }

    @Test
    void closedItSaysSo() throws Exception {
        WorkStealingExecutor pool = WorkStealingExecutor.create(1);
        pool.close();
        String closed = pool + " is closed, so probe VALUE NONE did not run";
        Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
        assertEquals(
                closed,
                assertThrows(CancellationException.class, () -> pool.blockOn(probe))
                        .getMessage());
        JoinHandle<?> handle = pool.spawn(new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE));
        assertTrue(handle.isFinished());
        assertEquals(
                closed,
                assertThrows(CancellationException.class, () -> Latent.blockOn(handle))
                        .getMessage());
        assertEquals(1, probe.dropped.get());
    }

    @Test
    void closeDropsEverythingIncludingWhatIsSpawnedMeanwhile() throws Exception {
        List<Probe> probes = new CopyOnWriteArrayList<>();
        WorkStealingExecutor pool = WorkStealingExecutor.create(2);
        AtomicInteger stop = new AtomicInteger();
        Thread spawner = new Thread(() -> {
            while (stop.get() == 0) {
                Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
                probes.add(probe);
                pool.spawn(probe).detach();
                if (probes.size() >= 3_000) {
                    break;
                }
            }
        });
        spawner.start();
        Rig.await(() -> probes.size() > 200);
        pool.close();
        stop.set(1);
        spawner.join();
        for (Probe probe : probes) {
            assertEquals(1, probe.dropped.get());
        }
        assertEquals(0, pool.liveTasks());
    }

    @Test
    void closeRunsCleanupWithTimers() {
        WorkStealingExecutor pool = WorkStealingExecutor.create(2);
        CountDownLatch polled = new CountDownLatch(1);
        AtomicInteger cleaned = new AtomicInteger();
        pool.spawn(new Future<Void>() {
                    private final Future<Void> sleep = Hand.sleep(3_000_000);

                    @Override
                    public Poll<Void> poll(Context cx) {
                        polled.countDown();
                        return Poll.pending();
                    }

                    @Override
                    public void drop() {}

                    @Override
                    public Poll<Void> pollDrop(Context cx) {
                        try {
                            Poll<Void> poll = sleep.poll(cx);
                            if (poll.isReady()) {
                                cleaned.getAndIncrement();
                            }
                            return poll;
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    }
                })
                .detach();
        Rig.await(() -> polled.getCount() == 0);
        pool.close();
        assertEquals(1, cleaned.get());
    }

    @Test
    void closeGivesUpAtItsBound() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        WorkStealingExecutor pool = WorkStealingExecutor.builder()
                .threads(1)
                .closeTimeout(Duration.ofMillis(20))
                .world(Latent.system().with(FailureHandler.class, (_, failure) -> reported.add(failure)))
                .build();
        Probe stuck = new Probe(Probe.Result.VALUE, Probe.Cleanup.WAITS);
        JoinHandle<Object> handle = pool.spawn(stuck);
        Rig.await(() -> stuck.polls.get() > 0);
        pool.close();
        assertTrue(handle.isFinished());
        assertEquals(1, stuck.dropped.get());
        assertEquals(1, reported.size());
        JoinHandle<Integer> refused = pool.spawn(Hand.value(1));
        assertThrows(CancellationException.class, () -> Latent.blockOn(refused));
        stuck.wake();
    }

    @Test
    void anInterruptedBlockOnDrops() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(1)) {
            Hand.Signal signal = new Hand.Signal();
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                try {
                    pool.blockOn(signal);
                } catch (Throwable t) {
                    thrown.set(t);
                }
            });
            thread.start();
            signal.polled.await();
            thread.interrupt();
            thread.join();
            assertInstanceOf(InterruptedException.class, thrown.get());
            assertEquals(0, signal.dropped.getCount());
        }
    }

    @Test
    void blockOnInsideAPollIsRefused() throws Exception {
        try (WorkStealingExecutor pool = WorkStealingExecutor.create(1)) {
            assertThrows(
                    IllegalStateException.class,
                    () -> pool.blockOn(Hand.poll(_ -> Poll.ready(pool.blockOn(Hand.value(1))))));
        }
    }

    /** However many tasks only yield, to let others go first: whoever is woken is polled before nearly all of them. */
    @Test
    void whoeverIsWokenWaitsForFewOfThoseThatYield() throws Exception {
        int woken = 10;
        AtomicInteger turns = new AtomicInteger();
        AtomicInteger toldAt = new AtomicInteger(-1);
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(woken);
        List<Waker> waiting = new CopyOnWriteArrayList<>();
        try (WorkStealingExecutor executor = WorkStealingExecutor.create(1)) {
            for (int i = 0; i < 1000; i++) {
                executor.spawn(Hand.poll(cx -> {
                            turns.incrementAndGet();
                            cx.spendBytes(Integer.MAX_VALUE);
                            cx.waker().wake();
                            return done.getCount() == 0 ? Poll.ready(1) : Poll.pending();
                        }))
                        .detach();
            }
            for (int i = 0; i < woken; i++) {
                executor.spawn(Hand.poll(cx -> {
                            if (toldAt.get() < 0) {
                                waiting.add(cx.waker());
                                return Poll.pending();
                            }
                            most.accumulateAndGet(turns.get() - toldAt.get(), Math::max);
                            done.countDown();
                            return Poll.ready(1);
                        }))
                        .detach();
            }
            executor.spawn(Hand.poll(cx -> {
                        if (waiting.size() < woken || turns.get() < 20_000) {
                            cx.waker().wake();
                            return Poll.pending();
                        }
                        toldAt.set(turns.get());
                        waiting.forEach(Waker::wake);
                        return Poll.ready(1);
                    }))
                    .detach();
            assertTrue(done.await(60, TimeUnit.SECONDS));
        }
        assertTrue(most.get() <= 128, most + " polls of those that yield before the last that was woken");
    }

    /** Those that yield, once they were many and stood in the injector, have their turns there as they have in the ring beside two that wake each other. */
    @Test
    void fewThatYieldHaveTheirTurnsBesideTwoThatWakeEachOther() throws Exception {
        int many = 200;
        AtomicInteger yields = new AtomicInteger();
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger turnsOfTheFew = new AtomicInteger();
        AtomicBoolean few = new AtomicBoolean();
        Waker[] pair = new Waker[2];
        CountDownLatch done = new CountDownLatch(2);
        try (WorkStealingExecutor executor = WorkStealingExecutor.create(1)) {
            for (int i = 0; i < many; i++) {
                boolean stays = i % 100 == 50;
                executor.spawn(Hand.poll(cx -> {
                            if (few.get() && !stays || done.getCount() == 0) {
                                return Poll.ready(1);
                            }
                            yields.incrementAndGet();
                            if (few.get()) {
                                turnsOfTheFew.incrementAndGet();
                            }
                            cx.spendBytes(Integer.MAX_VALUE);
                            cx.waker().wake();
                            return Poll.pending();
                        }))
                        .detach();
            }
            for (int i = 0; i < 2; i++) {
                int me = i;
                executor.spawn(Hand.poll(cx -> {
                            pair[me] = cx.waker();
                            few.compareAndSet(false, yields.get() > 20 * many);
                            if (few.get() && answers.incrementAndGet() > 40_000) {
                                done.countDown();
                            }
                            if (pair[1 - me] != null) {
                                pair[1 - me].wake();
                            }
                            return done.getCount() == 0 || answers.get() > 40_000 ? Poll.ready(1) : Poll.pending();
                        }))
                        .detach();
            }
            assertTrue(done.await(60, TimeUnit.SECONDS));
        }
        assertTrue(
                turnsOfTheFew.get() >= 4_000,
                turnsOfTheFew + " turns of those that yield beside 40,000 of those that are woken");
    }

    @Test
    void onVirtualThreads() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Spawner spawner = Latent.on(threads);
            assertEquals(200 * 5, Latent.<Integer>blockOn(spawner.spawn(fan(200, _ -> Hand.yields(5)))));
            Latent.blockOn(spawner.spawn(Hand.sleep(2_000_000)));
        }
    }

    @Test
    void onARejectingExecutorATaskIsCancelled() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Spawner spawner = Latent.on(threads);
        Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.WAITS);
        JoinHandle<Object> handle = spawner.spawn(probe);
        Rig.await(() -> probe.polls.get() == 1);
        threads.shutdown();
        probe.wake();
        Rig.await(() -> probe.dropPolls.get() == 1);
        probe.cleanupReleased = true;
        probe.wake();
        Rig.await(handle::isFinished);
        assertThrows(CancellationException.class, () -> Latent.blockOn(handle));
        assertThrows(CancellationException.class, () -> Latent.blockOn(spawner.spawn(Hand.value(1))));
    }
}
