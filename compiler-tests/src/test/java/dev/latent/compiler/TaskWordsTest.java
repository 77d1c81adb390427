package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.compute;
import static dev.latent.Async.context;
import static dev.latent.Async.joinSet;
import static dev.latent.Async.joinSetDo;
import static dev.latent.Async.named;
import static dev.latent.Async.pin;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.select;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.spawnBlocking;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.JoinHandle;
import dev.latent.JoinMap;
import dev.latent.JoinSet;
import dev.latent.Joined;
import dev.latent.Next;
import dev.latent.Outcome;
import dev.latent.Restart;
import dev.latent.Spawner;
import dev.latent.TaskLocal;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Task locals, sets of tasks, names and restarts as bodies use them. */
@Timeout(60)
class TaskWordsTest {
    private static final TaskLocal<String> USER = TaskLocal.inherited("user");
    private static final TaskLocal<Integer> STEP = TaskLocal.create("step");

    private final VirtualClock clock = new VirtualClock();
    private final List<Throwable> reported = new ArrayList<>();
    private final LocalExecutor executor = LocalExecutor.builder()
            .world(Latent.system()
                    .with(Clock.class, clock)
                    .with(FailureHandler.class, (_, failure) -> reported.add(failure)))
            .idle(clock::skipTo)
            .build();

    // ---- locals -----------------------------------------------------------------------------------------------------

    private Future<String> who() {
        return async(() -> USER.orElse("nobody") + " " + STEP.orElse(0));
    }

    private Future<String> deep(int depth) {
        return async(() -> {
            if (depth > 0) {
                return await(deep(depth - 1));
            }
            String before = USER.get();
            await(sleep(Duration.ofSeconds(1)));
            assertEquals(before, USER.get());
            return before;
        });
    }

    @Test
    void itSurvivesAwaits() throws Exception {
        assertEquals("nobody 0", executor.blockOn(who()));
        assertEquals("ann 1", executor.blockOn(USER.where("ann", STEP.where(1, who()))));
        assertEquals("ann", executor.blockOn(USER.where("ann", deep(200))));
    }

    @Test
    void itIsWhatTheBodyWithinSeesAndNotTheOneAround() throws Exception {
        assertEquals("ann bob ann", executor.blockOn(USER.where("ann", async(() -> {
            String first = USER.get();
            String inner = await(USER.where("bob", async(() -> {
                await(yieldNow());
                return USER.get();
            })));
            return first + " " + inner + " " + USER.get();
        }))));
    }

    @Test
    void aFinallySeesItHoweverItComesAbout() throws Exception {
        List<String> seen = new ArrayList<>();
        for (int drop = 0; drop < 3; drop++) {
            var work = USER.where("ann", async(() -> {
                try {
                    await(sleep(Duration.ofHours(1)));
                } finally {
                    seen.add("before " + USER.get());
                    await(sleep(Duration.ofSeconds(1)));
                    seen.add("after " + USER.get());
                }
            }));
            int how = drop;
            executor.blockOn(async(() -> {
                switch (how) {
                    case 0 -> assertThrowsTimeout(await(settle(timeout(Duration.ofSeconds(5), work))));
                    case 1 -> {
                        JoinHandle<Void> task = spawn(work);
                        await(yieldNow());
                        await(task.cancel());
                    }
                    default -> {
                        try (var pinned = pin(work)) {
                            await(select(pinned, yieldNow()));
                        }
                        await(sleep(Duration.ofSeconds(5)));
                    }
                }
            }));
            assertEquals(List.of("before ann", "after ann"), seen, "way " + drop);
            seen.clear();
        }
    }

    private static void assertThrowsTimeout(Outcome<Void> outcome) {
        assertTrue(outcome instanceof Outcome.Failed<Void>(java.util.concurrent.TimeoutException _), outcome::toString);
    }

    @Test
    void whatIsSpawnedInheritsOnEveryExecutor() throws Exception {
        Future<String> parent = USER.where("ann", STEP.where(1, async(() -> {
            Spawner kept = context().spawner();
            await(yieldNow());
            String spawned = await(spawn(who()));
            String byKept = await(kept.spawn(who()));
            String inSet = await(joinSet((JoinSet<String> set) -> {
                set.spawn(who());
                return await(set.next()) instanceof Item(var w) ? w : "none";
            }));
            return spawned + ", " + byKept + ", " + inSet;
        })));
        String all = "ann 0, ann 0, ann 0";
        assertEquals(all, executor.blockOn(parent));
        try (var threads = WorkStealingExecutor.create(2)) {
            assertEquals(all, threads.blockOn(USER.where("ann", STEP.where(1, async(() -> {
                String spawned = await(spawn(who()));
                return spawned + ", " + await(context().spawner().spawn(who())) + ", " + await(spawn(deepWho()));
            })))));
        }
    }

    private Future<String> deepWho() {
        return async(() -> await(spawn(who())));
    }

