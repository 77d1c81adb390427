package dev.latent.web;

import static dev.latent.Async.join;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.runtime.LocalExecutor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of sends, poll by poll. */
class SendingTest {
    private final LocalExecutor executor = new LocalExecutor();
    private final Context cx = new Context((Spawner) executor);

    @AfterEach
    void close() {
        executor.close();
    }

    private static FramedSocket socket(Valve peer) {
        return new FramedSocket(peer, Side.server(WebSocketLimits.DEFAULT, new ByteBudget(1 << 20)), null);
    }

    private <T> Poll<T> poll(Future<T> future) throws Exception {
        cx.begin(() -> {});
        return future.poll(cx);
    }

    private static List<String> decoded(Valve peer) throws ProtocolViolation {
        return Bytes.decode(new FrameDecoder(WebSocketLimits.DEFAULT, false), peer.taken.toByteArray());
    }

    /** It paid for another's frame, which the network did not take, when the peer closed; then it is polled for whatever reason. */
    @Test
    void whoGivesUpWhilePayingLeavesTheStreamToTheOthers() throws Exception {
        Valve peer = new Valve(10);
        FramedSocket socket = socket(peer);
        Future<Void> dropped = socket.send("a".repeat(20));
        assertEquals(Poll.pending(), poll(dropped));
        dropped.drop();
        Future<Void> paying = socket.send("never sent");
        assertEquals(Poll.pending(), poll(paying));
        peer.say(Bytes.frame(0x88, Bytes.hex("03e8")));
        assertThrows(WebSocketClosed.class, () -> poll(socket.receive()));
        assertThrows(WebSocketClosed.class, () -> poll(paying));
        assertFalse(peer.hasWriter());
        peer.open(1000);
        assertTrue(poll(Send.debts(socket)).isReady());
        assertEquals(List.of("text " + "a".repeat(20), "close 1000 "), decoded(peer));
    }

    /** The peer stops speaking without a close frame, while it has half of a message. */
    @Test
    void aMessageThatWasCutShortIsNotSaidToBeSent() throws Exception {
        for (boolean takesMore : new boolean[] {true, false}) {
            Valve peer = new Valve(10);
            FramedSocket socket = socket(peer);
            Future<Void> half = socket.send("a".repeat(20));
            Future<Void> next = socket.send("b");
            int[] told = new int[2];
            cx.begin(() -> told[0]++);
            assertEquals(Poll.pending(), half.poll(cx));
            cx.begin(() -> told[1]++);
            assertEquals(Poll.pending(), next.poll(cx));
            peer.leave();
            assertThrows(WebSocketClosed.class, () -> poll(socket.receive()));
            assertArrayEquals(new int[] {1, 1}, told);
            if (takesMore) {
                peer.open(1000);
            }
            assertEquals(
                    1006, assertThrows(WebSocketClosed.class, () -> poll(half)).code());
            assertEquals(
                    1006, assertThrows(WebSocketClosed.class, () -> poll(next)).code());
            assertFalse(peer.hasWriter());
            assertEquals(10, peer.taken.size());
        }
    }

    /** Wherever the budget ends, whoever was polled first goes out first. */
    @Test
    void theOrderIsThatOfTheFirstPolls() throws Exception {
        for (int left = 0; left < 4; left++) {
            Valve peer = new Valve(1000);
            FramedSocket socket = socket(peer);
            Future<?> all = join(socket.send("a"), socket.send("b"), socket.send("c"));
            cx.begin(() -> {});
            for (int i = left; i < 128; i++) {
                cx.spend();
            }
            boolean ready = all.poll(cx).isReady();
            while (!ready) {
                ready = poll(all).isReady();
            }
            assertEquals(List.of("text a", "text b", "text c"), decoded(peer), "with " + left + " left");
        }
    }
}
