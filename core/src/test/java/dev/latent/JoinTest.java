package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JoinTest {
    private final TestExecutor executor = new TestExecutor();

    @Test
    void valuesComeInTheOrderOfDeclaration() throws Exception {
        assertEquals(
                new Tuple3<>("a", "b", "c"),
                executor.blockOn(Async.join(new Probe("a").after(3), new Probe("b"), new Probe("c").after(1))));
        assertEquals(
                List.of("a", "b", "c"),
                executor.blockOn(
                        Async.join(List.of(new Probe("a").after(3), new Probe("b"), new Probe("c").after(1)))));
        assertEquals(List.of(), executor.blockOn(Async.join(List.<Future<String>>of())));
    }

    /** What an async body is: it knows that it is being polled. */
    private static final class DropsItsOwner extends OwnedFuture<String> {
        @Nullable
        Future<?> owner;

        private boolean polling;

        @Override
        protected Poll<String> pollOwned(Context cx) {
            polling = true;
            assertThrows(IllegalStateException.class, Objects.requireNonNull(owner)::drop);
            polling = false;
            return Poll.ready("done");
        }

        @Override
        protected void dropOwned() {}

        @Override
        protected boolean isBeingPolled() {
            return polling;
        }
    }

    @Test
    void aDropFromWithinItsPollIsRefusedAndChangesNothing() throws Exception {
        for (boolean few : new boolean[] {true, false}) {
            DropsItsOwner child = new DropsItsOwner();
            Future<?> join = few
                    ? Async.join(child, Futures.ready("other"))
                    : Async.join(List.of(child, Futures.ready("other")));
            child.owner = join;
            executor.cx.begin(Waker.noop());
            Object values = few ? new Tuple2<>("done", "other") : List.of("done", "other");
            assertEquals(Poll.ready(values), join.poll(executor.cx));
        }
    }

    @Test
    void voidValuesMayBeNull() throws Exception {
        assertEquals(
                Arrays.asList(null, null), executor.blockOn(Async.join(List.of(Futures.done(), Async.yieldNow()))));
    }

    @Test
    void onlyWokenChildrenArePolled() throws Exception {
        List<Probe> probes = probes(1_000);
        JoinHandle<List<String>> handle = executor.spawn(Async.join(probes));
        executor.run();
        for (int i = probes.size() - 1; i >= 0; i--) {
            probes.get(i).fire();
            if (i % 3 == 0) {
                executor.run();
            }
        }
        executor.run();
        assertTrue(handle.isFinished());
        for (Probe probe : probes) {
            assertEquals(2, probe.polls, probe.name);
        }
        assertEquals(probes.stream().map(p -> p.name).toList(), executor.blockOn(handle));
    }

    @Test
    void theWokenArePolledInTheOrderOfTheirWakes() {
        List<String> order = new ArrayList<>();
        List<Waker> wakers = new ArrayList<>();
        List<Future<String>> futures = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String name = "f" + i;
            wakers.add(Waker.noop());
            int me = i;
            futures.add(Futures.pollFn(cx -> {
                order.add(name);
                wakers.set(me, cx.waker());
                return Poll.pending();
            }));
        }
        executor.spawn(Async.join(futures));
        executor.run();
        order.clear();
        for (int i : new int[] {3, 0, 4, 0, 3}) {
            wakers.get(i).wake();
        }
        executor.run();
        assertEquals(List.of("f3", "f0", "f4"), order);
    }

    @Test
    void aChildThatWakesItselfLetsOtherTasksRun() throws Exception {
        Probe a = new Probe("a").after(5);
        executor.spawn(Async.join(List.of(a, new Probe("b").after(5))));
        int[] turns = {0};
        executor.spawn(Futures.pollFn(cx -> {
            if (turns[0]++ == 5) {
                return Poll.done();
            }
            cx.waker().wake();
            return Poll.pending();
        }));
        executor.step();
        assertEquals(0, turns[0]);
        assertEquals(1, a.polls);
        executor.step();
        assertEquals(1, turns[0]);
        executor.step();
        executor.step();
        assertEquals(2, turns[0]);
    }

    /** A leaf that takes one unit of budget for each of its steps. */
    private static Future<Integer> greedy(int steps, int[] spent) {
        return Futures.pollFn(cx -> {
            while (spent[0] < steps) {
                if (!cx.spend()) {
                    return Poll.pending();
                }
                spent[0]++;
            }
            return Poll.ready(spent[0]);
        });
    }

    @Test
    void resumesAtTheChildWhereTheBudgetEnded() throws Exception {
        for (boolean collection : new boolean[] {false, true}) {
            int[] a = {0};
            int[] b = {0};
            Future<Integer> fa = greedy(Context.BUDGET * 3, a);
            Future<Integer> fb = greedy(Context.BUDGET * 3, b);
            Future<?> join = collection ? Async.join(List.of(fa, fb)) : Async.join(fa, fb);
            executor.spawn(join);
            executor.step();
            assertEquals(Context.BUDGET, a[0]);
            assertEquals(0, b[0]);
            executor.step();
            assertEquals(Context.BUDGET, b[0], "the second child has its turn");
            executor.run();
            assertEquals(Context.BUDGET * 3, a[0]);
            assertEquals(Context.BUDGET * 3, b[0]);
            assertTrue(executor.queue.isEmpty());
        }
    }

    @Test
    void theFirstFailureIsThrownAfterAllCleanupWithLaterOnesSuppressed() {
        Exception first = new Exception("first");
        Exception later = new Exception("later");
        for (boolean collection : new boolean[] {false, true}) {
            List<String> log = new ArrayList<>();
            Probe a = new Probe("a", log).waiting().cleanup(3);
            Probe b = new Probe("b", log).failing(first);
            Probe c = new Probe("c", log).waiting().cleanup(1).cleanupFailing(later);
            Exception thrown = assertThrows(
                    Exception.class,
                    () -> executor.blockOn(collection ? Async.join(List.of(a, b, c)) : Async.join(a, b, c)));
            assertSame(first, thrown);
            assertTrue(Arrays.asList(first.getSuppressed()).contains(later));
            assertEquals(List.of("drop a", "drop c", "clean c", "clean a"), log);
        }
        assertTrue(executor.reported.isEmpty());
    }

    @Test
    void anErrorCountsAsAFailure() {
        Probe other = new Probe("other").waiting();
        assertThrows(
                AssertionError.class,
                () -> executor.blockOn(Async.join(new Probe("a").failing(new AssertionError()), other)));
        assertTrue(other.cleaned);
    }

    @Test
    void latentsOwnResourcesAreClosedWhenTheJoinFails() {
        var closed = new ArrayList<String>();
        AsyncCloseable resource = new AsyncCloseable() {
            @Override
            public Future<Void> closeAsync() {
                return Futures.done();
            }

            @Override
            public void close() {
                closed.add("closed");
            }
        };
        Future<?> nested = Async.join(List.of(Futures.ready(resource), Futures.ready(resource)));
        assertThrows(Exception.class, () -> executor.blockOn(Async.join(nested, Futures.failed(new Exception()))));
        assertEquals(2, closed.size());
    }

    @Test
    void wakesFromOtherThreadsAreNotLost() throws Exception {
        for (int round = 0; round < 200; round++) {
            List<Probe> probes = probes(8);
            var join = Async.join(probes);
            var woken = new java.util.concurrent.Semaphore(0);
            Context cx = new Context(executor);
            cx.begin(woken::release);
            assertFalse(join.poll(cx).isReady());
            var go = new CountDownLatch(1);
            // Probe.fire is not thread-safe by itself: only the wakes are sent from other threads.
            var wakers = probes.stream().map(p -> p.waker).toList();
            probes.forEach(Probe::fireQuietly);
            List<Thread> threads = IntStream.range(0, 4)
                    .mapToObj(t -> Thread.ofPlatform().start(() -> {
                        try {
                            go.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        wakers.get(2 * t).wake();
                        wakers.get(2 * t + 1).wake();
                    }))
                    .toList();
            go.countDown();
            Poll<List<String>> poll = Poll.pending();
            while (!poll.isReady()) {
                assertTrue(woken.tryAcquire(10, java.util.concurrent.TimeUnit.SECONDS), "lost wake");
                woken.drainPermits();
                cx.begin(woken::release);
                poll = join.poll(cx);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    @Test
    void sleepingChildrenInAJoin() throws Exception {
        var sleeps = IntStream.range(0, 100)
                .mapToObj(i -> Async.sleep(java.time.Duration.ofMillis(i)))
                .toList();
        executor.blockOn(Async.join(sleeps));
        assertEquals(0, executor.pendingTimers());
    }

    private static List<Probe> probes(int n) {
        return IntStream.range(0, n).mapToObj(i -> new Probe("p" + i).waiting()).toList();
    }
}