    @Test
    void workOnOtherThreadsHasIt() throws Exception {
        assertEquals(
                "ann 1",
                Latent.blockOn(USER.where("ann", STEP.where(1, spawnBlocking(() -> USER.get() + " " + STEP.get())))));
        assertEquals(
                "ann 1",
                Latent.blockOn(USER.where("ann", STEP.where(1, compute(() -> USER.get() + " " + STEP.get())))));
        assertThrows(
                IllegalStateException.class,
                () -> Latent.blockOn(async(() -> {
                    Runnable plain = () -> USER.get();
                    plain.run();
                })));
        assertEquals("ann", Latent.blockOn(USER.where("ann", async(() -> {
            var locals = context().locals();
            await(yieldNow());
            return locals.call(() -> USER.get());
        }))));
    }

    @Test
    void whereItIsNotSetItIsNamed() {
        var thrown = assertThrows(NoSuchElementException.class, () -> executor.blockOn(async(() -> USER.get())));
        assertTrue(thrown.getMessage().contains("`user`"), thrown.getMessage());
    }

    @Test
    void awaitsManyTimesOnTwoWorkers() throws Exception {
        try (var threads = WorkStealingExecutor.create(2)) {
            threads.blockOn(scopeDo(s -> {
                for (int i = 0; i < 100; i++) {
                    int mine = i;
                    s.spawn(STEP.where(mine, async(() -> {
                        for (int n = 0; n < 1_000; n++) {
                            await(yieldNow());
                            if (STEP.get() != mine) {
                                throw new AssertionError(STEP.get() + " in place of " + mine);
                            }
                        }
                    })));
                }
            }));
        }
    }

    // ---- sets -------------------------------------------------------------------------------------------------------

    private static Future<Integer> slow(int n) {
        return async(() -> {
            await(sleep(Duration.ofSeconds(10 - n)));
            return n;
        });
    }

    @Test
    void aSetInATryWithResourcesIsClosed() throws Exception {
        List<Integer> order = executor.blockOn(async(() -> {
            List<Integer> got = new ArrayList<>();
            try (var jobs = JoinSet.<Integer>in(context().spawner())) {
                for (int i = 0; i < 5; i++) {
                    jobs.spawn(slow(i));
                }
                while (await(jobs.next()) instanceof Item(var n) && n != 1) {
                    got.add(n);
                }
            }
            return got;
        }));
        assertEquals(List.of(4, 3, 2), order);
        assertEquals(0, executor.liveTasks());
    }

    @Test
    void aMapTellsWhoseOutcomeItIs() throws Exception {
        executor.blockOn(async(() -> {
            try (var sizes = JoinMap.<String, Integer>in(context().spawner())) {
                sizes.spawn("a", slow(1));
                sizes.spawn("b", Futures.failed(new IOException("b")));
                if (!(await(sizes.next()) instanceof Item(Joined(var key, Outcome.Failed<Integer>(IOException e))))) {
                    throw new AssertionError("b is first");
                }
                assertEquals("b b", key + " " + e.getMessage());
                assertTrue(await(sizes.next()) instanceof Item(Joined(var last, var _)) && last.equals("a"));
                assertSame(Next.end(), await(sizes.next()));
            }
        }));
    }

    @Test
    void theFirstSuccessIsAPolicy() throws Exception {
        assertEquals(3, (int) executor.blockOn(async(() -> await(joinSet((JoinSet<Integer> mirrors) -> {
            mirrors.spawn(Futures.failed(new IOException("down")));
            mirrors.spawn(slow(3));
            mirrors.spawn(slow(1));
            return await(mirrors.firstSuccess());
        })))));
        assertEquals(7_000_000_000L, clock.nanoTime());
    }

    @Test
    void aSetIsDroppedWithItsBody() throws Exception {
        List<String> ended = new ArrayList<>();
        executor.blockOn(async(() -> {
            JoinHandle<Void> task = spawn(joinSetDo((JoinSet<Void> jobs) -> {
                jobs.spawn(async(() -> {
                    try {
                        await(sleep(Duration.ofHours(1)));
                    } finally {
                        await(sleep(Duration.ofSeconds(1)));
                        ended.add("child");
                    }
                }));
                try {
                    await(jobs.next());
                } finally {
                    ended.add("body");
                }
            }));
            await(sleep(Duration.ofSeconds(1)));
            await(task.cancel());
            assertEquals(List.of("body", "child"), ended);
        }));
    }

    // ---- names ------------------------------------------------------------------------------------------------------

    private static Future<Void> failing() {
        return async(() -> {
            await(sleep(Duration.ofSeconds(1)));
            throw new IOException("lost");
        });
    }

