package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.World;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class QueuesTest {
    /** A home that never runs anything. */
    private static final TaskHome NOWHERE = new TaskHome() {
        @Override
        public void schedule(SpawnedTask<?> task, boolean yielded) {}

        @Override
        public void waits(SpawnedTask<?> task) {}

        @Override
        public void ended(SpawnedTask<?> task) {}

        @Override
        public boolean isClosing() {
            return false;
        }

        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            throw new UnsupportedOperationException();
        }

        @Override
        public World world() {
            return World.empty();
        }
    };

    @Test
    void whatGoesIntoARingComesOutOnce() throws Exception {
        int n = 200_000;
        Ring ring = new Ring();
        AtomicIntegerArray seen = new AtomicIntegerArray(n);
        AtomicBoolean done = new AtomicBoolean();
        SpawnedTask<?>[] tasks = new SpawnedTask<?>[n];
        Map<SpawnedTask<?>, Integer> numbers = new IdentityHashMap<>();
        for (int i = 0; i < n; i++) {
            tasks[i] = new SpawnedTask<>(NOWHERE, Hand.value(i));
            numbers.put(tasks[i], i);
        }
        List<Thread> thieves = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            Thread thief = new Thread(() -> {
                Ring own = new Ring();
                while (true) {
                    boolean last = done.get();
                    SpawnedTask<?> task = ring.stealInto(own);
                    if (task == null && last) {
                        return;
                    }
                    for (; task != null; task = own.pop()) {
                        seen.getAndIncrement(numbers.get(task));
                    }
                }
            });
            thief.start();
            thieves.add(thief);
        }
        for (int i = 0; i < n; i++) {
            while (!ring.push(tasks[i])) {
                SpawnedTask<?> task = ring.pop();
                if (task != null) {
                    seen.getAndIncrement(numbers.get(task));
                }
            }
            if (i % 3 == 0) {
                SpawnedTask<?> task = ring.pop();
                if (task != null) {
                    seen.getAndIncrement(numbers.get(task));
                }
            }
        }
        for (SpawnedTask<?> task = ring.pop(); task != null; task = ring.pop()) {
            seen.getAndIncrement(numbers.get(task));
        }
        done.set(true);
        for (Thread thief : thieves) {
            thief.join();
        }
        for (int i = 0; i < n; i++) {
            assertEquals(1, seen.get(i), "entry " + i);
        }
    }

    @Test
    void anInboxKeepsTheOrderOfEachSenderAndTellsTheFirst() throws Exception {
        Inbox<int[]> inbox = new Inbox<>();
        int perSender = 20_000;
        Thread[] senders = new Thread[3];
        for (int s = 0; s < senders.length; s++) {
            int sender = s;
            senders[s] = new Thread(() -> {
                for (int i = 0; i < perSender; i++) {
                    inbox.post(new int[] {sender, i});
                }
            });
            senders[s].start();
        }
        int[] next = new int[senders.length];
        int[] total = new int[1];
        while (total[0] < perSender * senders.length) {
            inbox.take(message -> {
                assertEquals(next[message[0]]++, message[1]);
                total[0]++;
            });
        }
        assertTrue(inbox.isEmpty());
        assertEquals(Inbox.Posted.FIRST, inbox.post(new int[] {0, 0}));
        assertEquals(Inbox.Posted.MORE, inbox.post(new int[] {0, 0}));
        assertFalse(inbox.close());
        inbox.take(_ -> {});
        assertTrue(inbox.close());
        assertEquals(Inbox.Posted.CLOSED, inbox.post(new int[] {0, 0}));
        assertTrue(inbox.isEmpty());
    }
}
