package dev.latent.channel;

import static dev.latent.channel.Polled.pending;
import static dev.latent.channel.Polled.ready;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Nowhere;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.channel.Explorer.Run;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OneshotTest {
    private final List<String> lost = new ArrayList<>();
    private final Oneshot<String> oneshot = Oneshot.create(lost::add);

    @Test
    void theValueArrives() throws Exception {
        assertTrue(oneshot.send("a"));
        assertFalse(oneshot.send("b"), "it has one already");
        assertEquals("a", ready(oneshot.receive()));
        assertFalse(oneshot.send("c"));
        assertTrue(oneshot.isClosed());
        assertThrows(ChannelClosedException.class, () -> ready(oneshot.receive()));
        oneshot.close();
        assertEquals(List.of(), lost);
    }

    @Test
    void whoWaitsIsWoken() throws Exception {
        var waits = pending(oneshot.receive());
        waits.isPending();
        oneshot.send("a");
        assertEquals("a", waits.isWoken().isReady());
    }

    @Test
    void itMayBeAskedForAgainAfterADrop() throws Exception {
        var dropped = pending(oneshot.receive());
        dropped.drop();
        var waits = pending(oneshot.receive());
        oneshot.send("a");
        dropped.isNotWoken();
        assertEquals("a", waits.isWoken().isReady());
    }

    @Test
    void droppedBetweenTheSendAndThePollItIsStillThere() throws Exception {
        var dropped = pending(oneshot.receive());
        oneshot.send("a");
        dropped.isWoken().drop();
        assertEquals("a", ready(oneshot.receive()));
    }

    @Test
    void whatWasFoundAndNotReceivedIsThereAgain() throws Exception {
        oneshot.send("a");
        var found = new Polled<>(oneshot.receive());
        found.undelivered(found.isReady());
        assertFalse(oneshot.isClosed());
        assertEquals("a", ready(oneshot.receive()));
    }

    @Test
    void whatWasFoundAndNotReceivedAfterTheCloseIsUndelivered() throws Exception {
        oneshot.send("a");
        var found = new Polled<>(oneshot.receive());
        String a = found.isReady();
        oneshot.close();
        assertEquals(List.of(), lost);
        found.undelivered(a);
        assertEquals(List.of("a"), lost);
    }

    @Test
    void onceNobodyWillReceiveSendGivesFalse() throws Exception {
        var closed = pending(oneshot.closed());
        oneshot.close();
        oneshot.close();
        closed.isWoken().isReady();
        ready(oneshot.closed());
        assertFalse(oneshot.send("a"));
        assertEquals(List.of(), lost, "it is still the sender's");
    }

    @Test
    void aSenderThatGivesUpEndsTheWait() throws Exception {
        var waits = pending(oneshot.receive());
        oneshot.close();
        assertThrows(ChannelClosedException.class, waits.isWoken()::poll);
    }

    @Test
    void aValueThatWasSentAndNotReceivedIsUndelivered() {
        oneshot.send("a");
        oneshot.close();
        assertEquals(List.of("a"), lost);
        List<String> closed = new ArrayList<>();
        Oneshot<Releasable> held = Oneshot.create();
        held.send(() -> closed.add("held"));
        held.close();
        assertEquals(List.of("held"), closed);
    }

    @Test
    void twoTasksAreRefused() throws Exception {
        pending(oneshot.receive());
        assertThrows(IllegalStateException.class, () -> ready(oneshot.receive()));
    }

    @Test
    void theNowPath() throws Exception {
        Context cx = new Context(new Nowhere());
        assertSame(Poll.pending(), oneshot.receiveNow(cx));
        oneshot.send("a");
        assertEquals("a", oneshot.receiveNow(cx));
        assertSame(Poll.pending(), oneshot.receiveNow(cx));
    }

    /** Every order of one who asks, may be dropped and asks again, and two who answer. */
    @Test
    void whoWaitsForTheEndIsToldHoweverTheValueIsReceived() throws Exception {
        for (boolean now : new boolean[] {false, true}) {
            Oneshot<String> oneshot = Oneshot.create();
            Polled<Void> closed = pending(oneshot.closed());
            oneshot.send("a");
            closed.isNotWoken();
            assertEquals("a", now ? oneshot.receiveNow(new Context(new Nowhere())) : ready(oneshot.receive()));
            closed.isWoken().isReady();
        }
    }

    @Test
    void everyOrder() {
        class Asked extends Run {
            final List<String> lost = new ArrayList<>();
            final List<String> sent = new ArrayList<>();
            final List<String> received = new ArrayList<>();
            final Oneshot<String> oneshot = Oneshot.create(lost::add);

            Asked() {
                task(
                        Explorer.await("receive", oneshot::receive, received::add),
                        Explorer.await("receive", oneshot::receive, received::add),
                        Explorer.call("close", oneshot::close));
                task(Explorer.call("send", () -> send("a")));
                task(Explorer.call("send", () -> send("b")));
                task(Explorer.await("closed", oneshot::closed, _ -> assertFalse(oneshot.send("late"))));
            }

            private void send(String value) {
                if (oneshot.send(value)) {
                    sent.add(value);
                }
            }

            @Override
            boolean threw(int task, Exception thrown) {
                return true;
            }

            @Override
            void check(List<Integer> stuck) {
                oneshot.close();
                List<String> all = new ArrayList<>(received);
                all.addAll(lost);
                assertEquals(sent, all);
            }
        }
        long orders = Explorer.explore(2, Asked::new);
        System.out.println("oneshot: " + orders + " orders");
    }
}