    @Test
    void aNameIsInDumpsReportsAndTraces() throws Exception {
        var handle = executor.spawn(named("audit 7", failing()));
        executor.runUntilStalled();
        var task = Tasks.snapshot(executor).tasks().getFirst();
        assertTrue(task.name().startsWith("audit 7 (dev.latent.compiler.TaskWordsTest.failing("), task.name());
        assertTrue(Tasks.dump(executor).contains("task audit 7 ("), Tasks.dump(executor));
        assertTrue(handle.toString().contains("audit 7"), handle.toString());
        clock.advance(Duration.ofSeconds(1));
        executor.runUntilStalled();
        IOException thrown = assertThrows(IOException.class, () -> executor.blockOn(handle));
        List<String> trace = IntStream.range(0, 2)
                .mapToObj(i -> thrown.getStackTrace()[i].toString())
                .toList();
        assertTrue(trace.getFirst().contains("TaskWordsTest.failing("), trace::toString);
        assertEquals("task.audit 7(named)", trace.getLast());
        int names = 0;
        for (StackTraceElement e : thrown.getStackTrace()) {
            names += e.getClassName().equals("task") ? 1 : 0;
        }
        assertEquals(1, names);
    }

    @Test
    void aNameWithinATaskLeavesTheTraceAlone() {
        IOException thrown =
                assertThrows(IOException.class, () -> executor.blockOn(async(() -> await(named("step", failing())))));
        for (StackTraceElement e : thrown.getStackTrace()) {
            assertTrue(!e.getClassName().equals("task"), e.toString());
        }
        List<StackTraceElement> all = List.of(thrown.getStackTrace());
        assertEquals(
                1, all.stream().filter(e -> e.getMethodName().equals("failing")).count(), all::toString);
    }

    // ---- restarts ---------------------------------------------------------------------------------------------------

    private int runs;

    private Future<Integer> flaky(Restart policy, int failures) {
        return policy.run(() -> {
            runs++;
            await(sleep(Duration.ofSeconds(1)));
            if (runs <= failures) {
                throw new IOException("failure " + runs);
            }
            return runs;
        });
    }

    @Test
    void aBodyThatFailsIsRunAnew() throws Exception {
        assertEquals(4, (int) executor.blockOn(flaky(Restart.upTo(3).after(Duration.ofSeconds(10)), 3)));
        assertEquals(34_000_000_000L, clock.nanoTime());
        assertEquals(3, reported.size());
    }

    @Test
    void oneFailureTooManyIsThrown() {
        var thrown = assertThrows(IOException.class, () -> executor.blockOn(flaky(Restart.upTo(3), 100)));
        assertEquals("failure 4", thrown.getMessage());
        assertEquals(4, runs);
        assertEquals(3, reported.size());
    }

    @Test
    void onlyFailuresOfTheLastWhileCount() throws Exception {
        Restart policy = Restart.upTo(2).within(Duration.ofSeconds(15)).after(Duration.ofSeconds(9));
        assertEquals(20, (int) executor.blockOn(flaky(policy, 19)));
        runs = 0;
        Restart strict = policy.within(Duration.ofSeconds(25));
        assertThrows(IOException.class, () -> executor.blockOn(flaky(strict, 19)));
        assertEquals(3, runs);
    }

    @Test
    void errorsAndCancellationsAreNoReasonToTryAgain() {
        assertThrows(
                AssertionError.class,
                () -> executor.blockOn(Restart.always().run(() -> {
                    runs++;
                    throw new AssertionError();
                })));
        assertThrows(
                CancellationException.class,
                () -> executor.blockOn(Restart.always().run(() -> {
                    runs++;
                    throw new CancellationException();
                })));
        assertEquals(2, runs);
    }

    @Test
    void oneThatFailsAtOnceLeavesOthersTheirTurn() throws Exception {
        executor.blockOn(async(() -> {
            try (var _ = spawn(Restart.always().run(() -> {
                runs++;
                throw new IOException();
            }))) {
                for (int i = 0; i < 100; i++) {
                    await(yieldNow());
                }
            }
        }));
        assertTrue(runs >= 90 && runs <= 110, "runs " + runs);
    }

    /** Dropped in its body or in its pause, it does not come back, and the body's cleanup has run. */
    @Test
    void aDropEndsIt() throws Exception {
        for (int seconds = 0; seconds < 12; seconds++) {
            runs = 0;
            int[] open = {0};
            int after = seconds;
            executor.blockOn(async(() -> {
                JoinHandle<Void> task =
                        spawn(Restart.always().after(Duration.ofSeconds(3)).run(() -> {
                            runs++;
                            open[0]++;
                            try {
                                await(sleep(Duration.ofSeconds(2)));
                                throw new IOException();
                            } finally {
                                open[0]--;
                            }
                        }));
                await(sleep(Duration.ofMillis(after * 1_000L + 500)));
                await(task.cancel());
                int then = runs;
                await(sleep(Duration.ofHours(1)));
                assertEquals(then, runs, "after " + after + " s");
                assertEquals(0, open[0], "after " + after + " s");
            }));
            assertEquals(1 + seconds / 5, runs);
        }
    }
}
