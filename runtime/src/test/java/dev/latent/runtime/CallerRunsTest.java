package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.runtime.blocking.ThreadBlockingPool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors that run what they are given on the thread that gives it. */
@Timeout(30)
final class CallerRunsTest {
    private static final int MANY = 20_000;

    private final Executor direct = Runnable::run;

    /** Each, once it is let go, lets the next one go. */
    private static Hand.Signal[] chain(Executor executor, AtomicInteger ran, boolean oneHome) {
        Spawner shared = Latent.on(executor);
        Hand.Signal[] all = new Hand.Signal[MANY];
        for (int i = 0; i < MANY; i++) {
            all[i] = new Hand.Signal();
        }
        for (int i = 0; i < MANY; i++) {
            Hand.Signal mine = all[i];
            Hand.Signal next = all[(i + 1) % MANY];
            (oneHome ? shared : Latent.on(executor))
                    .spawn(Hand.poll(cx -> {
                        if (!mine.poll(cx).isReady()) {
                            return Poll.pending();
                        }
                        ran.getAndIncrement();
                        next.set();
                        return Poll.done();
                    }))
                    .detach();
        }
        return all;
    }

    @Test
    void tasksThatWakeEachOtherDoNotPileUpOnTheStack() {
        for (boolean oneHome : new boolean[] {true, false}) {
            AtomicInteger ran = new AtomicInteger();
            chain(direct, ran, oneHome)[0].set();
            assertEquals(MANY, ran.get());
        }
    }

    @Test
    void homesThatWakeEachOtherThroughTwoExecutorsDoNotEither() {
        Executor other = run -> run.run();
        AtomicInteger ran = new AtomicInteger();
        Hand.Signal[] all = new Hand.Signal[MANY];
        for (int i = 0; i < MANY; i++) {
            all[i] = new Hand.Signal();
        }
        for (int i = 0; i < MANY; i++) {
            int n = i;
            Latent.on(i % 2 == 0 ? direct : other)
                    .spawn(Hand.poll(cx -> {
                        if (!all[n].poll(cx).isReady()) {
                            return Poll.pending();
                        }
                        ran.getAndIncrement();
                        all[(n + 1) % MANY].set();
                        return Poll.done();
                    }))
                    .detach();
        }
        all[0].set();
        assertEquals(MANY, ran.get());
    }

    @Test
    void aTaskThatYieldsRunsToItsEndAndSpawnReturns() throws Exception {
        JoinHandle<Integer> handle = Latent.on(direct).spawn(Hand.yields(MANY));
        assertTrue(handle.isFinished());
        assertEquals(MANY, Latent.blockOn(handle));
    }

    @Test
    void whatIsSpawnedWithinARunComesAfterIt() {
        List<String> order = new ArrayList<>();
        Latent.on(direct)
                .spawn(Hand.poll(cx -> {
                    spawnNested(cx.spawner(), order, MANY);
                    order.add("outer");
                    return Poll.done();
                }))
                .detach();
        assertEquals("outer", order.getFirst());
        assertEquals(MANY + 1, order.size());
    }

    private static void spawnNested(Spawner spawner, List<String> order, int left) {
        if (left > 0) {
            spawner.spawn(Hand.poll(cx -> {
                        spawnNested(cx.spawner(), order, left - 1);
                        order.add("inner");
                        return Poll.done();
                    }))
                    .detach();
        }
    }

    @Test
    void aTaskKeepsItsOwnHomeAlsoWithinARunOfAnother() {
        Spawner first = Latent.on(direct);
        Spawner second = Latent.on(direct);
        Hand.Signal signal = new Hand.Signal();
        List<Spawner> seen = new ArrayList<>();
        second.spawn(Hand.poll(cx -> {
                    if (!signal.poll(cx).isReady()) {
                        return Poll.pending();
                    }
                    seen.add(cx.spawner());
                    return Poll.done();
                }))
                .detach();
        first.spawn(Hand.poll(cx -> {
                    signal.set();
                    seen.add(cx.spawner());
                    return Poll.done();
                }))
                .detach();
        assertEquals(List.of(first, second), seen);
        assertSame(second, seen.get(1));
    }

