package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.world.FailureHandler;
import dev.latent.world.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LocalExecutorTest {
    private final LocalExecutor executor = new LocalExecutor();

    @Test
    void blockOnReturnsAndThrowsWhatTheFutureDoes() throws Exception {
        assertEquals("x", executor.blockOn(Hand.value("x")));
        assertEquals(1_000, executor.blockOn(Hand.yields(1_000)));
        IOException thrown = new IOException("gone");
        assertSame(
                thrown,
                assertThrows(
                        IOException.class,
                        () -> executor.blockOn(Hand.poll(_ -> {
                            throw thrown;
                        }))));
        assertEquals(0, executor.liveTasks());
    }

    @Test
    void tasksRunInTheOrderInWhichTheyBecameReady() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int n = i;
            executor.spawn(Hand.poll(_ -> {
                        order.add(n);
                        return Poll.done();
                    }))
                    .detach();
        }
        executor.runUntilStalled();
        for (int i = 0; i < 100; i++) {
            assertEquals(i, order.get(i));
        }
    }

    @Test
    void tickPollsEachReadyTaskOnce() {
        AtomicInteger polls = new AtomicInteger();
        JoinHandle<Object> busy = executor.spawn(Hand.poll(cx -> {
            polls.getAndIncrement();
            cx.waker().wake();
            return Poll.pending();
        }));
        assertTrue(executor.tick());
        assertTrue(executor.tick());
        assertEquals(2, polls.get());
        busy.close();
        assertFalse(executor.tick());
        assertTrue(busy.isFinished());
    }

    @Test
    void foreignWakesAreNeverLost() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            Hand.Signal signal = new Hand.Signal();
            Thread thread = Thread.ofVirtual().start(signal::set);
            executor.blockOn(signal);
            thread.join();
        }
    }

    @Test
    void foreignSpawnsRunAndAreCounted() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 1_000; i++) {
                    executor.spawn(Hand.poll(_ -> Poll.ready(ran.incrementAndGet())))
                            .detach();
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(4_000, executor.liveTasks());
        executor.runUntilStalled();
        assertEquals(4_000, ran.get());
        assertEquals(0, executor.liveTasks());
    }

    @Test
    void onReadyIsCalledOnceUntilTheNextTick() {
        AtomicInteger calls = new AtomicInteger();
        LocalExecutor loop =
                LocalExecutor.builder().onReady(calls::getAndIncrement).build();
        loop.spawn(Hand.value(1)).detach();
        loop.spawn(Hand.value(2)).detach();
        assertEquals(1, calls.get());
        loop.runUntilStalled();
        loop.spawn(Hand.value(3)).detach();
        assertEquals(2, calls.get());
    }

    @Test
    void aHandleMayBeAwaitedByAnotherExecutor() throws Exception {
        Hand.Signal signal = new Hand.Signal();
        JoinHandle<Void> handle = executor.spawn(signal);
        AtomicReference<Object> got = new AtomicReference<>();
        Thread other = new Thread(() -> {
            try {
                Latent.blockOn(handle);
                got.set("done");
            } catch (Exception e) {
                got.set(e);
            }
        });
        other.start();
        executor.runUntilStalled();
        signal.set();
        while (!handle.isFinished()) {
            executor.runUntilStalled();
        }
        while (other.isAlive()) {
            executor.runUntilStalled(); // a message of the other may still be on its way
        }
        assertEquals("done", got.get());
        assertEquals("late", Latent.blockOn(spawnedAndDone("late")));
    }

    private JoinHandle<String> spawnedAndDone(String value) {
        JoinHandle<String> handle = executor.spawn(Hand.value(value));
        executor.runUntilStalled();
        return handle;
    }

    @Test
    void aSecondAwaiterIsRefused() throws Exception {
        JoinHandle<String> handle = spawnedAndDone("once");
        assertEquals("once", executor.blockOn(handle));
        assertThrows(IllegalStateException.class, () -> executor.blockOn(handle));
    }

    @Test
    void aSecondTaskOfOneFutureIsRefusedByName() {
        Future<Void> future = Async.yieldNow();
        executor.spawn(future).detach();
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> executor.spawn(future));
        assertTrue(e.getMessage().contains("was claimed by the task of " + future), e.getMessage());
    }

    @Test
    void blockOnInsideAPollNamesTheWaysOut() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> executor.blockOn(Hand.poll(_ -> Poll.ready(Latent.blockOn(Hand.value(1))))));
        assertTrue(e.getMessage().contains("blockInPlace") && e.getMessage().contains("spawnBlocking"), e.getMessage());
    }

    @Test
    void aTaskThatClosesItsOwnExecutorInsideBlockInPlaceIsRefused() throws Exception {
        try (LocalExecutor executor = new LocalExecutor()) {
            String said = executor.blockOn(Hand.poll(_ -> Poll.ready(Latent.blockInPlace(() ->
                    assertThrows(IllegalStateException.class, executor::close).getMessage()))));
            assertTrue(said.contains("is being run by this thread already"), said);
            assertEquals(7, executor.<Integer>blockOn(Hand.value(7)));
        }
    }

    @Test
    void blockInPlaceAllowsIt() throws Exception {
        assertEquals(
                1,
                executor.<Integer>blockOn(
                        Hand.poll(_ -> Poll.ready(Latent.blockInPlace(() -> Latent.blockOn(Hand.value(1)))))));
    }

    @Test
    void anotherThreadIsRefusedDuringACall() throws Exception {
        CountDownLatch in = new CountDownLatch(1);
        CountDownLatch out = new CountDownLatch(1);
        Thread thread = new Thread(() -> executor.spawn(Hand.poll(_ -> {
                    in.countDown();
                    out.await();
                    return Poll.done();
                }))
                .detach());
        thread.start();
        thread.join();
        Thread runner = new Thread(executor::runUntilStalled);
        runner.start();
        in.await();
        assertThrows(IllegalStateException.class, executor::tick);
        out.countDown();
        runner.join();
        assertFalse(executor.tick());
    }

    @Test
    void anInterruptDropsAndRunsTheCleanup() throws Exception {
        Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.WAITS);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                Latent.blockOn(probe);
            } catch (Throwable t) {
                thrown.set(t);
            }
        });
        thread.start();
        Rig.await(() -> probe.polls.get() == 1);
        thread.interrupt();
        Rig.await(() -> probe.dropPolls.get() > 0);
        assertTrue(thread.isAlive());
        probe.cleanupReleased = true;
        probe.wake();
        thread.join();
        assertInstanceOf(InterruptedException.class, thrown.get());
        assertEquals(1, probe.dropped.get());
    }

    @Test
    void tasksThatOutliveBlockOnAreDroppedBeforeItReturns() throws Exception {
        Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
        Probe unstarted = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
        Latent.blockOn(Hand.poll(new Hand.Body<Void>() {
            boolean again;

            @Override
            public Poll<Void> poll(dev.latent.Context cx) {
                if (again) {
                    cx.spawner().spawn(unstarted).detach();
                    return Poll.done();
                }
                again = true;
                cx.spawner().spawn(probe).detach();
                cx.waker().wake();
                return Poll.pending();
            }
        }));
        assertEquals(1, probe.polls.get());
        assertEquals(1, probe.dropped.get());
        assertEquals(1, unstarted.dropped.get());
    }

    @Test
    void closedItSaysSo() {
        LocalExecutor executor = new LocalExecutor();
        executor.close();
        String closed = executor + " is closed, so probe VALUE NONE did not run";
        JoinHandle<?> handle = executor.spawn(new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE));
        assertEquals(
                closed,
                assertThrows(
                                CancellationException.class,
                                () -> executor.blockOn(new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE)))
                        .getMessage());
        assertEquals(
                closed,
                assertThrows(CancellationException.class, () -> Latent.blockOn(handle))
                        .getMessage());
    }

    @Test
    void closeWaitsForCleanupUpToItsBoundAndReports() {
        List<Throwable> reported = new ArrayList<>();
        LocalExecutor short_ = LocalExecutor.builder()
                .closeTimeout(Duration.ofMillis(20))
                .world(Latent.system().with(FailureHandler.class, (_, failure) -> reported.add(failure)))
                .build();
        Probe stuck = new Probe(Probe.Result.VALUE, Probe.Cleanup.WAITS);
        JoinHandle<Object> handle = short_.spawn(stuck);
        short_.runUntilStalled();
        short_.close();
        assertTrue(handle.isFinished());
        assertEquals(1, stuck.dropped.get());
        assertEquals(1, reported.size());
        assertEquals(0, short_.liveTasks());

        Probe late = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
        JoinHandle<Object> refused = short_.spawn(late);
        assertTrue(refused.isFinished());
        assertEquals(0, late.polls.get());
        assertEquals(1, late.dropped.get());
        assertThrows(CancellationException.class, () -> Latent.blockOn(refused));
        stuck.wake(); // after the end: nothing
        short_.close();
    }

    @Test
    void sleepsWakeInOrderAndNotEarly() throws Exception {
        List<Integer> order = new ArrayList<>();
        long start = System.nanoTime();
        int[] millis = {12, 3, 8, 1};
        for (int m : millis) {
            var sleep = Hand.sleep(Duration.ofMillis(m).toNanos());
            executor.spawn(Hand.poll(cx -> {
                        Poll<Void> poll = sleep.poll(cx);
                        if (poll.isReady()) {
                            order.add(m);
                            assertTrue(System.nanoTime() - start
                                    >= Duration.ofMillis(m).toNanos());
                        }
                        return poll;
                    }))
                    .detach();
        }
        executor.blockOn(Hand.sleep(Duration.ofMillis(20).toNanos()));
        assertEquals(List.of(1, 3, 8, 12), order);
    }

    @Test
    void aSleepPolledElsewhereIsRefused() throws Exception {
        Timers timers = executor.blockOn(Hand.poll(cx -> Poll.ready(cx.capability(Timers.class))));
        var sleep = timers.sleepUntil(System.nanoTime() + 1_000_000_000L);
        assertThrows(IllegalStateException.class, () -> Latent.blockOn(sleep));
    }

    @Test
    void aSleepMayBeDroppedByAForeignThread() throws Exception {
        var sleep = new AtomicReference<dev.latent.Future<Void>>();
        executor.spawn(Hand.poll(cx -> {
                    Timers timers = cx.capability(Timers.class);
                    var s = timers.sleepUntil(System.nanoTime() + 1_000_000L);
                    sleep.set(s);
                    return s.poll(cx);
                }))
                .detach();
        executor.runUntilStalled();
        Thread dropper = new Thread(() -> sleep.get().drop());
        dropper.start();
        dropper.join();
        assertEquals(1, executor.liveTasks());
        executor.blockOn(Hand.sleep(5_000_000));
        assertEquals(1, executor.liveTasks());
    }

    @Test
    void hooksSeeEveryPoll() throws Exception {
        List<String> seen = new ArrayList<>();
        LocalExecutor hooked = LocalExecutor.builder()
                .pollHook(new PollHook() {
                    @Override
                    public void before(JoinHandle<?> task) {
                        seen.add("before " + task.isFinished());
                    }

                    @Override
                    public void after(JoinHandle<?> task) {
                        seen.add("after " + task.isFinished());
                    }
                })
                .build();
        hooked.blockOn(Hand.yields(1));
        assertEquals(List.of("before false", "after false", "before false", "after true"), seen);
    }
}
