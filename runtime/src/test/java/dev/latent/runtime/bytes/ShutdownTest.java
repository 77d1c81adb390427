package dev.latent.runtime.bytes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.First;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.channel.Channel;
import dev.latent.io.Shutdown;
import dev.latent.io.Signal;
import dev.latent.io.Signals;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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