    @Test
    void cancelledFromWithinARunItEndsAfterIt() {
        Spawner spawner = Latent.on(direct);
        Probe probe = new Probe(Probe.Result.VALUE, Probe.Cleanup.NONE);
        JoinHandle<Object> victim = spawner.spawn(probe);
        spawner.spawn(Hand.poll(_ -> {
                    victim.close();
                    assertFalse(victim.isFinished(), "polled within a poll");
                    return Poll.done();
                }))
                .detach();
        assertTrue(victim.isFinished());
        assertEquals(1, probe.dropped.get());
        assertThrows(CancellationException.class, () -> Latent.blockOn(victim));
    }

    @Test
    void insideBlockInPlaceTheOthersGoOnNested() {
        Spawner spawner = Latent.on(direct);
        Hand.Signal signal = new Hand.Signal();
        JoinHandle<Void> other = spawner.spawn(signal);
        JoinHandle<Void> blocked = spawner.spawn(Hand.poll(_ -> Latent.blockInPlace(() -> {
            signal.set();
            Latent.blockOn(other); // would never end if it had to wait for the run around it
            return Poll.done();
        })));
        assertTrue(blocked.isFinished());
    }

    @Test
    void theThreadOfAllTimersNeverPolls() throws Exception {
        Set<Thread> pollers = ConcurrentHashMap.newKeySet();
        Future<Void> sleep = Hand.sleep(5_000_000);
        CountDownLatch over = new CountDownLatch(1);
        Latent.on(direct)
                .spawn(Hand.poll(cx -> {
                    pollers.add(Thread.currentThread());
                    if (!sleep.poll(cx).isReady()) {
                        return Poll.pending();
                    }
                    over.countDown();
                    return Poll.done();
                }))
                .detach();
        over.await();
        assertFalse(pollers.stream().anyMatch(t -> t.getName().equals("latent-background")), pollers::toString);
    }

    @Test
    void aFullPoolsCallersDoNotHoldUpTheTimersOfOthers() throws Exception {
        ThreadPoolExecutor full = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), new ThreadPoolExecutor.CallerRunsPolicy());
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            Future<Void> sleep = Hand.sleep(10_000_000);
            Latent.on(full)
                    .spawn(Hand.poll(cx -> {
                        if (!sleep.poll(cx).isReady()) {
                            return Poll.pending();
                        }
                        held.countDown();
                        hold.await();
                        return Poll.done();
                    }))
                    .detach();
        }
        Rig.await(() -> held.getCount() <= 1); // one of them waits in the pool's queue
        Future<Void> sleep = Hand.sleep(1_000_000);
        Latent.on(direct).toCompletableFuture(sleep).get(10, TimeUnit.SECONDS);
        hold.countDown();
        held.await();
        full.shutdown();
    }

    @Test
    void aBurstOfRunsLeavesFewBuffers() throws Exception {
        Deque<Runnable> queue = new ArrayDeque<>();
        Spawner queued = Latent.on(queue::add);
        Set<Context> contexts = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 500; i++) {
            queued.spawn(Hand.poll(cx -> {
                        contexts.add(cx);
                        return Poll.ready(Latent.blockInPlace(() -> {
                            Runnable next = queue.poll();
                            if (next != null) {
                                next.run(); // as if on another thread
                            }
                            return 1;
                        }));
                    }))
                    .detach();
        }
        queue.remove().run();
        assertEquals(500, contexts.size());
        contexts.clear();
        for (int i = 0; i < 1_000; i++) {
            queued.spawn(Hand.poll(cx -> Poll.ready(contexts.add(cx)))).detach();
            queue.remove().run();
        }
        assertEquals(64, contexts.size());
    }

    @Test
    void aThreadOfTheBlockingPoolRunsWhatItWakes() throws Exception {
        Set<Thread> pollers = ConcurrentHashMap.newKeySet();
        Future<String> call = new ThreadBlockingPool(1).run(() -> "called");
        JoinHandle<String> handle = Latent.on(direct).spawn(new Future<String>() {
            @Override
            public Poll<String> poll(Context cx) throws Exception {
                pollers.add(Thread.currentThread());
                return call.poll(cx);
            }

            @Override
            public void drop() {
                call.drop();
            }
        });
        assertEquals("called", Latent.blockOn(handle));
        assertTrue(pollers.size() <= 2);
    }
}
