package dev.latent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Item;
import dev.latent.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads, platform and virtual, that block on a channel. */
@Timeout(60)
class BlockingTest {
    private static <T> FutureTask<T> on(boolean virtual, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        (virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).start(task);
        return task;
    }

    @Test
    void threadsHandMessagesThroughASmallChannel() throws Exception {
        for (boolean virtual : new boolean[] {false, true}) {
            Channel<Integer> channel = Channel.bounded(2);
            int each = 5_000;
            List<FutureTask<Void>> senders = new ArrayList<>();
            for (int s = 0; s < 2; s++) {
                Sender<Integer> sender = channel.newSender();
                senders.add(on(virtual, () -> {
                    try (sender) {
                        for (int i = 0; i < each; i++) {
                            sender.sendBlocking(i);
                        }
                    }
                    return null;
                }));
            }
            List<FutureTask<Long>> receivers = new ArrayList<>();
            for (int r = 0; r < 2; r++) {
                Receiver<Integer> inbox = channel.receiver();
                receivers.add(on(virtual, () -> {
                    long sum = 0;
                    while (inbox.nextBlocking() instanceof Item<Integer>(Integer i)) {
                        sum += i;
                    }
                    return sum;
                }));
            }
            for (FutureTask<Void> sender : senders) {
                sender.get();
            }
            assertEquals(
                    (long) each * (each - 1),
                    receivers.get(0).get() + receivers.get(1).get());
        }
    }

    @Test
    void aRendezvousOfThreads() throws Exception {
        Channel<String> channel = Channel.rendezvous();
        Receiver<String> inbox = channel.receiver();
        FutureTask<String> receives = on(true, inbox::receiveBlocking);
        channel.sendBlocking("a");
        assertEquals("a", receives.get());
        channel.close();
        assertThrows(ChannelClosedException.class, inbox::receiveBlocking);
        assertThrows(ChannelClosedException.class, () -> channel.sendBlocking("b"));
        assertSame(Next.end(), inbox.nextBlocking());
    }

    @Test
    void anInterruptedThreadHasSentAndReceivedNothing() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        Receiver<String> inbox = channel.receiver();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, inbox::receiveBlocking);
        assertFalse(Thread.interrupted());
        channel.trySend("a");
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> channel.sendBlocking("b"));
        assertEquals(1, inbox.size());

        Thread[] blocked = new Thread[1];
        FutureTask<Void> sends = new FutureTask<>(() -> {
            channel.sendBlocking("b");
            return null;
        });
        blocked[0] = Thread.ofPlatform().daemon().start(sends);
        while (blocked[0].getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        blocked[0].interrupt();
        var failed = assertThrows(ExecutionException.class, () -> sends.get(30, TimeUnit.SECONDS));
        assertTrue(failed.getCause() instanceof InterruptedException);
        assertEquals("a", inbox.receiveBlocking());
        assertEquals(0, inbox.size());
        assertEquals(Sent.SENT, channel.trySend("c"), "the place is free again");
    }

    @Test
    void aThreadWaitsForAOneshot() throws Exception {
        Oneshot<String> oneshot = Oneshot.create();
        FutureTask<String> waits = on(false, oneshot::receiveBlocking);
        oneshot.send("a");
        assertEquals("a", waits.get());
    }
}
