package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskLocalTest {
    private static final TaskLocal<String> USER = TaskLocal.inherited("user");
    private static final TaskLocal<String> STEP = TaskLocal.create("step");

    private final TestExecutor executor = new TestExecutor();
    private final List<String> seen = new ArrayList<>();

    private String here(Context cx) {
        return USER.orElse("-", cx) + " " + STEP.orElse("-", cx);
    }

    /** Notes the locals at each poll and at each step of its cleanup. */
    private final class Witness extends OwnedFuture<String> {
        private int polls;
        private int cleanups;

        Witness(int polls, int cleanups) {
            this.polls = polls;
            this.cleanups = cleanups;
        }

        @Override
        protected Poll<String> pollOwned(Context cx) {
            seen.add("poll " + here(cx));
            if (polls-- > 0) {
                cx.waker().wake();
                return Poll.pending();
            }
            return Poll.ready(here(cx));
        }

        @Override
        protected Poll<Void> pollDropOwned(Context cx) {
            seen.add("drop " + here(cx));
            if (cleanups-- > 0) {
                cx.waker().wake();
                return Poll.pending();
            }
            return Poll.done();
        }

        @Override
        protected void dropOwned() {
            seen.add("dropped without a context");
        }
    }

    private static Future<String> look(Function<Context, String> look) {
        return Futures.pollFn(cx -> Poll.ready(look.apply(cx)));
    }

    @Test
    void aChangeThatThrowsDropsWhatItWasFor() {
        TestExecutor executor = new TestExecutor();
        Probe probe = new Probe("probe");
        IllegalStateException own = new IllegalStateException("the change");
        Future<String> future = TaskLocal.<String>create("user")
                .updated(
                        _ -> {
                            throw own;
                        },
                        probe);
        assertSame(own, assertThrows(IllegalStateException.class, () -> executor.blockOn(future)));
        assertEquals(0, probe.polls);
        assertEquals(1, probe.drops);
    }

    @Test
    void itHoldsInEveryPollAndInNoOther() throws Exception {
        var both = executor.blockOn(Async.join(
                USER.where("ann", new Witness(2, 0)), USER.where("bob", new Witness(1, 0)), new Witness(1, 0)));
        assertEquals(new Tuple3<>("ann -", "bob -", "- -"), both);
        assertEquals(3, seen.stream().filter("poll ann -"::equals).count());
        assertEquals(2, seen.stream().filter("poll bob -"::equals).count());
        assertEquals(2, seen.stream().filter("poll - -"::equals).count());
    }

    @Test
    void theInnerOneHoldsWithinTheOuter() throws Exception {
        assertEquals(
                "bob 1", executor.blockOn(USER.where("ann", STEP.where("1", USER.where("bob", new Witness(2, 0))))));
    }

    @Test
    void itIsPutBackWhateverAPollThrows() throws Exception {
        Exception failure = new Exception("failed");
        var after = Futures.then(
                Async.settle(USER.where("ann", new Probe("bad").after(1).failing(failure))), _ -> new Witness(0, 0));
        assertEquals("- -", executor.blockOn(after));
        assertSame(TaskLocals.none(), executor.cx.locals());
    }

    @Test
    void itHoldsInACleanupThatWaits() throws Exception {
        var handle = executor.spawn(USER.where("ann", STEP.where("1", new Witness(1_000, 2))));
        executor.step();
        seen.clear();
        handle.close();
        executor.run();
        assertEquals(List.of("drop ann 1", "drop ann 1", "drop ann 1"), seen);
    }

    @Test
    void itHoldsInACleanupThatNobodyWaitsFor() throws Exception {
        Future<String> work = USER.where("ann", STEP.where("1", new Witness(1_000, 2)));
        executor.cx.begin(Waker.noop());
        assertFalse(work.poll(executor.cx).isReady());
        work.drop();
        executor.run();
        assertEquals(List.of("poll ann 1", "drop ann 1", "drop ann 1", "drop ann 1"), seen);
        assertTrue(executor.queue.isEmpty() && executor.reported.isEmpty());
    }

    @Test
    void droppedUnpolledItRunsNothing() {
        USER.where("ann", new Witness(1, 1)).drop();
        assertEquals(List.of("dropped without a context"), seen);
    }

    @Test
    void aTaskInheritsWhatIsInheritedAndNoMore() throws Exception {
        var spawned = USER.where(
                "ann",
                STEP.where(
                        "1",
                        Futures.then(
                                Futures.pollFn(cx -> Poll.ready(cx.spawner().spawn(new Witness(1, 0)))),
                                handle -> handle)));
        assertEquals("ann -", executor.blockOn(spawned));
    }

    @Test
    void aSpawnerThatIsKeptKeepsThem() throws Exception {
        Spawner kept = executor.blockOn(USER.where("ann", Futures.pollFn(cx -> Poll.ready(cx.spawner()))));
        assertNotSame(executor, kept);
        assertSame(executor, TaskLocals.executor(kept));
        assertEquals("ann -", executor.blockOn(kept.spawn(new Witness(1, 0))));
        assertEquals("ann -", executor.blockOn(only(JoinSet.in(kept))));
        Spawner other = executor.blockOn(STEP.where("1", Futures.pollFn(cx -> Poll.ready(cx.spawner()))));
        assertSame(executor, other);
    }

    private Future<String> only(JoinSet<String> set) {
        set.spawn(new Witness(1, 0));
        return set.firstSuccess();
    }

    @Test
    void theSpawnerStaysTheSameFromPollToPoll() throws Exception {
        List<Spawner> spawners = new ArrayList<>();
        executor.blockOn(USER.where("ann", new OwnedFuture<String>() {
            @Override
            protected Poll<String> pollOwned(Context cx) {
                spawners.add(cx.spawner());
                cx.waker().wake();
                assertSame(executor, cx.executor());
                return spawners.size() < 3 ? Poll.pending() : Poll.ready("");
            }

            @Override
            protected void dropOwned() {}
        }));
        assertSame(spawners.get(0), spawners.get(2));
    }

    @Test
    void childrenOfAScopeHaveWhatHoldsAtTheScope() throws Exception {
        var scope = USER.where(
                "ann",
                Async.scope(Body.<Scope, String>of(
                        s -> USER.where("bob", STEP.where("1", Futures.lazy(() -> s.spawn(new Witness(1, 0))))))));
        assertEquals("ann -", executor.blockOn(scope));
    }

    @Test
    void whatTheExecutorRefusesIsStillItsHolders() throws Exception {
        Spawner kept = executor.blockOn(USER.where("ann", Futures.pollFn(cx -> Poll.ready(cx.spawner()))));
        Probe bound = new Probe("bound");
        assertThrows(IllegalStateException.class, () -> kept.spawnLocal(bound));
        assertEquals("bound", executor.blockOn(bound));
    }

    @Test
    void aValueMayBeMadeOfTheOneAround() throws Exception {
        var deeper = STEP.updated(s -> s == null ? "1" : s + "1", STEP.updated(s -> s + "2", new Witness(1, 0)));
        assertEquals("- 12", executor.blockOn(deeper));
    }

    @Test
    void blockingWorkHasAllOfThem() throws Exception {
        assertEquals(
                "ann 1",
                executor.blockOn(
                        USER.where("ann", STEP.where("1", Async.spawnBlocking(() -> USER.get() + " " + STEP.get())))));
        assertThrows(IllegalStateException.class, USER::get);
    }

    @Test
    void aCallbackMayKeepThem() throws Exception {
        TaskLocals kept = executor.blockOn(USER.where("ann", Futures.pollFn(cx -> Poll.ready(cx.locals()))));
        assertEquals("ann", kept.call(USER::get));
        assertEquals("none", kept.call(() -> STEP.orElse("none")));
        assertThrows(NoSuchElementException.class, () -> kept.call(STEP::get));
    }

    @Test
    void whatIsNotSetIsNamed() {
        var thrown = assertThrows(NoSuchElementException.class, () -> executor.blockOn(look(STEP::get)));
        assertTrue(thrown.getMessage().contains("`step`"), thrown.getMessage());
        var outside = assertThrows(IllegalStateException.class, () -> STEP.orElse("x"));
        assertTrue(outside.getMessage().contains("`step`"), outside.getMessage());
    }

    // ---- bridges ----------------------------------------------------------------------------------------------------

    private @Nullable String onThread;
    private int entered;

    private final TaskLocal<String> bridged = TaskLocal.inherited("bridged", new ThreadBridge<>() {
        @Override
        public @Nullable Object enter(String value) {
            entered++;
            String before = onThread;
            onThread = value;
            return before;
        }

        @Override
        public void leave(@Nullable Object before) {
            onThread = (String) before;
        }
    });

    private Future<String> threads(int polls) {
        return Futures.then(new Probe("").after(polls), _ -> look(_ -> String.valueOf(onThread)));
    }

    @Test
    void aBridgeIsEnteredAtTheBordersOnly() throws Exception {
        var nested = bridged.where(
                "a", Async.join(USER.where("ann", threads(1)), bridged.where("b", threads(1)), threads(1)));
        assertEquals(new Tuple3<>("a", "b", "a"), executor.blockOn(nested));
        assertEquals(4, entered, "two polls, of two futures");
        assertEquals(null, onThread);
    }

    @Test
    void aBridgeHoldsInWhatIsSpawnedAndInBlockingWork() throws Exception {
        var spawned = bridged.where(
                "a", Futures.then(Futures.pollFn(cx -> Poll.ready(cx.spawner().spawn(threads(2)))), handle -> handle));
        assertEquals("a", executor.blockOn(spawned));
        assertEquals("a", executor.blockOn(bridged.where("a", Async.spawnBlocking(() -> String.valueOf(onThread)))));
        assertEquals(null, onThread);
    }

    @Test
    void aBridgeThatThrowsIsReportedAndThePollTakesPlace() throws Exception {
        RuntimeException broken = new RuntimeException("broken");
        TaskLocal<String> bad = TaskLocal.inherited("bad", new ThreadBridge<>() {
            @Override
            public Object enter(String value) {
                throw broken;
            }

            @Override
            public void leave(@Nullable Object before) {
                throw new AssertionError("it was never entered");
            }
        });
        assertEquals("ann -", executor.blockOn(bad.where("x", USER.where("ann", new Witness(0, 0)))));
        assertEquals(List.of(broken), executor.reported);
    }

    /** What one executor polls is not new to it because another has polled something with the same locals in between. */
    @Test
    void whatAnotherExecutorPollsWithTheSameLocalsLeavesASetAsItWas() throws Exception {
        int[] polls = {0};
        List<Future<Void>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(Futures.pollFn(cx -> {
                polls[0]++;
                return Poll.pending();
            }));
        }
        FuturesUnordered<Void> set = FuturesUnordered.of(waiting.subList(0, 2));
        TaskLocals[] shared = {TaskLocals.none()};
        Future<?> work = USER.where(
                "ann", Async.join(List.of(Async.join(waiting.subList(2, 5)), set.next(), Futures.<Void>pollFn(cx -> {
                    shared[0] = cx.locals();
                    cx.spawner();
                    return Poll.pending();
                }))));
        executor.cx.begin(Waker.noop());
        work.poll(executor.cx);
        assertEquals(5, polls[0]);
        for (int i = 0; i < 3; i++) {
            TestExecutor other = new TestExecutor();
            assertNotSame(other, other.blockOn(shared[0].around(Futures.pollFn(cx -> Poll.ready(cx.spawner())))));
            executor.cx.begin(Waker.noop());
            work.poll(executor.cx);
        }
        assertEquals(5, polls[0], "nobody has woken one of them");
        work.drop();
    }
}
