package dev.latent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FuturesTest {
    private final TestExecutor executor = new TestExecutor();

    @Test
    void statelessFuturesAreReusable() throws Exception {
        Future<String> ready = Futures.ready("x");
        assertEquals(new Tuple2<>("x", "x"), executor.blockOn(Async.join(ready, ready)));
        assertEquals("x", executor.blockOn(ready));
        IOException failure = new IOException();
        Future<String> failed = Futures.failed(failure);
        for (int i = 0; i < 2; i++) {
            assertSame(failure, assertThrows(IOException.class, () -> executor.blockOn(failed)));
        }
        assertSame(Futures.pending(), Futures.pending());
    }

    @Test
    void afterTheEndThereIsNoPoll() throws Exception {
        executor.cx.begin(Waker.noop());
        for (Future<?> future : List.of(
                Futures.map(Futures.done(), v -> "x"),
                Async.join(Futures.done(), Futures.done()),
                Async.settle(Futures.done()))) {
            assertTrue(future.poll(executor.cx).isReady());
            assertThrows(IllegalStateException.class, () -> future.poll(executor.cx));
            future.drop();
        }
    }

    @Test
    void lazyIsMadeAtItsFirstPoll() throws Exception {
        List<String> made = new ArrayList<>();
        Future<String> lazy = Futures.lazy(() -> {
            made.add("made");
            return new Probe("a").after(2);
        });
        assertEquals(0, made.size());
        assertEquals("a", executor.blockOn(lazy));
        assertEquals(1, made.size());
        Futures.lazy(() -> {
                    throw new AssertionError();
                })
                .drop();
    }

    @Test
    void mapThenRecover() throws Exception {
        assertEquals(1, executor.blockOn(Futures.map(new Probe("a").after(1), String::length)));
        assertEquals("b", executor.blockOn(Futures.then(new Probe("a").after(1), _ -> new Probe("b").after(1))));
        assertEquals(
                "no",
                executor.blockOn(Futures.recover(new Probe("a").failing(new Exception("no")), Throwable::getMessage)));
        assertThrows(
                ArithmeticException.class,
                () -> executor.blockOn(Futures.map(new Probe("a"), _ -> {
                    throw new ArithmeticException();
                })));
        assertEquals(7, executor.blockOn(Async.spawnBlocking(() -> 7)));
    }

    @Test
    void wordsOfABodyNeedTheWeaver() {
        for (org.junit.jupiter.api.function.Executable word : List.<org.junit.jupiter.api.function.Executable>of(
                () -> Async.await(Futures.done()),
                () -> Async.spawn(Futures.done()),
                Async::context,
                () -> Async.async(() -> {}))) {
            assertThrows(NotWovenException.class, word);
        }
    }

    @Test
    void bodiesWithAnArgument() throws Exception {
        assertEquals(
                "p1", executor.blockOn(Async.async(Body.<Integer, String>of(i -> new Probe("p" + i).after(1)), 1)));
    }

    @Test
    void sharedGivesAllTheSame() throws Exception {
        Probe probe = new Probe("a").waiting();
        Future<String> shared = Futures.shared(probe);
        var first = executor.spawn(shared);
        var second = executor.spawn(Async.join(shared, shared));
        var third = executor.spawn(Async.join(List.of(shared, shared)));
        executor.run();
        probe.fire();
        executor.run();
        assertEquals("a", executor.blockOn(first));
        assertEquals(new Tuple2<>("a", "a"), executor.blockOn(second));
        assertEquals(List.of("a", "a"), executor.blockOn(third));
        assertEquals("a", executor.blockOn(shared));
    }

    @Test
    void whoeverFindsTheEndWakesTheOthers() throws Exception {
        Probe probe = new Probe("a").waiting();
        Future<String> shared = Futures.shared(probe);
        var first = executor.spawn(shared);
        executor.run();
        probe.fireQuietly();
        assertEquals("a", executor.blockOn(shared));
        assertEquals("a", executor.blockOn(first));
        assertEquals(3, probe.polls + 1);
    }

    @Test
    void sharedGivesEachItsOwnCopyOfAFailure() {
        IOException failure = new IOException("gone");
        Future<String> shared = Futures.shared(new Probe("a").failing(failure));
        assertSame(failure, assertThrows(IOException.class, () -> executor.blockOn(shared)));
        var copy = assertThrows(IOException.class, () -> executor.blockOn(shared));
        assertNotSame(failure, copy);
        assertEquals("gone", copy.getMessage());
        assertSame(failure, copy.getCause());
    }

    @Test
    void aDroppedAwaiterLeavesTheWorkToTheOthers() throws Exception {
        Probe probe = new Probe("a").waiting();
        Future<String> shared = Futures.shared(probe);
        var first = executor.spawn(shared);
        var second = executor.spawn(shared);
        executor.run();
        first.close();
        executor.run();
        assertEquals(0, probe.drops);
        probe.fire();
        executor.run();
        assertEquals("a", executor.blockOn(second));
    }

    @Test
    void theLastAwaitersDropDropsTheWork() throws Exception {
        Probe probe = new Probe("a").waiting().cleanup(2);
        Future<String> shared = Futures.shared(probe);
        var first = executor.spawn(Async.join(shared, shared));
        executor.run();
        executor.blockOn(first.cancel());
        assertTrue(probe.cleaned);
        assertEquals(1, probe.drops);
        assertThrows(CancellationException.class, () -> executor.blockOn(shared));
    }

    @Test
    void anAwaiterThatWasNeverPolledDropsNothing() throws Exception {
        Probe probe = new Probe("a");
        Future<String> shared = Futures.shared(probe);
        Async.join(shared, Futures.done()).drop();
        assertEquals("a", executor.blockOn(shared));
    }

    /** A future by hand that polls and drops what it holds by itself, without claiming it. */
    private record Wrapper(Future<String> inner) implements Future<String> {
        @Override
        public Poll<String> poll(Context cx) throws Exception {
            return inner.poll(cx);
        }

        @Override
        public void drop() {
            inner.drop();
        }
    }

    @Test
    void sharedTellsFuturesByHandApart() throws Exception {
        Probe probe = new Probe("a").waiting();
        Shared<String> shared = Futures.shared(probe);
        var first = executor.spawn(new Wrapper(shared.awaiter()));
        var both = executor.spawn(Async.join(new Wrapper(shared.awaiter()), new Wrapper(shared.awaiter())));
        executor.run();
        first.close();
        executor.run();
        assertEquals(0, probe.drops);
        probe.fire();
        executor.run();
        assertEquals(new Tuple2<>("a", "a"), executor.blockOn(both));

        Shared<String> another = Futures.shared(new Probe("b"));
        var refused = assertThrows(IllegalStateException.class, () -> executor.blockOn(new Wrapper(another)));
        assertTrue(refused.getMessage().contains("shared.awaiter()"), refused.getMessage());
        assertEquals("b", executor.blockOn(another));
    }

    @Test
    void sharedWakesInTheOrderOfWaiting() throws Exception {
        List<Integer> told = new ArrayList<>();
        Probe probe = new Probe("a").waiting();
        Shared<String> shared = Futures.shared(probe);
        for (int i = 0; i < 50; i++) {
            int n = i;
            executor.spawn(Futures.map(shared, _ -> told.add(n))).detach();
        }
        executor.run();
        probe.fire();
        executor.run();
        assertEquals(java.util.stream.IntStream.range(0, 50).boxed().toList(), told);
    }

    @Test
    void sharedKeepsOneWakerForEachClaim() throws Exception {
        Probe probe = new Probe("a").waiting();
        Future<String> one = Futures.<String>shared(probe).awaiter();
        int[] told = new int[100];
        for (int i = 0; i < told.length; i++) {
            int n = i;
            executor.cx.begin(() -> told[n]++);
            assertFalse(one.poll(executor.cx).isReady());
        }
        probe.fire();
        int[] latest = new int[told.length];
        latest[told.length - 1] = 1;
        assertArrayEquals(latest, told);
    }

    @Test
    void anEndedShareSpendsTheBudget() throws Exception {
        Shared<Integer> shared = Futures.shared(Futures.ready(1));
        executor.blockOn(shared);
        int[] ready = {0};
        Future<Integer> loop = Futures.pollFn(cx -> {
            for (Future<Integer> f = shared.awaiter(); f.poll(cx).isReady(); f = shared.awaiter()) {
                ready[0]++;
            }
            return Poll.ready(ready[0]);
        });
        assertEquals(Context.BUDGET, executor.blockOn(loop));
    }

    @Test
    void sharedDroppedUnused() {
        Probe probe = new Probe("a");
        Futures.shared(probe).drop();
        assertEquals(1, probe.drops);
    }

    @Test
    void aStageStartsAtTheFirstPoll() throws Exception {
        var stage = new CompletableFuture<String>();
        List<String> started = new ArrayList<>();
        Future<String> future = Futures.fromCompletionStage(() -> {
            started.add("started");
            return stage;
        });
        assertEquals(0, started.size());
        var handle = executor.spawn(future);
        executor.run();
        assertFalse(handle.isFinished());
        stage.complete("x");
        executor.run();
        assertEquals("x", executor.blockOn(handle));
    }

    @Test
    void aStagesFailureIsUnwrapped() {
        var stage = new CompletableFuture<String>();
        IOException failure = new IOException();
        stage.completeExceptionally(failure);
        assertSame(
                failure,
                assertThrows(
                        IOException.class,
                        () -> executor.blockOn(Futures.fromCompletionStage(() -> stage.thenApply(v -> v)))));
    }

    @Test
    void cancelGoesThroughBothWays() throws Exception {
        var dropped = new CompletableFuture<String>();
        var handle = executor.spawn(Futures.fromCompletionStage(() -> dropped));
        executor.run();
        executor.blockOn(handle.cancel());
        assertTrue(dropped.isCancelled());
        var cancelled = new CompletableFuture<String>();
        cancelled.cancel(false);
        assertThrows(CancellationException.class, () -> executor.blockOn(Futures.fromCompletionStage(() -> cancelled)));
        Futures.fromCompletionStage(() -> {
                    throw new AssertionError();
                })
                .drop();
    }

    @Test
    void observingLeavesTheStageAlone() throws Exception {
        var stage = new CompletableFuture<String>();
        assertInstanceOf(Second.class, executor.blockOn(Async.select(Futures.observe(stage), new Probe("b").after(1))));
        assertFalse(stage.isDone());
        stage.complete("x");
        assertEquals("x", executor.blockOn(Futures.observe(stage)));
    }

    @Test
    void toCompletableFuture() throws Exception {
        var ok = executor.toCompletableFuture(new Probe("a").after(2));
        var failing = executor.toCompletableFuture(new Probe("b").failing(new IOException()));
        executor.run();
        assertEquals("a", ok.get());
        assertInstanceOf(IOException.class, failing.exceptionNow());
        Probe probe = new Probe("c").waiting().cleanup(2);
        var cancelled = executor.toCompletableFuture(probe);
        executor.run();
        cancelled.cancel(true);
        executor.run();
        assertTrue(probe.cleaned);
        executor.closed = true;
        assertTrue(executor.toCompletableFuture(new Probe("d")).isCancelled());
    }

    @Test
    void bodiesAwaitCombinatorsAndAreDroppedThroughThem() throws Exception {
        Probe a = new Probe("a").waiting().cleanup(2);
        Probe b = new Probe("b").waiting().cleanup(1);
        Body<String, Tuple2<String, String>> body = Body.of(_ -> Async.join(a, b));
        var handle = executor.spawn(Async.async(body, "x"));
        executor.run();
        executor.blockOn(handle.cancel());
        assertTrue(a.cleaned && b.cleaned);
    }

    @Test
    void aBodyDroppedWithoutAContextHandsItsCleanupToItsExecutor() throws Exception {
        Probe a = new Probe("a").waiting().cleanup(2);
        Probe b = new Probe("b").waiting();
        Future<?> body = Async.async(Body.<String, Object>of(_ -> Async.join(a, b)), "x");
        Future<?> join = Async.join(body, Futures.done());
        executor.cx.begin(Waker.noop());
        join.poll(executor.cx);
        join.drop();
        assertFalse(a.cleaned);
        executor.run();
        assertTrue(a.cleaned && b.cleaned);
    }

    @Test
    void aCleanupThatItsOwnerGivesUpIsHandedToTheExecutor() throws Exception {
        Probe a = new Probe("a").waiting().cleanup(3);
        Future<?> body = Async.async(Body.<String, Object>of(_ -> Async.join(a, Futures.pending())), "x");
        Future<?> join = Async.join(List.of(body));
        executor.cx.begin(Waker.noop());
        join.poll(executor.cx);
        assertFalse(join.pollDrop(executor.cx).isReady());
        join.drop();
        executor.run();
        assertTrue(a.cleaned);
        assertEquals(1, a.drops);
    }
}
