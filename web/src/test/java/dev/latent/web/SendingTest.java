package dev.latent.web;

import static dev.latent.Async.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.junit.TestTask;
import dev.latent.web.http.ByteBudget;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of sends, poll by poll. */
class SendingTest {
    private static FramedSocket socket(Valve peer) {
        return new FramedSocket(peer, Side.server(WebSocketLimits.DEFAULT, new ByteBudget(1 << 20)), null, null);
    }

    private static List<String> decoded(Valve peer) throws ProtocolViolation {
        return Bytes.decode(new FrameDecoder(WebSocketLimits.DEFAULT, false), peer.taken.toByteArray());
    }

    /** It paid for another's frame, which the network did not take, when the peer closed; then it is polled for whatever reason. */
    @Test
    void whoGivesUpWhilePayingLeavesTheStreamToTheOthers() throws Exception {
        Valve peer = new Valve(10);
        FramedSocket socket = socket(peer);
        var dropped = TestTask.spawn(socket.send("a".repeat(20)));
        dropped.assertPending();
        dropped.drop();
        var paying = TestTask.spawn(socket.send("never sent"));
        paying.assertPending();
        peer.say(Bytes.frame(0x88, Bytes.hex("03e8")));
        TestTask.spawn(socket.receive()).assertFailed(WebSocketClosed.class);
        paying.assertFailed(WebSocketClosed.class);
        assertFalse(peer.hasWriter());
        peer.open(1000);
        TestTask.spawn(Send.debts(socket)).assertReady();
        assertEquals(List.of("text " + "a".repeat(20), "close 1000 "), decoded(peer));
    }

    /** The peer stops speaking without a close frame, while it has half of a message. */
    @Test
    void aMessageThatWasCutShortIsNotSaidToBeSent() throws Exception {
        for (boolean takesMore : new boolean[] {true, false}) {
            Valve peer = new Valve(10);
            FramedSocket socket = socket(peer);
            var half = TestTask.spawn(socket.send("a".repeat(20)));
            var next = TestTask.spawn(socket.send("b"));
            half.assertPending();
            next.assertPending();
            peer.leave();
            TestTask.spawn(socket.receive()).assertFailed(WebSocketClosed.class);
            assertEquals(1, half.wakes());
            assertEquals(1, next.wakes());
            if (takesMore) {
                peer.open(1000);
            }
            assertEquals(1006, half.assertFailed(WebSocketClosed.class).code());
            assertEquals(1006, next.assertFailed(WebSocketClosed.class).code());
            assertFalse(peer.hasWriter());
            assertEquals(10, peer.taken.size());
        }
    }

    /** {@return {@code future}, with a first poll that has so much of its budget left} */
    private static <T> Future<T> after(int left, Future<T> future) {
        var spent = new boolean[1];
        return Futures.pollFn(cx -> {
            for (int i = left; !spent[0] && i < 128; i++) {
                cx.spend();
            }
            spent[0] = true;
            return future.poll(cx);
        });
    }

    /** Wherever the budget ends, whoever was polled first goes out first. */
    @Test
    void theOrderIsThatOfTheFirstPolls() throws Exception {
        for (int left = 0; left < 4; left++) {
            Valve peer = new Valve(1000);
            FramedSocket socket = socket(peer);
            var all = TestTask.spawn(after(left, join(socket.send("a"), socket.send("b"), socket.send("c"))));
            while (!all.isEnded()) {
                all.poll();
            }
            assertEquals(List.of("text a", "text b", "text c"), decoded(peer), "with " + left + " left");
        }
    }

    /** A send that fails for a reason of its own makes way for the next. */
    @Test
    void aSendThatFailsDoesNotHoldTheOthers() throws Exception {
        Valve peer = new Valve(1000);
        FramedSocket socket = socket(peer);
        TestTask.spawn(new Send(socket, Frames.BINARY, null)).assertFailed(NullPointerException.class);
        TestTask.spawn(socket.send("next")).assertReady();
        assertEquals(List.of("text next"), decoded(peer));
    }
}
