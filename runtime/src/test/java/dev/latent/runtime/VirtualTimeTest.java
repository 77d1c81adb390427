package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.io.Net;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.MissingCapabilityException;
import dev.latent.world.Timers;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A {@link LocalExecutor} over a clock that stands, and the rest of what a world may replace. */
class VirtualTimeTest {
    private final VirtualClock clock = new VirtualClock();
    private final World world = World.empty().with(Clock.class, clock);
    private final LocalExecutor executor =
            LocalExecutor.builder().world(world).idle(clock::skipTo).build();

    private static Duration nanos(long nanos) {
        return Duration.ofNanos(nanos);
    }

    private Future<Void> noted(long nanos, String what, List<String> order) {
        return Futures.map(Async.sleep(nanos(nanos)), v -> {
            order.add(what + " at " + clock.nanoTime());
            return v;
        });
    }

    @Test
    void deadlinesAreExactAndEqualOnesComeInTheOrderOfTheirSetting() throws Exception {
        List<String> order = new ArrayList<>();
        List<JoinHandle<?>> all = new ArrayList<>();
        all.add(executor.spawn(noted(1_000_001, "b", order)));
        all.add(executor.spawn(noted(1_000_000, "a", order)));
        all.add(executor.spawn(noted(86_400_000_000_000L, "d", order)));
        all.add(executor.spawn(noted(1_000_001, "c", order)));
        executor.spawn(Async.sleep(nanos(86_399_999_999_999L))).detach();
        executor.blockOn(Async.sleep(nanos(86_399_999_999_998L)));
        // Set when less time was left, for the same deadline.
        all.add(executor.spawn(noted(2, "e", order)));
        executor.blockOn(Async.sleep(Duration.ofDays(400)));
        assertEquals(
                List.of("a at 1000000", "b at 1000001", "c at 1000001", "d at 86400000000000", "e at 86400000000000"),
                order);
        all.forEach(h -> assertTrue(h.isFinished()));
    }

