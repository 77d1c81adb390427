package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@link FuturesUnordered} and {@link FuturesOrdered}, by the polls of what is in them. */
class FutureSetTest {
    private final TestExecutor executor = new TestExecutor();
    private final List<String> log = new ArrayList<>();

    private Probe probe(String name) {
        return new Probe(name, log);
    }

    private static List<Probe> probes(int n) {
        List<Probe> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(new Probe("" + i).waiting());
        }
        return all;
    }

    @Test
    void onlyTheWokenArePolled() throws Exception {
        List<Probe> all = probes(1_000);
        var set = FuturesUnordered.of(all);
        var next = executor.spawn(set.next());
        executor.run();
        all.get(700).fire();
        executor.run();
        assertEquals(new Item<>("700"), executor.blockOn(next));
        assertEquals(1_001, all.stream().mapToInt(p -> p.polls).sum());
        assertEquals(999, set.size());
    }

    @Test
    void orderedTellsTheFirstFirstAndUnorderedTheFirstReady() throws Exception {
        var ordered = FuturesOrdered.of(List.of(probe("a").after(3), probe("b").after(1), probe("c")));
        var unordered =
                FuturesUnordered.of(List.of(probe("a").after(3), probe("b").after(1), probe("c")));
        assertEquals("abc", told(ordered));
        assertEquals("cba", told(unordered));
    }

    private String told(Source<String> set) throws Exception {
        var all = new StringBuilder();
        while (executor.blockOn(set.next()) instanceof Item<String>(var value)) {
            all.append(value);
        }
        return all.toString();
    }

    @Test
    void aFailureIsThrownAndTheSetGoesOn() throws Exception {
        var failure = new IOException();
        var set = FuturesOrdered.of(List.of(probe("a"), probe("b").failing(failure), probe("c")));
        assertEquals(new Item<>("a"), executor.blockOn(set.next()));
        assertSame(failure, assertThrows(IOException.class, () -> executor.blockOn(set.next())));
        assertEquals(new Item<>("c"), executor.blockOn(set.next()));
        assertSame(Next.end(), executor.blockOn(set.next()));
        set.add(probe("d"));
        assertEquals(new Item<>("d"), executor.blockOn(set.next()));
    }

    @Test
    void whatIsAddedWhileSomebodyWaitsIsPolled() throws Exception {
        var set = FuturesUnordered.<String>create();
        set.add(probe("a").waiting());
        var next = executor.spawn(set.next());
        executor.run();
        set.add(probe("b"));
        executor.run();
        assertEquals(new Item<>("b"), executor.blockOn(next));
    }

    @Test
    void oneThatAlwaysWakesItselfStarvesNobody() throws Exception {
        var set = FuturesUnordered.<String>create();
        Probe busy = probe("busy").after(Integer.MAX_VALUE);
        set.add(busy);
        set.add(probe("b").after(5));
        assertEquals(new Item<>("b"), executor.blockOn(set.next()));
        assertTrue(busy.polls <= 7, "" + busy.polls);
        set.close();
    }

    @Test
    void aPassStopsWhereTheBudgetEnds() throws Exception {
        var set = FuturesUnordered.<String>create();
        var polls = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            set.add(Futures.pollFn(cx -> {
                polls.incrementAndGet();
                cx.spend();
                return Poll.pending();
            }));
        }
        executor.spawn(set.next()).detach();
        executor.step();
        assertEquals(Context.BUDGET, polls.get());
        executor.step();
        assertEquals(2 * Context.BUDGET, polls.get());
    }

    @Test
    void closingDropsInOrderAndWaitsAndLetsValuesGo() throws Exception {
        var closed = new ArrayList<String>();
        var set = FuturesOrdered.<Object>create();
        set.add(probe("a").waiting().cleanup(2));
        set.add(Futures.ready((Releasable) () -> closed.add("released")));
        set.add(probe("c").waiting());
        var waiting = executor.spawn(set.next());
        executor.run();
        executor.blockOn(set.closeAsync());
        assertSame(Next.end(), executor.blockOn(waiting));
        assertEquals(List.of("drop a", "drop c", "clean c", "clean a"), log);
        assertEquals(List.of("released"), closed);
        assertThrows(IllegalStateException.class, () -> set.add(probe("late")));
        executor.blockOn(set.closeAsync());
        assertSame(Next.end(), executor.blockOn(set.next()));
    }

    @Test
    void whoAsksWhileItClosesHearsTheEnd() throws Exception {
        var set = FuturesUnordered.<String>create();
        Probe a = probe("a").waiting().cleanup(3);
        set.add(a);
        var next = executor.spawn(set.next());
        executor.run();
        next.close();
        executor.run();
        int polls = a.polls;
        assertEquals(
                new Tuple2<>(null, Next.end()),
                executor.blockOn(Async.join(
                        set.closeAsync(), Futures.map(Async.join(probe("p").after(1), set.next()), Tuple2::second))));
        assertEquals(polls, a.polls);
        assertTrue(a.cleaned);
    }

    @Test
    void dropOfNextLosesNothing() throws Exception {
        var set = FuturesUnordered.<String>create();
        Probe a = probe("a").waiting();
        set.add(a);
        var next = executor.spawn(set.next());
        executor.run();
        next.close();
        executor.run();
        a.fire();
        assertEquals(List.of(), log);
        assertThrows(
                IOException.class, () -> executor.blockOn(Async.join(set.next(), Futures.failed(new IOException()))));
        assertEquals(1, set.size());
        assertEquals(new Item<>("a"), executor.blockOn(set.next()));
    }

    @Test
    void aSetOfWhatBelongsToAnotherTakesNothing() {
        Probe mine = probe("mine");
        Probe taken = probe("taken");
        Owners.claim(taken, "somebody");
        assertThrows(IllegalStateException.class, () -> FuturesUnordered.of(List.of(mine, taken)));
        Owners.claim(mine, "me");
    }

    @Test
    void askedByTwoAtOnceTheSecondIsRefused() throws Exception {
        var set = FuturesUnordered.<String>create();
        set.add(probe("a").waiting());
        var first = executor.spawn(set.next());
        executor.run();
        var refused = assertThrows(IllegalStateException.class, () -> executor.blockOn(set.next()));
        assertTrue(refused.getMessage().contains("has asked already"), refused.getMessage());
        first.close();
    }

    /** Wakes from many threads, none of which is lost: under every value there is one. */
    @Test
    void wakesOfOtherThreadsAreNotLost() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            var threaded = new ThreadedExecutor(threads);
            for (int round = 0; round < 200; round++) {
                int n = 64;
                List<Probe> all = probes(n);
                var set = FuturesUnordered.of(all);
                CountDownLatch polled = new CountDownLatch(1);
                var sum = CompletionStages.spawn(threaded, new OwnedFuture<Integer>() {
                    private int told;
                    private Future<Next<String>> next = set.next();

                    @Override
                    protected Poll<Integer> pollOwned(Context cx) throws Exception {
                        while (next.poll(cx) instanceof Poll.Ready<Next<String>>(var value)) {
                            if (!(value instanceof Item<String>)) {
                                return Poll.ready(told);
                            }
                            told++;
                            next = set.next();
                        }
                        polled.countDown();
                        return Poll.pending();
                    }

                    @Override
                    protected void dropOwned() {}
                });
                polled.await();
                List<Thread> wakers = new ArrayList<>();
                for (int t = 0; t < 2; t++) {
                    int half = t;
                    wakers.add(Thread.ofPlatform().start(() -> {
                        for (int i = half; i < n; i += 2) {
                            all.get(i).fire();
                        }
                    }));
                }
                for (Thread thread : wakers) {
                    thread.join();
                }
                assertEquals(n, sum.get(10, TimeUnit.SECONDS));
            }
        }
    }
}
