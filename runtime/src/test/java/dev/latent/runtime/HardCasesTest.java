package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.world.BlockingPool;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the end of a task and the end of its executor meet: each was wrong once. */
@Timeout(30)
final class HardCasesTest {
    /** What a future's waiting for nothing but its drop does there. */
    private static Future<Object> dropping(Runnable action) {
        return new Future<>() {
            @Override
            public Poll<Object> poll(Context cx) {
                return Poll.pending();
            }

            @Override
            public Poll<Void> pollDrop(Context cx) {
                return Poll.pending();
            }

            @Override
            public void drop() {
                action.run();
            }
        };
    }

    @Test
    void theCloseOfAnExecutorTakesNoOutcomeThatIsThereAlready() throws Exception {
        LocalExecutor executor = new LocalExecutor();
        JoinHandle<String> handle = executor.spawn(Hand.poll(cx -> {
            cx.waker().wake(); // leaves the task in the queue, ended
            return Poll.ready("value");
        }));
        executor.tick();
        assertTrue(handle.isFinished());
        executor.close();
        assertEquals("value", Latent.blockOn(handle));
    }

    @Test
    void whoIsCancelledAgainIsNotPolledAgain() {
        for (Rig.Kind kind : Rig.Kind.values()) {
            try (Rig rig = Rig.of(kind)) {
                Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.WAITS);
                JoinHandle<Object> handle = rig.spawner().spawn(probe);
                rig.runUntil(() -> probe.polls.get() == 1);
                handle.close();
                rig.runUntil(() -> probe.dropPolls.get() == 1);
                for (int i = 0; i < 3; i++) {
                    handle.close();
                    rig.runUntil(() -> true);
                }
                probe.cleanupReleased = true;
                probe.waker.wake();
                rig.runUntil(handle::isFinished);
                assertEquals(2, probe.dropPolls.get(), kind.toString());
            }
        }
    }

    @Test
    void whatAnExecutorRejectsIsCleanedUpOnTheThreadsOfItsWorldOrAtOnce() {
        AtomicInteger onPool = new AtomicInteger();
        BlockingPool pool = new BlockingPool() {
            @Override
            public <T> Future<T> run(Callable<? extends T> work) {
                return Hand.poll(_ -> {
                    onPool.getAndIncrement();
                    return Poll.ready(work.call());
                });
            }
        };
        List<String> reported = new CopyOnWriteArrayList<>();
        World without = World.empty().with(FailureHandler.class, (where, failure) -> reported.add(where));
        for (World world : List.of(without.with(BlockingPool.class, pool), without)) {
            AtomicInteger runs = new AtomicInteger();
            Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
            Spawner once = Latent.on(
                    run -> {
                        if (runs.getAndIncrement() > 0) {
                            throw new RejectedExecutionException("full");
                        }
                        run.run();
                    },
                    world);
            JoinHandle<Object> handle = once.spawn(probe);
            probe.waker.wake();
            assertTrue(handle.isFinished());
            assertEquals(1, probe.polls.get());
            assertEquals(world == without ? 2 : 0, reported.size(), reported.toString());
        }
        assertEquals(1, onPool.get());
    }

    @Test
    void twoTasksThatCancelEachOtherWaitAndDoNotSpin() {
        int[] polls = {0};
        LocalExecutor executor = LocalExecutor.builder()
                .closeTimeout(Duration.ZERO)
                .pollHook(new PollHook() {
                    @Override
                    public void before(JoinHandle<?> task) {
                        assertTrue(polls[0]++ < 100, "they poll each other for ever");
                    }

                    @Override
                    public void after(JoinHandle<?> task) {}
                })
                .build();
        List<JoinHandle<?>> both = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            both.add(executor.spawn(new Future<Void>() {
                @Override
                public Poll<Void> poll(Context cx) {
                    return Poll.pending();
                }

                @Override
                public Poll<Void> pollDrop(Context cx) {
                    return both.get(other).pollDrop(cx);
                }

                @Override
                public void drop() {}
            }));
        }
        executor.runUntilStalled();
        both.getFirst().close();
        executor.runUntilStalled();
        assertEquals(2, executor.liveTasks());
        executor.close();
    }

    @Test
    void anAwaiterOnAnotherThreadNeverSeesATaskHalfEnded() throws Exception {
        LocalExecutor executor =
                LocalExecutor.builder().closeTimeout(Duration.ZERO).build();
        AtomicReference<@Nullable JoinHandle<Object>> last = new AtomicReference<>();
        AtomicReference<@Nullable Object> seen = new AtomicReference<>();
        AtomicInteger wakes = new AtomicInteger();
        Context cx = new Context(executor);
        cx.begin((Waker) wakes::getAndIncrement);
        executor.spawn(dropping(() -> {
                    Thread thread = new Thread(() -> {
                        try {
                            seen.set(last.get().poll(cx));
                        } catch (Throwable t) {
                            seen.set(t);
                        }
                    });
                    thread.start();
                    try {
                        thread.join();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }))
                .detach();
        last.set(executor.spawn(dropping(() -> {})));
        executor.tick();
        executor.close();
        assertEquals(Poll.pending(), seen.get());
        assertEquals(1, wakes.get());
        assertTrue(last.get().isFinished());
    }

    @Test
    void aWorkerThatComesBackAfterTheCloseFindsItsTasksEnded() throws Exception {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        WorkStealingExecutor pool = WorkStealingExecutor.builder()
                .threads(1)
                .closeTimeout(Duration.ZERO)
                .world(Latent.system().with(FailureHandler.class, (_, failure) -> reported.add(failure)))
                .build();
        Probe queued = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
        JoinHandle<Object> handle = pool.spawn(queued);
        Rig.await(() -> queued.polls.get() > 0);
        CountDownLatch woken = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<@Nullable Thread> worker = new AtomicReference<>();
        pool.spawn(Hand.poll(_ -> {
                    worker.set(Thread.currentThread());
                    queued.wake(); // into this worker's queue
                    woken.countDown();
                    while (release.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    return Poll.done();
                }))
                .detach();
        woken.await();
        pool.close();
        assertTrue(handle.isFinished());
        int before = reported.size();
        release.countDown();
        worker.get().join();
        assertEquals(1, queued.dropped.get());
        assertEquals(List.of(), reported.subList(before, reported.size()));
    }

    @Test
    void aTasksResultThatNobodyTakesGoesToWhoSaidSo() throws Exception {
        for (Rig.Kind kind : Rig.Kind.values()) {
            Rig rig = Rig.of(kind);
            List<String> undelivered = new CopyOnWriteArrayList<>();
            JoinHandle<String> closed =
                    rig.spawner().spawn(Futures.onUndelivered(Hand.value("closed"), undelivered::add));
            rig.runUntil(closed::isFinished);
            closed.close();
            assertEquals(List.of("closed"), undelivered, kind::toString);
            JoinHandle<String> detached =
                    rig.spawner().spawn(Futures.onUndelivered(Hand.value("detached"), undelivered::add));
            detached.detach();
            rig.runUntil(detached::isFinished);
            assertEquals(List.of("closed", "detached"), undelivered, kind::toString);
            JoinHandle<String> taken =
                    rig.spawner().spawn(Futures.onUndelivered(Hand.value("taken"), undelivered::add));
            rig.runUntil(taken::isFinished);
            assertEquals("taken", Latent.blockOn(taken));
            taken.close();
            assertEquals(2, undelivered.size());
            rig.close();
        }
    }

    @Test
    void aTaskFromAnotherThreadThatArrivesDuringTheCloseIsCancelled() throws Exception {
        LocalExecutor executor = new LocalExecutor();
        Probe late = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
        LocalTask<Object> task = new LocalTask<>(executor, late);
        executor.spawn(new Future<Object>() {
                    @Override
                    public Poll<Object> poll(Context cx) {
                        return Poll.pending();
                    }

                    @Override
                    public Poll<Void> pollDrop(Context cx) {
                        Thread spawner = new Thread(() -> executor.spawnFromElsewhere(task));
                        spawner.start();
                        try {
                            spawner.join();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        return Poll.done();
                    }

                    @Override
                    public void drop() {}
                })
                .detach();
        executor.tick();
        executor.close();
        assertTrue(task.isFinished());
        assertEquals(0, late.polls.get());
        assertEquals(1, late.dropped.get());
    }

    @Test
    void aSecondCloseReturnsWhenTheFirstHasEnded() throws Exception {
        for (Rig.Kind kind : List.of(Rig.Kind.LOCAL, Rig.Kind.WORKER, Rig.Kind.WORKERS)) {
            Rig rig = Rig.of(kind);
            Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.WAITS);
            rig.spawner().spawn(probe).detach();
            rig.runUntil(() -> probe.polls.get() > 0);
            AtomicReference<@Nullable Throwable> wrong = new AtomicReference<>();
            Runnable close = () -> {
                try {
                    rig.close();
                    assertEquals(1, probe.dropped.get(), "returned before the cleanup had ended");
                } catch (Throwable t) {
                    wrong.set(t);
                }
            };
            Thread first = new Thread(close);
            first.start();
            Rig.await(() -> probe.dropPolls.get() > 0);
            Thread second = new Thread(close);
            second.start();
            Rig.await(() -> second.getState() == Thread.State.WAITING || !second.isAlive());
            probe.cleanupReleased = true;
            probe.wake();
            first.join();
            second.join();
            assertNull(wrong.get(), kind::toString);
            rig.close();
        }
    }

    @Test
    void aFutureWithoutWordsOfItsOwnEndsAllTheSame() {
        for (Rig.Kind kind : Rig.Kind.values()) {
            try (Rig rig = Rig.of(kind)) {
                AtomicInteger polls = new AtomicInteger();
                JoinHandle<Object> handle = rig.spawner().spawn(new Future<Object>() {
                    @Override
                    public Poll<Object> poll(Context cx) {
                        polls.getAndIncrement();
                        return Poll.pending();
                    }

                    @Override
                    public void drop() {
                        throw new IllegalStateException("in its cleanup");
                    }

                    @Override
                    public String toString() {
                        throw new IllegalStateException("no words");
                    }
                });
                rig.runUntil(() -> polls.get() == 1);
                assertTrue(handle.toString().contains("whose toString threw"), handle::toString);
                handle.close();
                rig.runUntil(handle::isFinished);
                assertEquals(1, rig.reported.size());
            }
        }
    }

    @Test
    void closeTimeoutsAreSaturated() {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        LocalExecutor local = LocalExecutor.builder().closeTimeout(forever).build();
        Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
        JoinHandle<Object> handle = local.spawn(probe);
        local.tick();
        assertFalse(handle.isFinished());
        local.close();
        assertTrue(handle.isFinished());
        assertEquals(1, probe.dropPolls.get());
        WorkStealingExecutor.builder().threads(1).closeTimeout(forever).build().close();
        LocalExecutor.builder().closeTimeout(forever.negated()).build().close();
    }
}