    @Test
    void whateverTheDeadlinesTheyFireInOrderAndTimeStopsAtThemAlone() throws Exception {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Long> stops = new ArrayList<>();
            VirtualClock time = new VirtualClock();
            LocalExecutor local = LocalExecutor.builder()
                    .world(World.empty().with(Clock.class, time))
                    .idle(next -> {
                        time.skipTo(next);
                        stops.add(time.nanoTime());
                    })
                    .build();
            List<Long> deadlines = new ArrayList<>();
            List<Long> fired = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                long nanos = 1 + random.nextLong(1L << random.nextInt(1, 61));
                Future<Void> sleep = Futures.map(Async.sleep(nanos(nanos)), v -> {
                    fired.add(time.nanoTime());
                    return v;
                });
                if (random.nextInt(4) == 0) {
                    executeThenDrop(local, sleep);
                } else {
                    deadlines.add(nanos);
                    local.spawn(sleep).detach();
                }
            }
            deadlines.sort(null);
            local.blockOn(Async.sleep(nanos(1L << 61)));
            assertEquals(deadlines, fired, "seed " + seed);
            deadlines.add(1L << 61);
            assertEquals(deadlines.stream().distinct().toList(), stops, "seed " + seed);
        }
    }

    private static void executeThenDrop(LocalExecutor local, Future<Void> sleep) {
        JoinHandle<Void> handle = local.spawn(sleep);
        local.runUntilStalled();
        handle.close();
    }

    @Test
    void nothingLeftToWaitForIsToldNotWaitedFor() {
        IllegalStateException stuck =
                assertThrows(IllegalStateException.class, () -> executor.blockOn(Futures.pending()));
        assertTrue(stuck.getMessage().contains("never come"), stuck.getMessage());
        assertTrue(stuck.getMessage().contains("TestClock"), stuck.getMessage());
        assertEquals(1, executor.liveTasks());
        executor.close();
        assertEquals(0, executor.liveTasks());
    }

    private static Future<Void> cleaningForEver() {
        return new Future<>() {
            @Override
            public Poll<Void> poll(Context cx) {
                return Poll.pending();
            }

            @Override
            public void drop() {}

            @Override
            public Poll<Void> pollDrop(Context cx) {
                return Poll.pending();
            }
        };
    }

    @Test
    void closingHasItsTimeOnTheSameClock() {
        LocalExecutor closing = LocalExecutor.builder()
                .world(world)
                .idle(clock::skipTo)
                .closeTimeout(Duration.ofSeconds(5))
                .build();
        closing.spawn(cleaningForEver()).detach();
        closing.runUntilStalled();
        closing.close();
        assertEquals(Duration.ofSeconds(5).toNanos(), clock.nanoTime());
    }

    @Test
    void closingEndsThoughItMayTakeForEverAndNothingWillCome() {
        List<String> reported = new ArrayList<>();
        LocalExecutor closing = LocalExecutor.builder()
                .world(world.with(FailureHandler.class, (where, failure) -> reported.add(where)))
                .idle(clock::skipTo)
                .closeTimeout(ChronoUnit.FOREVER.getDuration())
                .build();
        closing.spawn(cleaningForEver()).detach();
        closing.runUntilStalled();
        closing.close();
        assertEquals(0, closing.liveTasks());
        assertEquals(2, reported.size(), reported.toString());
        assertEquals("closing LocalExecutor", reported.getFirst());
    }

    @Test
    void aSurroundingLoopIsToldWhenToTick() {
        LocalExecutor ticked = LocalExecutor.builder().world(world).build();
        assertEquals(OptionalLong.empty(), ticked.nextDeadline());
        JoinHandle<Void> handle = ticked.spawn(Async.sleep(nanos(70)));
        assertEquals(OptionalLong.of(0), ticked.nextDeadline(), "it is ready");
        assertFalse(ticked.tick());
        assertEquals(OptionalLong.of(70), ticked.nextDeadline());
        JoinHandle<Void> earlier = ticked.spawn(Async.sleep(nanos(69)));
        ticked.tick();
        assertEquals(OptionalLong.of(69), ticked.nextDeadline());
        earlier.close();
        ticked.tick();
        assertEquals(OptionalLong.of(70), ticked.nextDeadline());
        clock.advance(nanos(70));
        ticked.tick();
        assertTrue(handle.isFinished());
        assertEquals(OptionalLong.empty(), ticked.nextDeadline());
    }

    @Test
    void anOrderPicksAmongTheReady() {
        List<Integer> ready = new ArrayList<>();
        List<String> ran = new ArrayList<>();
        LocalExecutor picky = LocalExecutor.builder()
                .world(world)
                .order(n -> {
                    ready.add(n);
                    return n == 4 ? 2 : n - 1;
                })
                .build();
        for (String name : List.of("a", "b", "c", "d")) {
            picky.spawn(Hand.poll(_ -> {
                        ran.add(name);
                        return Poll.done();
                    }))
                    .detach();
        }
        picky.runUntilStalled();
        assertEquals(List.of("c", "d", "b", "a"), ran);
        assertEquals(List.of(4, 3, 2, 1), ready);
        LocalExecutor wrong = LocalExecutor.builder().world(world).order(n -> n).build();
        wrong.spawn(Futures.done()).detach();
        assertThrows(IndexOutOfBoundsException.class, wrong::tick);
    }

    @Test
    void aClockIsReadOnceForASleepAndTwiceForAWait() throws Exception {
        int[] reads = {0};
        VirtualClock time = new VirtualClock();
        Clock counting = new Clock() {
            @Override
            public long nanoTime() {
                reads[0]++;
                return time.nanoTime();
            }

            @Override
            public Instant instant() {
                return time.instant();
            }
        };
        int[] waits = {0};
        LocalExecutor counted = LocalExecutor.builder()
                .world(World.empty().with(Clock.class, counting))
                .idle(next -> {
                    waits[0]++;
                    time.skipTo(next);
                })
                .build();
        Future<Integer> busy = Hand.yields(1);
        counted.blockOn(busy);
        int before = reads[0];
        int sleeps = 60; // fewer than are polled between two looks
        for (int i = 0; i < sleeps; i++) {
            counted.spawn(Async.sleep(nanos(1_000))).detach();
        }
        counted.blockOn(Async.timeout(nanos(2_000), Async.sleep(nanos(1_000))));
        assertEquals(1, waits[0]);
        // One more sleep, the timeout's own, and in each of the two rounds a look; one more after the wait.
        assertEquals(sleeps + 2 + 2 + 1, reads[0] - before);
    }

    @Test
    void everyWayInTakesAWorld() throws Exception {
        long start = System.nanoTime();
        class Skipping implements Clock {
            @Override
            public long nanoTime() {
                return System.nanoTime() + Duration.ofDays(1).toNanos();
            }

            @Override
            public Instant instant() {
                return Instant.MAX;
            }
        }
        World skipped = Latent.system().with(Clock.class, new Skipping());
        Future<Instant> asks =
                Hand.poll(cx -> Poll.ready(cx.capability(Clock.class).instant()));
        assertEquals(Instant.MAX, Latent.blockOn(asks, skipped));
        Latent.blockOn(Async.sleep(nanos(1)), skipped);
        try (WorkStealingExecutor workers =
                WorkStealingExecutor.builder().threads(1).world(skipped).build()) {
            workers.blockOn(Async.sleep(nanos(1_000_000)));
            assertSame(skipped.clock(), workers.world().clock());
        }
        assertTrue(System.nanoTime() - start < Duration.ofMinutes(1).toNanos());
        var queue = new ConcurrentLinkedQueue<Runnable>();
        JoinHandle<Void> sleeps = Latent.on(queue::add, skipped).spawn(Async.sleep(nanos(1)));
        queue.remove().run();
        assertTrue(sleeps.isFinished());
        Context cx = new Context(executor);
        MissingCapabilityException noTimers = assertThrows(MissingCapabilityException.class, () -> sleeps.poll(cx));
        assertTrue(noTimers.getMessage().contains("Timers"), noTimers.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> LocalExecutor.builder().world(World.empty()));
    }

    @Test
    void severalThreadsAreRefusedAVirtualClock() {
        World stands = Latent.system().with(Clock.class, new VirtualClock());
        WorkStealingExecutor.Builder builder = WorkStealingExecutor.builder();
        String said = assertThrows(IllegalArgumentException.class, () -> builder.world(stands))
                .getMessage();
        assertTrue(said.contains("VirtualClock") && said.contains("LocalExecutor"), said);
        assertThrows(IllegalArgumentException.class, () -> builder.world(World.empty()));
    }

    @Test
    void aWorldOfOneExecutorMayBeGivenToAnother() throws Exception {
        World inner = executor.world();
        assertEquals(
                "slept",
                Latent.blockOn(
                        Hand.poll(cx -> {
                            assertNotSame(inner.timers(), cx.spawner().world().timers());
                            return Poll.ready("slept");
                        }),
                        inner));
        Timers brought = Hand.NO_TIMERS;
        assertSame(
                brought,
                LocalExecutor.builder()
                        .world(world.with(Timers.class, brought))
                        .build()
                        .world()
                        .timers());
        assertEquals(null, executor.capability(Net.class));
    }

    /** The first one's wheel holds the sleep until its executor runs again; meanwhile the sleep waits, ends or is dropped elsewhere. */
    @Test
    void aSleepThatMovesLeavesTheFirstExecutorsTimersInOrder() throws Exception {
        for (boolean dropped : new boolean[] {false, true}) {
            List<String> order = new ArrayList<>();
            long start = clock.nanoTime();
            Future<Void> moves = Async.sleep(nanos(1_000));
            JoinHandle<?> before = executor.spawn(noted(900, "before", order));
            JoinHandle<Void> polled = executor.spawn(Hand.poll(moves::poll));
            JoinHandle<?> after = executor.spawn(noted(1_000, "after", order));
            executor.runUntilStalled();
            VirtualClock otherClock = new VirtualClock();
            otherClock.skipTo(OptionalLong.of(1_000_000_000));
            try (LocalExecutor other = LocalExecutor.builder()
                    .world(World.empty().with(Clock.class, otherClock))
                    .idle(otherClock::skipTo)
                    .build()) {
                clock.skipTo(OptionalLong.of(start + 400));
                JoinHandle<Void> moved = other.spawn(Hand.poll(moves::poll));
                other.runUntilStalled();
                assertEquals(OptionalLong.of(1_000_000_600), other.nextDeadline());
                if (dropped) {
                    moves.drop();
                    moved.detach();
                } else {
                    other.blockOn(moved);
                    assertEquals(1_000_000_600, otherClock.nanoTime());
                }
            }
            polled.detach();
            executor.blockOn(Async.sleep(nanos(2_000)));
            assertTrue(before.isFinished() && after.isFinished());
            assertEquals(List.of("before at " + (start + 900), "after at " + (start + 1_000)), order);
            assertEquals(OptionalLong.empty(), executor.nextDeadline());
        }
    }

    @Test
    void blockOnOverAVirtualClockWaitsForNothing() throws Exception {
        World virtual = Latent.system().with(Clock.class, clock);
        Latent.blockOn(Async.sleep(Duration.ofDays(1_000)), virtual);
        assertEquals(Duration.ofDays(1_000).toNanos(), clock.nanoTime());
        TimeoutException late = assertThrows(
                TimeoutException.class,
                () -> Latent.blockOn(Async.timeout(Duration.ofDays(1), Futures.pending()), virtual));
        assertTrue(late.getMessage().startsWith("not ready within PT24H of virtual time: "), late.getMessage());
        TimeoutException real =
                assertThrows(TimeoutException.class, () -> Latent.blockOn(Async.timeout(nanos(1), Futures.pending())));
        assertTrue(real.getMessage().startsWith("not ready within PT0.000000001S: "), real.getMessage());
        assertThrows(IllegalStateException.class, () -> Latent.blockOn(Futures.pending(), virtual));
        JoinHandle<Void> cleaning;
        try (LocalExecutor closing = LocalExecutor.builder()
                .world(virtual)
                .closeTimeout(Duration.ofDays(1))
                .build()) {
            cleaning = closing.spawn(cleaningForEver());
            closing.runUntilStalled();
        }
        assertTrue(cleaning.isFinished());
        assertEquals(Duration.ofDays(1_002).toNanos(), clock.nanoTime());
    }

    @Test
    void somebodyElsesExecutorIsRefusedAVirtualClockThatNothingMoves() {
        World stands = Latent.system().with(Clock.class, new VirtualClock());
        String said = assertThrows(IllegalArgumentException.class, () -> Latent.on(Runnable::run, stands))
                .getMessage();
        assertTrue(said.contains("VirtualClock") && said.contains("LocalExecutor"), said);
        assertThrows(IllegalArgumentException.class, () -> Latent.onLocal(Runnable::run, stands));
        Latent.on(Runnable::run, stands.with(Timers.class, Hand.NO_TIMERS));
    }

    /** A clock of the machine's kind, that one may move. */
    private record Coarse(VirtualClock clock) implements Clock {
        @Override
        public long nanoTime() {
            return clock.nanoTime();
        }

        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public long grain() {
            return 1 << 18;
        }
    }

    private List<Long> wakes(Clock over) throws Exception {
        VirtualClock time = clock;
        List<Long> at = new ArrayList<>();
        LocalExecutor local = LocalExecutor.builder()
                .world(World.empty().with(Clock.class, over))
                .idle(next -> {
                    time.skipTo(next);
                    at.add(time.nanoTime());
                })
                .build();
        for (long nanos : new long[] {1_000_000, 1_000_001, 1_100_000}) {
            local.spawn(Async.sleep(nanos(nanos))).detach();
        }
        long start = time.nanoTime();
        local.blockOn(Async.sleep(nanos(1_100_000)));
        return at.stream().map(t -> t - start).toList();
    }

    @Test
    void theGrainIsTheProgramsToChoose() throws Exception {
        Clock coarse = new Coarse(clock);
        assertEquals(List.of(4L << 18, 5L << 18), wakes(coarse), "those of one grain fire as one, at its end");
        assertEquals(List.of(1_000_000L, 1_000_001L, 1_100_000L), wakes(coarse.withGrain(nanos(1))));
        assertEquals(List.of(1L << 21), wakes(coarse.withGrain(nanos((1 << 21) + 5))));
        assertEquals(1, clock.withGrain(Duration.ofSeconds(1)).grain(), "virtual time is exact");
        assertEquals(
                coarse.instant(), coarse.withGrain(nanos(7)).withGrain(nanos(3)).instant());
        assertThrows(IllegalArgumentException.class, () -> coarse.withGrain(Duration.ZERO));
    }

    @Test
    void exactTimersOfTheMachineAreAWorldAway() throws Exception {
        World exact = Latent.system().with(Clock.class, Latent.system().clock().withGrain(nanos(1)));
        for (World each : List.of(Latent.system(), exact)) {
            for (int i = 0; i < 3; i++) {
                long deadline = System.nanoTime() + 100;
                Latent.blockOn(Async.sleep(nanos(100)), each);
                assertTrue(System.nanoTime() - deadline >= 0, "never early");
            }
        }
        assertEquals(1, exact.clock().grain());
    }
}
