package dev.latent.resilience;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.sleep;
import static dev.latent.Async.yieldNow;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Waker;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.sync.AsyncSemaphore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BulkheadTest {
    private final Stand stand = new Stand();

    private JoinHandle<Void> spawn(Bulkhead bulkhead, String name) {
        return stand.executor.spawn(bulkhead.run(() -> {
            stand.note(name);
            try {
                await(sleep(ofMillis(10)));
            } finally {
                await(sleep(ofMillis(1)));
            }
        }));
    }

    @Test
    void soManyAtOnceAndTheRestInOrder() {
        Bulkhead bulkhead = Bulkhead.of(2, 100);
        for (int i = 0; i < 5; i++) {
            spawn(bulkhead, "" + i).detach();
        }
        stand.pass(100);
        assertEquals(List.of("0@0", "1@0", "2@11", "3@11", "4@22"), stand.log);
    }

    @Test
    void whoComesTooLateHearsSo() throws Exception {
        Bulkhead bulkhead = Bulkhead.of(2, 1);
        for (int i = 0; i < 3; i++) {
            spawn(bulkhead, "" + i).detach();
        }
        stand.pass(5);
        BulkheadFullException full =
                assertThrows(BulkheadFullException.class, () -> stand.run(bulkhead.run(() -> "never")));
        assertTrue(full.getMessage().contains("1 wait already"), full.getMessage());
        stand.pass(6);
        assertEquals("then", stand.run(bulkhead.run(() -> "then")));
        Bulkhead none = Bulkhead.of(1, 0);
        spawn(none, "only").detach();
        stand.executor.runUntilStalled();
        assertThrows(BulkheadFullException.class, () -> stand.run(none.run(() -> {})));
        assertThrows(IllegalArgumentException.class, () -> Bulkhead.of(0, 1));
        assertThrows(IllegalArgumentException.class, () -> Bulkhead.of(1, -1));
    }

    @Test
    void aPlaceIsLeftByADropAndAFailure() throws Exception {
        Bulkhead bulkhead = Bulkhead.of(1, 2);
        JoinHandle<Void> runs = spawn(bulkhead, "runs");
        JoinHandle<Void> waits = spawn(bulkhead, "waits");
        spawn(bulkhead, "next").detach();
        stand.pass(3);
        waits.close();
        stand.executor.runUntilStalled();
        spawn(bulkhead, "last").detach(); // the line has a place again
        runs.close();
        stand.pass(100);
        assertEquals(List.of("runs@0", "next@4", "last@15"), stand.log, "the cleanup belongs to its turn");
        for (int i = 0; i < 3; i++) {
            assertThrows(
                    IOException.class,
                    () -> stand.run(bulkhead.run(() -> {
                        throw new IOException();
                    })));
        }
        assertEquals("ok", stand.run(bulkhead.run(() -> "ok")));
    }

    @Test
    void aTurnThatNobodyComesForGoesOn() throws Exception {
        Bulkhead bulkhead = Bulkhead.of(1, 5);
        spawn(bulkhead, "a").detach();
        JoinHandle<Void> waits = spawn(bulkhead, "b");
        spawn(bulkhead, "c").detach();
        // In one pass: the turn is handed to b, which is cancelled before it is polled.
        stand.executor
                .spawn(async(() -> {
                    await(sleep(ofMillis(11)));
                    waits.close();
                }))
                .detach();
        stand.pass(50);
        assertEquals(List.of("a@0", "c@11"), stand.log);
        AsyncSemaphore turns = AsyncSemaphore.of(1);
        assertThrows(
                IOException.class,
                () -> stand.run(join(turns.acquire(), Async.async(() -> {
                    await(yieldNow());
                    throw new IOException();
                }))));
        stand.run(turns.acquire());
    }

    @Test
    void droppedAnywhereNoTurnIsLost() throws Exception {
        for (int polls = 0; ; polls++) {
            Stand each = new Stand();
            Bulkhead bulkhead = Bulkhead.of(1, 9);
            each.executor.spawn(bulkhead.run(() -> await(sleep(ofMillis(2))))).detach();
            each.executor.runUntilStalled();
            boolean dropped = each.dropAfter(polls, bulkhead.run(() -> {
                await(sleep(ofMillis(1)));
                await(yieldNow());
            }));
            each.pass(10);
            assertEquals("free", each.run(bulkhead.run(() -> "free")), "dropped after " + polls);
            if (!dropped) {
                assertTrue(polls >= 4, "polls: " + polls);
                break;
            }
        }
    }

    /** Two threads at one place: who is refused was there while the other was in. */
    @Test
    void whoIsRefusedKeepsNobodyOut() throws Exception {
        int calls = 300_000;
        Bulkhead bulkhead = Bulkhead.of(1, 0);
        long[][] begins = new long[2][calls];
        long[][] ends = new long[2][calls];
        boolean[][] ran = new boolean[2][calls];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int me = i;
            threads.add(Thread.ofPlatform().start(() -> {
                Context cx = new Context(stand.executor);
                for (int call = 0; call < calls; call++) {
                    cx.begin(Waker.noop());
                    begins[me][call] = System.nanoTime();
                    try {
                        ran[me][call] = bulkhead.run(() -> "ran").poll(cx).isReady();
                    } catch (BulkheadFullException e) {
                        ran[me][call] = false;
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    ends[me][call] = System.nanoTime();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int me = 0; me < 2; me++) {
            int other = 1 - me;
            int at = 0;
            for (int call = 0; call < calls; call++) {
                if (ran[me][call]) {
                    continue;
                }
                while (at < calls && ends[other][at] < begins[me][call]) {
                    at++;
                }
                boolean wasIn = false;
                for (int i = at; i < calls && begins[other][i] <= ends[me][call]; i++) {
                    wasIn |= ran[other][i];
                }
                assertTrue(wasIn, "refused, though nobody was in");
            }
        }
    }

    @Test
    void onTwoWorkersNeverMoreAndNoneIsLost() throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Bulkhead bulkhead = Bulkhead.of(3, Integer.MAX_VALUE);
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger ran = new AtomicInteger();
            try (WorkStealingExecutor executor = WorkStealingExecutor.create(2)) {
                List<JoinHandle<Void>> kept = new ArrayList<>();
                for (int i = 0; i < 20_000; i++) {
                    Future<Void> run = bulkhead.run(() -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        try {
                            await(yieldNow());
                        } finally {
                            inside.decrementAndGet();
                        }
                        ran.incrementAndGet();
                    });
                    JoinHandle<Void> handle = executor.spawn(run);
                    if (random.nextInt(3) == 0) {
                        handle.close();
                    } else {
                        kept.add(handle);
                    }
                }
                for (JoinHandle<Void> handle : kept) {
                    executor.blockOn(Async.timeout(Duration.ofMinutes(1), handle));
                }
                assertTrue(ran.get() >= kept.size());
                assertTrue(most.get() <= 3, "seed " + seed + ": " + most);
                assertEquals("free", executor.blockOn(bulkhead.run(() -> "free")));
                assertEquals(0, inside.get());
            }
        }
    }
}
