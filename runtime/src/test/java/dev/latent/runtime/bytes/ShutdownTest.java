package dev.latent.runtime.bytes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.First;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Spawner;
import dev.latent.channel.Channel;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
import dev.latent.io.Signals;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.Timers;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In virtual time, with signals that are played. */
class ShutdownTest {
    private final VirtualClock clock = new VirtualClock();
    private final Channel<Signal> played = Channel.unbounded();
    private final List<String> log = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();
    private final LocalExecutor executor = LocalExecutor.builder()
            .world(World.empty()
                    .with(Clock.class, clock)
                    .with(Signals.class, _ -> played.receiver())
                    .with(FailureHandler.class, (where, failure) -> reported.add(where + ": " + failure.getMessage())))
            .idle(clock::skipTo)
            .build();

    @AfterEach
    void close() {
        executor.close();
    }

    private static Duration s(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private void log(String what) {
        log.add(what + "@" + clock.nanoTime() / 1_000_000_000);
    }

    /** Work of that length, with a cleanup of that length. */
    private Future<Void> work(String name, long seconds, long cleanup) {
        return async(() -> {
            boolean done = false;
            try {
                await(sleep(s(seconds)));
                done = true;
                log(name + " done");
            } finally {
                if (!done) {
                    await(sleep(s(cleanup)));
                    log(name + " cleaned");
                }
            }
        });
    }

    private void plays(Signal signal, long after) {
        executor.spawn(async(() -> {
                    await(sleep(s(after)));
                    played.trySend(signal);
                }))
                .detach();
    }

    private static Shutdown onSignals() {
        return Shutdown.on(Signal.INT, Signal.TERM).within(s(10));
    }

    @Test
    void whoIsDoneInTimeIsNotNamed() throws Exception {
        plays(Signal.TERM, 5);
        Shutdown.Report report = executor.blockOn(onSignals().run(stop -> {
            stop.spawn("early", work("early", 2, 0));
            stop.spawn("late", work("late", 14, 0));
            await(stop.asked());
            log("asked");
            await(sleep(s(1)));
        }));
        assertEquals(List.of("early done@2", "asked@5", "late done@14"), log);
        assertTrue(report.isClean());
        assertEquals("SIGTERM: all have ended", report.toString());
    }

    @Test
    void whoHeldItUpIsDroppedAndNamed() throws Exception {
        plays(Signal.INT, 1);
        Shutdown.Report report = executor.blockOn(onSignals().run(stop -> {
            stop.spawn("good", work("good", 5, 0));
            stop.spawn("slow", work("slow", 60, 2));
            stop.spawn("stuck", work("stuck", 60, 60));
            await(work("service", 60, 1));
        }));
        assertEquals(List.of("good done@5", "service cleaned@12", "slow cleaned@13"), log);
        assertEquals(16_000, clock.nanoTime() / 1_000_000);
        assertEquals(
                "SIGINT: dropped as the time was over: the service itself, slow, stuck; not yet cleaned up: stuck",
                report.toString());
    }

    @Test
    void aSecondSignalEndsTheTime() throws Exception {
        plays(Signal.INT, 1);
        plays(Signal.INT, 3);
        Shutdown.Report report = executor.blockOn(onSignals().run(stop -> {
            stop.spawn("slow", work("slow", 60, 0));
            await(stop.asked());
        }));
        assertEquals(List.of("slow cleaned@3"), log);
        assertEquals(List.of("slow"), report.dropped());
        assertEquals(List.of(), report.left());
    }

    @Test
    void theServicesOwnEndIsAReasonToo() throws Exception {
        Shutdown.Report report = executor.blockOn(Shutdown.on().within(s(3)).run(stop -> {
            stop.spawn("a", work("a", 2, 0));
            stop.spawn("b", work("b", 20, 0));
        }));
        assertEquals("the service has ended", report.reason());
        assertEquals(List.of("b"), report.dropped());
        assertEquals(List.of("a done@2", "b cleaned@3"), log);
    }

    @Test
    void aFailureOfTheServiceDropsTheRestFirst() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> executor.blockOn(onSignals().run(stop -> {
                    stop.spawn("a", work("a", 60, 2));
                    await(sleep(s(1)));
                    throw new IllegalArgumentException("no");
                })));
        assertEquals("no", e.getMessage());
        assertEquals(List.of("a cleaned@3"), log);
    }

    @Test
    void droppedItDropsAll() {
        assertThrows(
                TimeoutException.class,
                () -> executor.blockOn(timeout(s(1), onSignals().run(stop -> {
                    stop.spawn("a", work("a", 60, 2));
                    await(work("service", 60, 1));
                }))));
        assertEquals(List.of("service cleaned@2", "a cleaned@3"), log);
    }

    @Test
    void aFailureOfWorkIsReportedAndConcernsNobodyElse() throws Exception {
        Shutdown.Report report = executor.blockOn(Shutdown.on().run(stop -> {
            stop.spawn("bad", Futures.failed(new IllegalStateException("broken")));
            stop.spawn("good", work("good", 1, 0));
        }));
        assertEquals(List.of("bad: broken"), reported);
        assertEquals(List.of("good done@1"), log);
        assertTrue(report.isClean());
    }

    @Test
    void untilAskedEndsALoopThatAccepts() throws Exception {
        Channel<Integer> clients = Channel.unbounded();
        for (int i = 0; i < 3; i++) {
            clients.trySend(i);
        }
        Shutdown.Report report = executor.blockOn(Shutdown.on().within(s(2)).run(stop -> {
            int n = 0;
            try (var inbox = clients.receiver()) {
                while (await(stop.untilAsked(inbox.receive())) instanceof First(Integer client)) {
                    stop.spawn("client " + client, work("client " + client, 1, 0));
                    if (++n == 3) {
                        stop.ask("enough");
                        stop.spawn("after", work("after", 0, 0));
                    }
                }
            }
        }));
        assertEquals("enough: all have ended", report.toString());
        assertEquals(4, log.size());
    }

    @Test
    void itRunsOnce() throws Exception {
        Shutdown shutdown = Shutdown.on();
        assertThrows(IllegalStateException.class, () -> shutdown.spawn("x", Futures.done()));
        executor.blockOn(shutdown.run(_ -> {}));
        assertThrows(IllegalStateException.class, () -> executor.blockOn(shutdown.run(_ -> {})));
        assertThrows(IllegalStateException.class, () -> shutdown.within(s(1)));
    }

    /** Nothing outlives the service: what comes later is dropped, and does not begin. */
    @Test
    void whatIsSpawnedAfterTheEndIsDropped() throws Exception {
        Shutdown shutdown = Shutdown.on();
        executor.blockOn(shutdown.run(_ -> {}));
        Closed client = new Closed();
        shutdown.spawn("late", serves(client));
        assertTrue(client.closed);
        executor.blockOn(sleep(s(1)));
        assertEquals(List.of(), log);
        assertEquals(0, executor.liveTasks());
    }

    /** What a body holds is closed also where there was no time for its first poll. */
    @Test
    void whatIsDroppedBeforeItBeginsIsClosed() throws Exception {
        Closed client = new Closed();
        Shutdown.Report report =
                executor.blockOn(Shutdown.on().within(Duration.ZERO).run(stop -> {
                    stop.ask("1");
                    stop.ask("2");
                    stop.spawn("client", serves(client));
                }));
        assertTrue(client.closed);
        assertEquals(List.of(), log);
        assertEquals(List.of("client"), report.dropped());
        assertEquals(List.of(), report.left());
    }

    private static final class Closed implements Releasable {
        boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    private Future<Void> serves(Closed client) {
        return async(() -> {
            try (client) {
                log("served");
                await(sleep(s(60)));
            }
        });
    }

    /** An executor is somebody else's, and what it does when it cancels is nothing to be done under a lock. */
    @Test
    void nothingForeignIsCalledUnderItsLock() throws Exception {
        Shutdown shutdown = Shutdown.on();
        World world = World.empty().with(Clock.class, clock).with(Timers.class, _ -> new Never());
        List<String> calls = new ArrayList<>();
        Spawner looking = new Spawner() {
            @Override
            public <T> JoinHandle<T> spawn(Future<? extends T> future) {
                return new Looking<>(executor.spawn(future), call -> calls.add(call + Thread.holdsLock(shutdown)));
            }

            @Override
            public World world() {
                return world;
            }
        };
        Future<Shutdown.Report> running = shutdown.run(stop -> {
            stop.spawn("a", Futures.pending());
            stop.spawn("b", Futures.done());
            stop.ask("once");
            stop.ask("twice");
        });
        Context other = new Context(looking);
        Shutdown.Report report = executor.blockOn(Futures.pollFn(cx -> {
            other.begin(cx.waker());
            return running.poll(other);
        }));
        assertEquals(List.of("a", "b"), report.dropped());
        assertTrue(calls.size() >= 2, calls.toString());
        assertEquals(
                List.of(), calls.stream().filter(call -> call.endsWith("true")).toList());
    }

    private static final class Never extends OwnedFuture<Void> {
        @Override
        protected Poll<Void> pollOwned(Context cx) {
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {}
    }

    private record Looking<T>(JoinHandle<T> handle, Consumer<String> told) implements JoinHandle<T> {
        @Override
        public Future<Void> cancel() {
            told.accept("cancel ");
            return handle.cancel();
        }

        @Override
        public void detach() {
            told.accept("detach ");
            handle.detach();
        }

        @Override
        public boolean isFinished() {
            told.accept("isFinished ");
            return handle.isFinished();
        }

        @Override
        public Future<Void> closeAsync() {
            told.accept("closeAsync ");
            return handle.closeAsync();
        }

        @Override
        public void close() {
            told.accept("close ");
            handle.close();
        }

        @Override
        public Poll<T> poll(Context cx) throws Exception {
            return handle.poll(cx);
        }

        @Override
        public void drop() {
            handle.drop();
        }
    }

    /** Who spawns from elsewhere, just as it ends, is waited for or refused: nothing runs on. */
    @Test
    void whatOtherThreadsSpawnEndsWithIt() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        try (var pool = WorkStealingExecutor.create(2)) {
            for (int round = 0; round < 200; round++) {
                Shutdown shutdown = Shutdown.on().within(round % 2 == 0 ? Duration.ZERO : s(60));
                CountDownLatch runs = new CountDownLatch(1);
                CountDownLatch ends = new CountDownLatch(1);
                Thread other = Thread.ofPlatform().start(() -> {
                    try {
                        runs.await();
                        for (int i = 0; ends.getCount() > 0 || i % 16 != 0; i++) {
                            shutdown.spawn("task", async(() -> {
                                begun.incrementAndGet();
                                try {
                                    await(yieldNow());
                                } finally {
                                    ended.incrementAndGet();
                                }
                            }));
                        }
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
                Shutdown.Report report = pool.blockOn(shutdown.run(_ -> {
                    runs.countDown();
                    await(yieldNow());
                    await(yieldNow());
                }));
                int before = begun.get();
                assertEquals(ended.get(), before, "still at work");
                ends.countDown();
                other.join();
                assertEquals(List.of(), report.left());
                assertEquals(before, begun.get(), "begun after the end");
            }
        }
    }

    /** Tasks that end, are spawned and are dropped at the same moment: all are counted out, and none is left. */
    @Test
    void manyTasksOnTwoWorkersAllEnd() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        try (var pool = WorkStealingExecutor.create(2)) {
            for (int round = 0; round < 20; round++) {
                Shutdown.Report report =
                        pool.blockOn(Shutdown.on().within(Duration.ZERO).run(stop -> {
                            for (int i = 0; i < 500; i++) {
                                int n = i;
                                stop.spawn("task " + n, async(() -> {
                                    begun.incrementAndGet();
                                    try {
                                        await(n % 3 == 0 ? Futures.pending() : sleep(Duration.ofNanos(n % 7)));
                                    } finally {
                                        ended.incrementAndGet();
                                    }
                                }));
                            }
                        }));
                assertFalse(report.isClean());
                assertEquals(List.of(), report.left());
                assertEquals(begun.get(), ended.get());
            }
            assertEquals(0, pool.liveTasks());
        }
    }
}
