package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JoinSetTest {
    private final TestExecutor executor = new TestExecutor();
    private final JoinSet<String> set = JoinSet.in(executor);

    private Next<String> next() throws Exception {
        return executor.blockOn(set.next());
    }

    @Test
    void outcomesComeInTheOrderInWhichTasksEnd() throws Exception {
        set.spawn(new Probe("slow").after(5));
        set.spawn(new Probe("quick").after(1));
        assertEquals(2, set.size());
        assertEquals(new Item<>("quick"), next());
        assertEquals(new Item<>("slow"), next());
        assertSame(Next.end(), next());
        assertEquals(0, set.size());
    }

    @Test
    void afterTheEndThereMayBeMore() throws Exception {
        assertSame(Next.end(), next());
        set.spawn(new Probe("late"));
        assertEquals(new Item<>("late"), next());
        assertSame(Next.end(), next());
    }

    @Test
    void aFailureIsThrownAndTheSetGoesOn() throws Exception {
        Exception failure = new Exception("failed");
        set.spawn(new Probe("bad").failing(failure));
        set.spawn(new Probe("good").after(2));
        assertSame(failure, assertThrows(Exception.class, this::next));
        assertEquals(new Item<>("good"), next());
        assertTrue(executor.reported.isEmpty());
    }

    @Test
    void nothingIsToldOfATaskThatWasAborted() throws Exception {
        Probe running = new Probe("running").waiting().cleanup(2);
        AbortHandle abort = set.spawn(running);
        AbortHandle ended = set.spawn(new Probe("ended"));
        set.spawn(new Probe("other").after(3));
        executor.run();
        assertTrue(ended.isFinished());
        abort.abort();
        abort.abort();
        ended.abort();
        executor.run();
        assertTrue(running.cleaned && abort.isFinished());
        assertEquals(1, running.drops);
        assertEquals(new Item<>("other"), next());
        assertSame(Next.end(), next());
    }

    @Test
    void aTaskThatItsExecutorCancelsIsNotLostInSilence() throws Exception {
        set.spawn(new Probe("running").waiting());
        executor.run();
        executor.closed = true;
        set.spawn(new Probe("refused"));
        assertThrows(CancellationException.class, () -> poll(set.next()));
        assertEquals(1, set.size());
    }

    private <T> Poll<T> poll(Future<T> future) throws Exception {
        executor.cx.begin(Waker.noop());
        return future.poll(executor.cx);
    }

    @Test
    void whoWaitsIsWokenOnceForEachOutcome() throws Exception {
        Probe a = new Probe("a").waiting();
        Probe b = new Probe("b").waiting();
        set.spawn(a);
        set.spawn(b);
        executor.run();
        AtomicInteger wakes = new AtomicInteger();
        Future<Next<String>> next = set.next();
        executor.cx.begin(wakes::incrementAndGet);
        assertFalse(next.poll(executor.cx).isReady());
        a.fire();
        executor.run();
        assertEquals(1, wakes.get());
        b.fire();
        executor.run();
        assertEquals(Poll.ready(new Item<>("a")), poll(next));
        assertEquals(Poll.ready(new Item<>("b")), poll(set.next()));
        assertEquals(1, wakes.get());
    }

    @Test
    void theWakeOfAReaderThatIsDroppedGoesToTheNext() throws Exception {
        Probe a = new Probe("a").waiting();
        set.spawn(a);
        set.spawn(new Probe("never").waiting());
        executor.run();
        AtomicInteger wakes = new AtomicInteger();
        Future<Next<String>> first = set.next();
        Future<Next<String>> second = set.next();
        assertFalse(poll(first).isReady());
        executor.cx.begin(wakes::incrementAndGet);
        assertFalse(second.poll(executor.cx).isReady());
        a.fire();
        executor.run();
        assertEquals(0, wakes.get());
        first.drop();
        assertEquals(1, wakes.get());
        assertEquals(Poll.ready(new Item<>("a")), poll(second));
    }

    @Test
    void theLastOutcomeIsTheEndForEveryOtherReader() throws Exception {
        Probe only = new Probe("only").waiting();
        set.spawn(only);
        var one = executor.spawn(set.next());
        var other = executor.spawn(set.next());
        executor.run();
        only.fire();
        executor.run();
        assertTrue(one.isFinished() && other.isFinished());
        assertEquals(new Item<>("only"), executor.blockOn(one));
        assertSame(Next.end(), executor.blockOn(other));
    }

    @Test
    void anOutcomeThatIsNotDeliveredComesFirstTheNextTime() throws Exception {
        set.spawn(new Probe("a"));
        set.spawn(new Probe("b"));
        executor.run();
        var failed = Async.join(set.next(), new Probe("bad").failing(new Exception("failed")));
        assertThrows(Exception.class, () -> executor.blockOn(failed));
        assertEquals(2, set.size());
        assertEquals(new Item<>("a"), next());
        assertEquals(new Item<>("b"), next());
    }

    @Test
    void theWayWithoutAFutureGivesTheSame() throws Exception {
        assertSame(Next.end(), set.nextNow(executor.cx));
        Probe a = new Probe("a").waiting();
        set.spawn(a);
        executor.run();
        executor.cx.begin(Waker.noop());
        assertSame(Poll.pending(), set.nextNow(executor.cx));
        a.fire();
        executor.run();
        while (executor.cx.spend()) {}
        assertSame(Poll.pending(), set.nextNow(executor.cx), "without budget it has no effect");
        executor.cx.begin(Waker.noop());
        assertEquals(new Item<>("a"), set.nextNow(executor.cx));
    }

    @Test
    void closingCancelsWhatRunsAndLetsGoOfWhatNobodyTook() throws Exception {
        Exception failure = new Exception("unread");
        List<String> undelivered = new ArrayList<>();
        Probe running = new Probe("running").waiting().cleanup(3);
        set.spawn(Futures.onUndelivered(new Probe("unread"), undelivered::add));
        set.spawn(new Probe("bad").failing(failure));
        set.spawn(running);
        executor.run();
        var reader = executor.spawn(JoinSet.in(executor).next());
        executor.blockOn(set.closeAsync());
        assertTrue(running.cleaned);
        assertEquals(List.of("unread"), undelivered);
        assertEquals(List.of(failure), executor.reported);
        assertSame(Next.end(), next());
        executor.blockOn(set.closeAsync());
        Probe late = new Probe("late");
        assertThrows(IllegalStateException.class, () -> set.spawn(late));
        assertEquals("late", executor.blockOn(late));
        assertSame(Next.end(), executor.blockOn(reader));
    }

    @Test
    void closingEndsAReaderThatWaits() throws Exception {
        Probe running = new Probe("running").waiting().cleanup(1_000);
        set.spawn(running);
        var reader = executor.spawn(set.next());
        executor.run();
        set.close();
        executor.step();
        executor.step();
        assertTrue(reader.isFinished());
        assertSame(Next.end(), executor.blockOn(reader));
    }

    @Test
    void aCloseThatIsDroppedGoesOn() throws Exception {
        Probe running = new Probe("running").waiting().cleanup(2);
        set.spawn(running);
        executor.run();
        Future<Void> close = set.closeAsync();
        assertFalse(poll(close).isReady());
        close.drop();
        executor.run();
        assertTrue(running.cleaned);
    }

    @Test
    void theFirstSuccessCancelsTheOthersAndWaitsForThem() throws Exception {
        Probe loser = new Probe("loser").waiting().cleanup(3);
        set.spawn(new Probe("bad").failing(new Exception("failed")));
        set.spawn(new Probe("good").after(2));
        set.spawn(loser);
        assertEquals("good", executor.blockOn(set.firstSuccess()));
        assertTrue(loser.cleaned);
        assertTrue(executor.reported.isEmpty());
    }

    @Test
    void withoutASuccessTheFirstFailureIsThrown() {
        Exception first = new Exception("first");
        Exception second = new Exception("second");
        set.spawn(new Probe("a").after(2).failing(second));
        set.spawn(new Probe("b").after(1).failing(first));
        assertSame(first, assertThrows(Exception.class, () -> executor.blockOn(set.firstSuccess())));
        assertEquals(List.of(second), Arrays.asList(first.getSuppressed()));
        assertThrows(
                NoSuchElementException.class,
                () -> executor.blockOn(JoinSet.in(executor).firstSuccess()));
    }

    /** Dropped after each number of polls: what had not been told is still there, and nothing that was is told twice. */
    @Test
    void firstSuccessMayBeDroppedAtEachOfItsAwaits() throws Exception {
        for (int polls = 0; polls < 8; polls++) {
            JoinSet<String> mine = JoinSet.in(executor);
            Probe loser = new Probe("loser").waiting().cleanup(2);
            mine.spawn(new Probe("good").after(3));
            mine.spawn(loser);
            Future<String> first = mine.firstSuccess();
            boolean ready = false;
            for (int i = 0; i < polls && !ready; i++) {
                ready = poll(first).isReady();
                if (!executor.queue.isEmpty()) {
                    executor.step();
                }
            }
            if (!ready) {
                first.drop();
            }
            Next<String> left = ready
                    ? Next.end()
                    : executor.blockOn(Futures.lazy(() -> {
                        loser.fireQuietly();
                        return mine.next();
                    }));
            assertTrue(left instanceof Item<String>(var v) && v.equals("good") || loser.drops == 1, "after " + polls);
            executor.blockOn(mine.closeAsync());
            assertTrue(loser.cleaned || loser.finished, "after " + polls);
        }
    }

    // ---- joinSet ----------------------------------------------------------------------------------------------------

    @Test
    void theBodysValueIsToldWhenTheRestIsGone() throws Exception {
        Probe rest = new Probe("rest").waiting().cleanup(3);
        var both = Async.joinSet(Body.<JoinSet<String>, Next<String>>of(jobs -> {
            jobs.spawn(new Probe("a"));
            jobs.spawn(rest);
            return jobs.next();
        }));
        assertEquals(new Item<>("a"), executor.blockOn(both));
        assertTrue(rest.cleaned);
    }

    @Test
    void theBodysFailureIsThrownWhenTheRestIsGone() {
        Exception failure = new Exception("failed");
        Probe rest = new Probe("rest").waiting().cleanup(3);
        var both = Async.joinSetDo(Body.<JoinSet<String>, String>of(jobs -> {
            jobs.spawn(rest);
            return new Probe("body").after(1).failing(failure);
        }));
        assertSame(failure, assertThrows(Exception.class, () -> executor.blockOn(both)));
        assertTrue(rest.cleaned);
    }

    @Test
    void aDropIsForBodyAndTasks() throws Exception {
        for (int steps = 0; steps < 12; steps++) {
            Probe body = new Probe("body").after(4).cleanup(2);
            Probe task = new Probe("task").waiting().cleanup(3);
            var handle = executor.spawn(Async.joinSet(Body.<JoinSet<String>, String>of(jobs -> {
                jobs.spawn(task);
                return body;
            })));
            for (int i = 0; i < steps && !executor.queue.isEmpty(); i++) {
                executor.step();
            }
            executor.blockOn(handle.cancel());
            assertTrue(body.finished || body.cleaned || body.polls == 0, "body after " + steps);
            assertTrue(task.cleaned || task.polls == 0, "task after " + steps);
            assertTrue(executor.queue.isEmpty());
        }
        assertTrue(executor.reported.isEmpty());
    }

    // ---- JoinMap ----------------------------------------------------------------------------------------------------

    @Test
    void outcomesComeWithTheirKeys() throws Exception {
        JoinMap<Integer, String> map = JoinMap.in(executor);
        Exception failure = new Exception("failed");
        map.spawn(1, new Probe("one").after(2));
        map.spawn(2, new Probe("two").failing(failure));
        assertTrue(map.contains(1) && map.contains(2));
        assertEquals(new Item<>(new Joined<>(2, new Outcome.Failed<>(failure))), executor.blockOn(map.next()));
        assertEquals(new Item<>(new Joined<>(1, new Outcome.Ok<>("one"))), executor.blockOn(map.next()));
        assertSame(Next.end(), map.nextNow(executor.cx));
        assertFalse(map.contains(1) || map.contains(2));
    }

    @Test
    void aSecondTaskOfAKeyAbortsTheFirst() throws Exception {
        JoinMap<Integer, String> map = JoinMap.in(executor);
        Probe before = new Probe("before").waiting().cleanup(1);
        map.spawn(1, before);
        executor.run();
        map.spawn(1, new Probe("after"));
        assertEquals(new Item<>(new Joined<>(1, new Outcome.Ok<>("after"))), executor.blockOn(map.next()));
        assertTrue(before.cleaned);
        map.spawn(2, new Probe("never").waiting());
        assertTrue(map.abort(2));
        assertFalse(map.abort(2));
        assertSame(Next.end(), executor.blockOn(map.next()));
    }

    @Test
    void nothingIsKnownOfWhatWasAbortedOrClosed() throws Exception {
        JoinMap<Integer, String> map = JoinMap.in(executor);
        AbortHandle handle = map.spawn(1, new Probe("one").waiting());
        executor.run();
        handle.abort();
        assertFalse(map.contains(1));
        assertFalse(map.abort(1));
        for (int i = 0; i < 1_000; i++) {
            map.spawn(i, new Probe("many").waiting()).abort();
        }
        assertSame(Next.end(), executor.blockOn(map.next()));

        map.spawn(1, new Probe("goes on").waiting());
        Future<Void> close = map.closeAsync();
        assertTrue(map.contains(1), "nothing happens before the poll");
        close.drop();
        map.spawn(1, new Probe("after").waiting());
        executor.run();
        assertEquals(1, map.size(), "the one before was aborted");
        executor.blockOn(map.closeAsync());
        assertFalse(map.contains(1) || map.abort(1));
    }

    /** A key that throws, for a while. */
    private static final class Key {
        boolean throwing;

        @Override
        public int hashCode() {
            if (throwing) {
                throw new IllegalStateException("no hash");
            }
            return 1;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }
    }

    @Test
    void aKeyThatThrowsLosesNoOutcomeAndStartsNothing() throws Exception {
        JoinMap<Key, String> map = JoinMap.in(executor);
        Key key = new Key();
        map.spawn(key, new Probe("one"));
        executor.run();
        key.throwing = true;
        assertThrows(IllegalStateException.class, () -> executor.blockOn(map.next()));
        Probe late = new Probe("late");
        assertThrows(IllegalStateException.class, () -> map.spawn(key, late));
        executor.run();
        assertEquals(1, map.size());
        assertEquals(0, late.polls);
        key.throwing = false;
        assertEquals(new Item<>(new Joined<>(key, new Outcome.Ok<>("one"))), executor.blockOn(map.next()));
        assertFalse(map.contains(key));
        map.spawn(key, late);
        assertEquals(new Item<>(new Joined<>(key, new Outcome.Ok<>("late"))), executor.blockOn(map.next()));
    }

    @Test
    void aTaskOfAMapMayBeBoundToItsThread() throws Exception {
        List<String> ways = new ArrayList<>();
        Spawner local = new Spawner() {
            @Override
            public <T> JoinHandle<T> spawn(Future<? extends T> future) {
                ways.add("spawn");
                return executor.spawn(future);
            }

            @Override
            public <T> JoinHandle<T> spawnLocal(Future<? extends T> future) {
                ways.add("spawnLocal");
                return executor.spawn(future);
            }

            @Override
            public dev.latent.world.World world() {
                return executor.world();
            }
        };
        JoinMap<Integer, String> map = JoinMap.in(local);
        map.spawnLocal(1, new Probe("one"));
        assertEquals(List.of("spawnLocal"), ways);
        assertEquals(new Item<>(new Joined<>(1, new Outcome.Ok<>("one"))), executor.blockOn(map.next()));
        JoinMap<Integer, String> moving = JoinMap.in(executor);
        Probe bound = new Probe("bound");
        assertThrows(IllegalStateException.class, () -> moving.spawnLocal(2, bound));
        assertFalse(moving.contains(2));
        assertEquals("bound", executor.blockOn(bound));
    }

    // ---- handles ----------------------------------------------------------------------------------------------------

    @Test
    void anAbortHandleCancelsWhatSomebodyElseAwaits() {
        Probe work = new Probe("work").waiting().cleanup(1);
        var handle = executor.spawn(work);
        AbortHandle abort = handle.abortHandle();
        var awaiter = executor.spawn(handle);
        executor.run();
        assertFalse(abort.isFinished());
        abort.abort();
        executor.run();
        assertTrue(abort.isFinished() && work.cleaned && awaiter.isFinished());
        assertInstanceOf(CancellationException.class, assertThrows(Exception.class, () -> executor.blockOn(awaiter)));
    }

    // ---- threads ----------------------------------------------------------------------------------------------------

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void everyOutcomeIsToldOnceWhateverThreadsDo() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(3)) {
            ThreadedExecutor threads = new ThreadedExecutor(pool);
            int n = 20_000;
            JoinSet<Integer> numbers = JoinSet.in(threads);
            for (int i = 0; i < n; i++) {
                int number = i;
                numbers.spawn(Futures.then(Async.yieldNow(), _ -> Futures.ready(number)));
            }
            AtomicIntegerArray told = new AtomicIntegerArray(n);
            CountDownLatch readers = new CountDownLatch(2);
            for (int r = 0; r < 2; r++) {
                read(threads, numbers, told, readers);
            }
            readers.await();
            for (int i = 0; i < n; i++) {
                assertEquals(1, told.get(i), "number " + i);
            }
        }
    }

    private static void read(
            Spawner threads, JoinSet<Integer> numbers, AtomicIntegerArray told, CountDownLatch readers) {
        threads.spawn(Futures.map(numbers.next(), next -> {
                    if (next instanceof Item<Integer>(var number)) {
                        told.incrementAndGet(number);
                        read(threads, numbers, told, readers);
                    } else {
                        readers.countDown();
                    }
                    return next;
                }))
                .detach();
    }
}
