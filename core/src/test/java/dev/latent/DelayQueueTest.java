package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.time.DelayQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DelayQueueTest {
    private final TestExecutor executor = new TestExecutor();
    private final long start = executor.nanoTime();
    private final DelayQueue<String> queue = DelayQueue.in(executor);

    private static Duration millis(long n) {
        return Duration.ofMillis(n);
    }

    private String next() throws Exception {
        Next<String> next = executor.blockOn(queue.next());
        return (next instanceof Item<String>(var value) ? value : "end") + "@"
                + (executor.nanoTime() - start) / 1_000_000;
    }

    @Test
    void deadlineFirstThenInsertion() throws Exception {
        queue.insert("c", millis(20));
        queue.insert("a", millis(10));
        queue.insert("d", millis(20));
        queue.insert("b", millis(10));
        queue.insert("now", millis(-5));
        assertEquals(5, queue.size());
        assertEquals("now@0", next());
        assertEquals("a@10", next());
        assertEquals("b@10", next());
        assertEquals("c@20", next());
        assertEquals("d@20", next());
        assertEquals(0, queue.size());
    }

    @Test
    void anEarlierOneReachesWhoWaits() throws Exception {
        queue.insert("late", millis(100));
        var waits = executor.spawn(queue.next());
        executor.advance(millis(10));
        queue.insert("early", millis(5));
        int before = executor.polls;
        queue.insert("later", millis(500));
        executor.run();
        assertEquals(before + 1, executor.polls, "the later one wakes nobody");
        executor.advance(millis(4));
        assertFalse(waits.isFinished());
        assertEquals(1, executor.pendingTimers());
        executor.advance(millis(1));
        assertEquals(new Item<>("early"), executor.blockOn(waits));
    }

    @Test
    void emptyItWaitsForWhatIsPutIn() throws Exception {
        var waits = executor.spawn(queue.next());
        executor.advance(millis(1_000));
        assertFalse(waits.isFinished());
        assertEquals(0, executor.pendingTimers());
        queue.insert("a", millis(3));
        executor.advance(millis(3));
        assertEquals(new Item<>("a"), executor.blockOn(waits));
    }

    @Test
    void whatIsRemovedDoesNotCome() throws Exception {
        var a = queue.insert("a", millis(10));
        var b = queue.insert("b", millis(20));
        var waits = executor.spawn(queue.next());
        executor.advance(millis(5));
        assertEquals("a", queue.remove(a));
        assertNull(queue.remove(a));
        executor.advance(millis(14));
        assertFalse(waits.isFinished());
        executor.advance(millis(1));
        assertEquals(new Item<>("b"), executor.blockOn(waits));
        assertNull(queue.remove(b));
        assertFalse(queue.reset(b, millis(1)));
        DelayQueue<String> other = DelayQueue.in(executor);
        var foreign = other.insert("x", millis(1));
        assertThrows(IllegalArgumentException.class, () -> queue.remove(foreign));
        assertEquals("x", other.remove(foreign));
    }

    @Test
    void aResetCountsFromNow() throws Exception {
        var a = queue.insert("a", millis(10));
        queue.insert("b", millis(30));
        executor.advance(millis(9));
        assertTrue(queue.reset(a, millis(40)));
        assertEquals("b@30", next());
        var waits = executor.spawn(queue.next());
        executor.run();
        assertTrue(queue.reset(a, millis(1)));
        executor.advance(millis(1));
        assertEquals(new Item<>("a"), executor.blockOn(waits));
    }

    @Test
    void aDroppedNextTakesNothing() throws Exception {
        queue.insert("a", millis(10));
        queue.next().drop();
        var waits = executor.spawn(queue.next());
        executor.advance(millis(5));
        executor.blockOn(waits.cancel());
        assertEquals(0, executor.pendingTimers());
        assertEquals("a@10", next());
    }

    @Test
    void whatNobodyReceivedIsBackInItsPlaceAndItsKeyGood() throws Exception {
        var a = queue.insert("a", millis(10));
        queue.insert("b", millis(10));
        var join = Async.join(
                queue.next(), Futures.then(Async.sleep(millis(50)), _ -> new Probe("x").failing(new IOException())));
        assertThrows(IOException.class, () -> executor.blockOn(join));
        assertEquals(2, queue.size());
        assertTrue(queue.reset(a, millis(5)));
        assertEquals("b@50", next());
        assertEquals("a@55", next());
    }

    private static final class Held implements Releasable {
        final List<String> log;
        final String name;

        Held(String name, List<String> log) {
            this.name = name;
            this.log = log;
        }

        @Override
        public void close() {
            log.add(name);
            if (name.equals("bad")) {
                throw new IllegalStateException("bad");
            }
        }
    }

    @Test
    void closingLetsGoOfTheRestAndEndsIt() throws Exception {
        List<String> closed = new ArrayList<>();
        DelayQueue<Held> held = DelayQueue.in(executor);
        held.insert(new Held("later", closed), millis(20));
        held.insert(new Held("bad", closed), millis(10));
        var waits = executor.spawn(held.next());
        executor.run();
        held.close();
        held.close();
        assertEquals(List.of("bad", "later"), closed);
        executor.run();
        assertSame(Next.end(), executor.blockOn(waits));
        assertSame(Next.end(), executor.blockOn(held.next()));
        assertEquals(0, executor.pendingTimers());
        Held kept = new Held("kept", closed);
        assertThrows(IllegalStateException.class, () -> held.insert(kept, millis(1)));
        assertEquals(2, closed.size(), "what was refused is its caller's");
    }

    @Test
    void whatNobodyReceivedAndComesBackAfterTheCloseIsLetGo() throws Exception {
        List<String> closed = new ArrayList<>();
        DelayQueue<Held> held = DelayQueue.in(executor);
        held.insert(new Held("a", closed), millis(0));
        Probe waits = new Probe("x").waiting();
        var both = executor.spawn(Async.join(held.next(), waits));
        executor.run();
        held.close();
        assertEquals(List.of(), closed);
        executor.blockOn(both.cancel());
        assertEquals(List.of("a"), closed);
    }

    /** Against a list that is sorted each time. */
    private record Model(String value, long deadline, long number) {}

    @Test
    void asASortedListDoes() throws Exception {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            DelayQueue<String> tried = DelayQueue.in(executor);
            List<DelayQueue.Key<String>> keys = new ArrayList<>();
            List<Model> model = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                long delay = random.nextInt(20);
                long deadline = executor.nanoTime() + delay;
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        String value = "v" + keys.size();
                        model.add(new Model(value, deadline, keys.size()));
                        keys.add(tried.insert(value, Duration.ofNanos(delay)));
                    }
                    case 2 -> {
                        if (!keys.isEmpty()) {
                            String value = "v" + random.nextInt(keys.size());
                            boolean there = model.removeIf(m -> m.value.equals(value));
                            String removed = tried.remove(keys.get(Integer.parseInt(value.substring(1))));
                            assertEquals(there ? value : null, removed, "seed " + seed);
                        }
                    }
                    case 3 -> {
                        if (!keys.isEmpty()) {
                            int n = random.nextInt(keys.size());
                            boolean there = model.removeIf(m -> m.number == n);
                            if (there) {
                                model.add(new Model("v" + n, deadline, n));
                            }
                            assertEquals(there, tried.reset(keys.get(n), Duration.ofNanos(delay)), "seed " + seed);
                        }
                    }
                    default -> {
                        model.sort(Comparator.comparingLong(Model::deadline).thenComparingLong(Model::number));
                        if (!model.isEmpty()) {
                            Model first = model.removeFirst();
                            long from = executor.nanoTime();
                            assertEquals(new Item<>(first.value), executor.blockOn(tried.next()), "seed " + seed);
                            assertEquals(Math.max(from, first.deadline), executor.nanoTime(), "seed " + seed);
                        }
                    }
                }
                assertEquals(model.size(), tried.size(), "seed " + seed);
            }
        }
    }

    @Test
    void manyThreadsPutInAndNothingIsLost() throws Exception {
        int threads = 4;
        int each = 5_000;
        CountDownLatch done = new CountDownLatch(threads);
        int[] got = {0};
        for (int t = 0; t < threads; t++) {
            Thread.startVirtualThread(() -> {
                for (int i = 0; i < each; i++) {
                    var key = queue.insert("x", Duration.ofNanos(i % 7));
                    if (i % 3 == 0 && queue.remove(key) == null) {
                        throw new AssertionError("nobody takes yet");
                    }
                }
                done.countDown();
            });
        }
        done.await();
        executor.advance(millis(1));
        while (queue.size() > 0) {
            executor.blockOn(queue.next());
            got[0]++;
        }
        int removed = threads * ((each + 2) / 3);
        assertEquals(threads * each - removed, got[0]);
    }
}
