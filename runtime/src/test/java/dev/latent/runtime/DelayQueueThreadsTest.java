package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Second;
import dev.latent.time.DelayQueue;
import java.time.Duration;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.Future.State;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Threads that put in while a task takes, and takes back: each value comes out once. */
class DelayQueueThreadsTest {
    private static final int THREADS = 3;
    private static final int EACH = 20_000;

    /** Takes until all have come; drops every few of its askings, some with a value that nobody received. */
    private static final class Taker extends OwnedFuture<BitSet> {
        private final DelayQueue<Integer> queue;
        private final SplittableRandom random;
        private final BitSet seen = new BitSet();
        private Future<?> asking;
        private int got;

        Taker(DelayQueue<Integer> queue, long seed) {
            this.queue = queue;
            this.random = new SplittableRandom(seed);
            this.asking = queue.next();
        }

        @Override
        protected Poll<BitSet> pollOwned(Context cx) throws Exception {
            while (got < THREADS * EACH) {
                Poll<?> poll = asking.poll(cx);
                if (!poll.isReady()) {
                    if (random.nextInt(3) == 0) {
                        asking.drop();
                        asking = ask();
                        cx.waker().wake();
                    }
                    return Poll.pending();
                }
                Object value = ((Poll.Ready<?>) poll).value();
                Object item = value instanceof Second<?, ?, ?, ?>(var second) ? second : value;
                if (item instanceof Item<?>(Integer n)) {
                    assertFalse(seen.get(n), n + " came twice");
                    seen.set(n);
                    got++;
                }
                asking = ask();
            }
            return Poll.ready(seen);
        }

        private Future<?> ask() {
            Future<Next<Integer>> next = queue.next();
            return random.nextBoolean() ? next : Async.select(Async.yieldNow(), next);
        }

        @Override
        protected void dropOwned() {
            asking.drop();
        }
    }

    @Test
    void eachComesOutOnce() throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            try (WorkStealingExecutor executor = WorkStealingExecutor.create(2)) {
                DelayQueue<Integer> queue = DelayQueue.in(executor);
                var taker = executor.spawn(new Taker(queue, seed));
                FutureTask<?>[] threads = new FutureTask<?>[THREADS];
                for (int t = 0; t < THREADS; t++) {
                    int from = t * EACH;
                    SplittableRandom random = new SplittableRandom(seed * 31 + t);
                    threads[t] = new FutureTask<>(() -> {
                        for (int i = 0; i < EACH; i++) {
                            var key = queue.insert(from + i, Duration.ofNanos(random.nextInt(200_000)));
                            if (random.nextInt(5) == 0) {
                                queue.reset(key, Duration.ofNanos(random.nextInt(100_000)));
                            } else if (random.nextInt(5) == 0 && queue.remove(key) instanceof Integer back) {
                                queue.insert(back, Duration.ZERO);
                            }
                        }
                        return null;
                    });
                    Thread.startVirtualThread(threads[t]);
                }
                BitSet seen = executor.blockOn(Async.timeout(Duration.ofMinutes(1), taker));
                assertEquals(THREADS * EACH, seen.cardinality(), "seed " + seed);
                assertEquals(0, queue.size());
                for (FutureTask<?> thread : threads) {
                    thread.get();
                    assertEquals(State.SUCCESS, thread.state());
                }
            }
        }
    }
}
