package dev.latent.channel;

import static dev.latent.channel.Polled.pending;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who lets go of a counted sender or a receiver without closing it is told of, as soon as somebody waits for that one. */
@Timeout(60)
class LostHandleTest {
    private final List<Object> alive = new ArrayList<>();

    private static WeakReference<Object> lose(Object handle) {
        return new WeakReference<>(handle);
    }

    private static void collect(WeakReference<Object> lost) {
        while (lost.get() != null) {
            System.gc();
        }
    }

    /** Polls until the collector has told the queue, which it does a little after it has cleared the reference. */
    private static List<String> reported(Polled<?> waits) throws Exception {
        while (waits.reported().isEmpty()) {
            waits.isPending();
            Thread.onSpinWait();
        }
        waits.isPending();
        return waits.reported();
    }

    @Test
    void aLostSender() throws Exception {
        Channel<String> channel = Channel.bounded(3);
        alive.add(channel);
        var waits = pending(channel.receiver().next());
        collect(lose(channel.newSender()));
        List<String> told = reported(waits);
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.getFirst().startsWith("lost handle: a sender of Channel.bounded(3)"), told.toString());
    }

    @Test
    void aLostReceiver() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        channel.trySend("a");
        var waits = pending(channel.send("b"));
        collect(lose(channel.receiver()));
        List<String> told = reported(waits);
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.getFirst().startsWith("lost handle: a receiver of Channel.bounded(1)"), told.toString());
    }

    @Test
    void oneThatIsMissedLaterIsReportedThen() throws Exception {
        Channel<String> channel = Channel.bounded(3);
        Receiver<String> inbox = channel.receiver();
        collect(lose(channel.newSender()));
        Channel<String> other = Channel.bounded(1);
        var marker = pending(other.receiver().next());
        collect(lose(other.newSender()));
        assertEquals(1, reported(marker).size(), "the first has been found by now, and nobody waited");
        var waits = pending(inbox.next());
        assertEquals(1, reported(waits).size());
        assertTrue(
                waits.reported().getFirst().contains("Channel.bounded(3)"),
                waits.reported().toString());
    }

    @Test
    void whoWaitsSaysForWhom() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        var inbox = channel.receiver();
        alive.add(channel.newSender());
        var next = inbox.next();
        assertEquals("next of Channel.bounded(1)", next.toString());
        var waits = pending(next);
        assertEquals("next of Channel.bounded(1), which is empty; counted senders: 1", next.toString());
        channel.trySend("a");
        assertTrue(waits.poll().isReady());
        channel.trySend("b");
        var send = channel.send("c");
        var sends = pending(send);
        assertTrue(
                send.toString()
                        .startsWith("send to Channel.bounded(1), which has 1; receivers: 1, last waited for by "),
                send.toString());
        var other = inbox.receive();
        inbox.tryReceive();
        assertTrue(sends.poll().isReady());
        assertEquals("receive of Channel.bounded(1)", other.toString());
    }

    @Test
    void whoHasClosedIsNotMissed() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        alive.add(channel.newSender());
        Sender<String> closes = channel.newSender();
        var waits = pending(channel.receiver().next());
        closes.close();
        collect(lose(closed(channel)));
        Channel<String> other = Channel.bounded(1);
        var marker = pending(other.receiver().next());
        collect(lose(other.newSender()));
        assertEquals(1, reported(marker).size());
        waits.isPending();
        assertEquals(List.of(), waits.reported());
    }

    private static Sender<String> closed(Channel<String> channel) {
        Sender<String> sender = channel.newSender();
        sender.close();
        return sender;
    }
}
