package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaiterListTest {
    private final List<Integer> woken = new ArrayList<>();

    private static boolean remove(WaiterList list, WaiterList.Waiter waiter) {
        list.lock();
        try {
            return list.remove(waiter);
        } finally {
            list.unlock();
        }
    }

    private static void add(WaiterList list, WaiterList.Waiter waiter, Waker waker) {
        list.lock();
        try {
            list.add(waiter, waker);
        } finally {
            list.unlock();
        }
    }

    /** All sequences of seven operations on three waiters, against a queue. */
    @Test
    void asAQueueOfWhoWaits() {
        int kinds = 3 + 3 + 2;
        for (WaiterList list : List.of(WaiterList.create(), WaiterList.local())) {
            for (int program = 0; program < Math.pow(kinds, 6); program++) {
                Deque<Integer> model = new ArrayDeque<>();
                List<Integer> told = new ArrayList<>();
                List<WaiterList.Waiter> waiters =
                        List.of(new WaiterList.Waiter(), new WaiterList.Waiter(), new WaiterList.Waiter());
                woken.clear();
                for (int left = program, step = 0; step < 6; step++, left /= kinds) {
                    int op = left % kinds;
                    if (op < 3) {
                        add(list, waiters.get(op), () -> woken.add(op));
                        if (!model.contains(op)) {
                            model.add(op);
                        }
                    } else if (op < 6) {
                        assertEquals(model.remove(op - 3), remove(list, waiters.get(op - 3)), "program " + program);
                    } else if (op == 6) {
                        assertEquals(!model.isEmpty(), list.wakeFirst());
                        if (!model.isEmpty()) {
                            told.add(model.remove());
                        }
                    } else {
                        list.wakeAll();
                        told.addAll(model);
                        model.clear();
                    }
                }
                assertEquals(told, woken, "program " + program);
                list.wakeAll();
                told.addAll(model);
                assertEquals(told, woken, "program " + program);
            }
        }
    }

    @Test
    void whoWaitsAgainInItsOwnWakeIsNotToldTwice() {
        for (WaiterList list : List.of(WaiterList.create(), WaiterList.local())) {
            woken.clear();
            for (int i = 0; i < 3; i++) {
                int n = i;
                var waiter = new WaiterList.Waiter();
                add(list, waiter, new Waker() {
                    @Override
                    public void wake() {
                        woken.add(n);
                        add(list, waiter, this);
                    }
                });
            }
            list.wakeAll();
            assertEquals(List.of(0, 1, 2), woken);
            list.wakeFirst();
            assertEquals(List.of(0, 1, 2, 0), woken);
        }
    }

    @Test
    void whoIsRemovedInAnothersWakeIsNotTold() {
        var list = WaiterList.create();
        var second = new WaiterList.Waiter();
        add(list, new WaiterList.Waiter(), () -> assertTrue(remove(list, second)));
        add(list, second, () -> woken.add(2));
        add(list, new WaiterList.Waiter(), () -> woken.add(3));
        list.wakeAll();
        assertEquals(List.of(3), woken);
    }

    @Test
    void aWakerThatThrowsKeepsNobodyFromBeingWoken() {
        var list = WaiterList.create();
        add(list, new WaiterList.Waiter(), () -> woken.add(1));
        add(list, new WaiterList.Waiter(), () -> {
            throw new OutOfMemoryError("of a test");
        });
        add(list, new WaiterList.Waiter(), () -> woken.add(3));
        list.wakeAll();
        assertEquals(List.of(1, 3), woken);
        list.lock(); // left by all of that
        list.unlock();
    }

    /** Every permit that is given reaches one waiter, also where waiters give up: then it is handed on. */
    @Test
    void nothingIsLostBetweenThreads() throws Exception {
        int threads = 4;
        int rounds = 20_000;
        var list = WaiterList.create();
        var told = new AtomicInteger();
        var handedOn = new AtomicInteger();
        var givenUp = new AtomicInteger();
        var start = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            var random = new Random(t);
            all.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < rounds; i++) {
                    var waiter = new WaiterList.Waiter();
                    add(list, waiter, told::getAndIncrement);
                    if (random.nextInt(3) == 0) {
                        if (remove(list, waiter)) {
                            givenUp.getAndIncrement();
                        } else {
                            handedOn.getAndIncrement();
                        }
                    }
                    list.wakeFirst();
                }
            }));
        }
        start.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        while (list.wakeFirst()) {}
        assertEquals(threads * rounds, told.get() + givenUp.get(), "told, or removed, never both");
        assertTrue(handedOn.get() <= told.get());
        assertFalse(list.wakeFirst());
    }

    @Test
    void anAtomicWakerWakesTheLatestOnce() {
        var place = new AtomicWaker();
        place.wake();
        place.register(() -> woken.add(1));
        place.register(() -> woken.add(2));
        place.wake();
        place.wake();
        assertEquals(List.of(2), woken);
        place.register(() -> {
            throw new IllegalStateException("of a test");
        });
        place.wake();
        assertEquals(null, place.take());
    }
}
