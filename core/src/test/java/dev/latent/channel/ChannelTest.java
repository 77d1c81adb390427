package dev.latent.channel;

import static dev.latent.channel.Polled.pending;
import static dev.latent.channel.Polled.ready;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Context;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.Now;
import dev.latent.Nowhere;
import dev.latent.Poll;
import dev.latent.Releasable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChannelTest {
    private final List<String> lost = new ArrayList<>();

    private List<Channel<String>> allKinds() {
        return List.of(
                Channel.bounded(3, lost::add),
                Channel.local(3, lost::add),
                Channel.unbounded(lost::add),
                Channel.dropOldest(3, lost::add),
                Channel.dropLatest(3, lost::add));
    }

    private static <T> Item<T> item(T value) {
        return new Item<>(value);
    }

    // ---- what every kind does
    // -----------------------------------------------------------------------------------------

    @Test
    void whatIsSentIsReceivedInOrder() throws Exception {
        for (Channel<String> channel : allKinds()) {
            Receiver<String> inbox = channel.receiver();
            for (int round = 0; round < 20; round++) {
                ready(channel.send("a" + round));
                assertEquals(Sent.SENT, channel.trySend("b" + round));
                assertEquals(2, inbox.size());
                assertEquals(item("a" + round), ready(inbox.next()));
                assertEquals("b" + round, ready(inbox.receive()));
                assertEquals(Now.empty(), inbox.tryReceive());
            }
        }
        assertEquals(List.of(), lost);
    }

    @Test
    void aSendDoesNothingUntilItIsPolled() {
        for (Channel<String> channel : allKinds()) {
            channel.send("never").drop();
            assertEquals(0, channel.size());
        }
    }

    @Test
    void closingLetsWhatWasSentBeReceived() throws Exception {
        for (Channel<String> channel : allKinds()) {
            Receiver<String> inbox = channel.receiver();
            ready(channel.send("a"));
            ready(channel.send("b"));
            channel.close();
            channel.close();
            assertTrue(channel.isClosed());
            assertEquals(Sent.CLOSED, channel.trySend("c"));
            assertThrows(ChannelClosedException.class, () -> ready(channel.send("c")));
            assertThrows(ChannelClosedException.class, () -> ready(channel.reserve()));
            assertEquals(Optional.empty(), channel.tryReserve());
            assertEquals(item("a"), inbox.tryReceive());
            assertEquals(item("b"), ready(inbox.next()));
            assertSame(Next.end(), ready(inbox.next()));
            assertSame(Next.end(), ready(inbox.next()));
            assertSame(Next.end(), inbox.tryReceive());
            assertThrows(ChannelClosedException.class, () -> ready(inbox.receive()));
            assertEquals(0, ready(inbox.receiveMany(new ArrayList<>(), 5)));
        }
        assertEquals(List.of(), lost);
    }

    @Test
    void whoWaitsHearsOfTheEnd() throws Exception {
        for (Channel<String> channel : allKinds()) {
            Receiver<String> inbox = channel.receiver();
            var one = pending(inbox.next());
            var other = pending(channel.receiver().receive());
            channel.close();
            assertSame(Next.end(), one.isWoken().isReady());
            assertThrows(ChannelClosedException.class, other.isWoken()::poll);
        }
    }

    @Test
    void receiversAreServedInTheOrderInWhichTheyCame() throws Exception {
        for (Channel<String> channel : allKinds()) {
            Receiver<String> inbox = channel.receiver();
            var first = pending(inbox.next());
            var second = pending(inbox.next());
            channel.trySend("a");
            first.isWoken();
            second.isNotWoken();
            assertEquals(Now.empty(), inbox.tryReceive(), "it is promised to the first");
            var third = pending(inbox.next());
            channel.trySend("b");
            channel.trySend("c");
            second.isWoken();
            third.isWoken();
            assertEquals(item("a"), third.isReady(), "each gets one, the oldest first");
            assertEquals(item("b"), first.isReady());
            assertEquals(item("c"), second.isReady());
        }
    }

    @Test
    void aToldReceiverThatIsDroppedPassesItOn() throws Exception {
        for (Channel<String> channel : allKinds()) {
            Receiver<String> inbox = channel.receiver();
            var first = pending(inbox.next());
            var second = pending(inbox.receive());
            channel.trySend("a");
            first.isWoken().drop();
            assertEquals("a", second.isWoken().isReady());
        }
    }

    @Test
    void whatComesBackStandsInItsOldOrder() throws Exception {
        for (boolean forward : new boolean[] {true, false}) {
            Channel<String> channel = Channel.bounded(4);
            Receiver<String> inbox = channel.receiver();
            for (String each : List.of("a", "b", "c", "d")) {
                channel.trySend(each);
            }
            var first = new Polled<>(inbox.next());
            var second = new Polled<>(inbox.receive());
            var third = new Polled<>(inbox.next());
            var a = first.isReady();
            var b = second.isReady();
            var c = third.isReady();
            second.undelivered(b);
            (forward ? first : third).undelivered(forward ? a : c);
            (forward ? third : first).undelivered(forward ? c : a);
            assertEquals(4, inbox.size());
            var again = new Polled<>(inbox.next());
            assertEquals(item("a"), again.isReady());
            again.undelivered(item("a"));
            List<String> all = new ArrayList<>();
            assertEquals(2, ready(inbox.receiveMany(all, 2)));
            ready(inbox.receiveMany(all, 9));
            assertEquals(List.of("a", "b", "c", "d"), all);
        }
    }

    @Test
    void whoIsRefusedReadsWhy() {
        Channel<String> channel = Channel.bounded(2);
        assertEquals(
                "reserveMany(0): at least 1",
                assertThrows(IllegalArgumentException.class, () -> channel.reserveMany(0))
                        .getMessage());
        assertEquals(
                "reserveMany(3): at least 1, and at most the 2 that Channel.bounded(2) ever has",
                assertThrows(IllegalArgumentException.class, () -> channel.reserveMany(3))
                        .getMessage());
        channel.receiver().close();
        assertEquals(
                "the last receiver of Channel.bounded(2) has closed",
                assertThrows(ChannelClosedException.class, () -> ready(channel.send("a")))
                        .getMessage());
    }

    @Test
    void aListThatCannotEvenTellItsSizeTakesNothing() throws Exception {
        Channel<String> channel = Channel.bounded(4);
        Receiver<String> inbox = channel.receiver();
        channel.trySend("a");
        channel.trySend("b");
        for (int fails : new int[] {1, 2}) {
            int[] asked = {0};
            List<String> bad = new ArrayList<>() {
                private static final long serialVersionUID = 1;

                @Override
                public int size() {
                    if (++asked[0] == fails) {
                        throw new IllegalStateException("size");
                    }
                    return 0;
                }

                @Override
                public boolean addAll(java.util.Collection<? extends String> all) {
                    throw new IllegalStateException("add");
                }
            };
            assertThrows(IllegalStateException.class, () -> ready(inbox.receiveMany(bad, 2)));
            assertEquals(2, inbox.size());
        }
        assertEquals(item("a"), inbox.tryReceive());
        assertEquals(item("b"), inbox.tryReceive());
    }

    @Test
    void aWaitingReceiverThatIsDroppedIsNotTold() throws Exception {
        for (Channel<String> channel : allKinds()) {
            Receiver<String> inbox = channel.receiver();
            var first = pending(inbox.next());
            var second = pending(inbox.next());
            first.drop();
            channel.trySend("a");
            first.isNotWoken();
            assertEquals(item("a"), second.isWoken().isReady());
        }
    }

    @Test
    void theWakerOfTheLatestPollIsWoken() throws Exception {
        Channel<String> channel = Channel.unbounded();
        var next = channel.receiver().next();
        var here = pending(next);
        dev.latent.Owners.unclaim(next, here);
        var there = pending(next);
        channel.trySend("a");
        here.isNotWoken();
        assertEquals(item("a"), there.isWoken().isReady());
    }

    @Test
    void whatWasFoundAndNotReceivedComesFirstAgain() throws Exception {
        for (Channel<String> channel : allKinds()) {
            Receiver<String> inbox = channel.receiver();
            channel.trySend("a");
            channel.trySend("b");
            var next = new Polled<>(inbox.next());
            var receive = new Polled<>(inbox.receive());
            Next<String> a = next.isReady();
            String b = receive.isReady();
            var waits = pending(inbox.next());
            receive.undelivered(b);
            next.undelivered(a);
            waits.isWoken();
            assertEquals(item("a"), inbox.tryReceive(), "one is promised, and whoever comes first has the oldest");
            assertEquals(item("b"), waits.isReady());
            assertEquals(0, inbox.size());
        }
    }

    @Test
    void whatCantBePutBackIsUndelivered() throws Exception {
        for (Channel<String> channel : allKinds()) {
            lost.clear();
            Receiver<String> inbox = channel.receiver();
            channel.trySend("a");
            var next = new Polled<>(inbox.next());
            var a = next.isReady();
            inbox.close();
            next.undelivered(a);
            next.undelivered(Next.end());
            assertEquals(List.of("a"), lost);
        }
    }

    @Test
    void theLastReceiverDropsTheChannel() throws Exception {
        for (Channel<String> channel : allKinds()) {
            lost.clear();
            Receiver<String> one = channel.receiver();
            Receiver<String> other = channel.receiver();
            channel.trySend("a");
            channel.trySend("b");
            var closed = pending(channel.closed());
            one.close();
            one.close();
            assertSame(Next.end(), one.tryReceive());
            assertSame(Next.end(), ready(one.next()));
            assertEquals(Sent.SENT, channel.trySend("c"));
            closed.isNotWoken();
            other.close();
            assertEquals(List.of("a", "b", "c"), lost);
            assertEquals(Sent.CLOSED, channel.trySend("d"));
            assertNull(closed.isWoken().isReady());
            assertThrows(ChannelClosedException.class, channel::receiver);
            assertThrows(ChannelClosedException.class, channel::newSender);
        }
    }

    @Test
    void aReceiverThatClosesEndsItsOwnWaitsOnly() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        Receiver<String> one = channel.receiver();
        Receiver<String> other = channel.receiver();
        var first = pending(other.next());
        var its = pending(one.next());
        var last = pending(other.next());
        one.close();
        assertSame(Next.end(), its.isWoken().isReady());
        channel.trySend("a");
        first.isWoken();
        last.isNotWoken();
    }

    @Test
    void aToldReceiverWhoseHandleClosesPassesItOn() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        Receiver<String> one = channel.receiver();
        Receiver<String> other = channel.receiver();
        var its = pending(one.next());
        var waits = pending(other.next());
        channel.trySend("a");
        its.isWoken();
        one.close();
        assertSame(Next.end(), its.isReady());
        assertEquals(item("a"), waits.isWoken().isReady());
    }

    @Test
    void oneThatThrowsKeepsNoOtherFromItsMessage() throws Exception {
        List<String> closed = new ArrayList<>();
        Channel<Releasable> channel = Channel.bounded(3);
        channel.trySend(() -> closed.add("a"));
        channel.trySend(() -> {
            throw new IllegalStateException("its close, which is logged");
        });
        channel.trySend(() -> closed.add("c"));
        channel.receiver().close();
        assertEquals(List.of("a", "c"), closed);
    }

    @Test
    void onUndeliveredIsCalledUnderNoLock() throws Exception {
        List<Object> seen = new ArrayList<>();
        List<Channel<String>> self = new ArrayList<>();
        Channel<String> channel = Channel.dropOldest(1, message -> {
            seen.add(message);
            seen.add(self.getFirst().size());
            seen.add(self.getFirst().trySend("from within"));
        });
        self.add(channel);
        Receiver<String> inbox = channel.receiver();
        channel.trySend("a");
        inbox.close();
        assertEquals(List.of("a", 0, Sent.CLOSED), seen);
    }

    // ---- bounded
    // --------------------------------------------------------------------------------------------------------

    @Test
    void sendersWaitInTheOrderInWhichTheyCame() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        Receiver<String> inbox = channel.receiver();
        ready(channel.send("a"));
        var b = pending(channel.send("b"));
        var c = pending(channel.send("c"));
        assertEquals(Sent.FULL, channel.trySend("x"));
        assertEquals(item("a"), inbox.tryReceive());
        b.isWoken();
        c.isNotWoken();
        assertEquals(Sent.FULL, channel.trySend("x"), "the place is kept for b");
        assertEquals(Optional.empty(), channel.tryReserve());
        c.isPending();
        assertNull(b.isReady());
        assertEquals(item("b"), inbox.tryReceive());
        assertNull(c.isWoken().isReady());
        assertEquals(item("c"), inbox.tryReceive());
        assertEquals(Sent.SENT, channel.trySend("x"));
    }

    @Test
    void aDroppedSendLeavesItsValueAndPassesItsPlaceOn() throws Exception {
        Channel<String> channel = Channel.bounded(1, lost::add);
        Receiver<String> inbox = channel.receiver();
        channel.trySend("a");
        var b = pending(channel.send("b"));
        var c = pending(channel.send("c"));
        inbox.tryReceive();
        b.isWoken().drop();
        assertNull(c.isWoken().isReady());
        assertEquals(item("c"), inbox.tryReceive());
        var d = pendingBehindOne(channel);
        d.drop();
        inbox.tryReceive();
        d.isNotWoken();
        assertEquals(Sent.SENT, channel.trySend("e"));
        assertEquals(List.of(), lost);
    }

    private static Polled<Void> pendingBehindOne(Channel<String> channel) throws Exception {
        channel.trySend("x");
        return pending(channel.send("d"));
    }

    @Test
    void aDroppedReserveGivesItsPlaceToTheNext() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        Receiver<String> inbox = channel.receiver();
        channel.trySend("a");
        var reserve = pending(channel.reserve());
        var send = pending(channel.send("b"));
        inbox.tryReceive();
        reserve.isWoken().drop();
        assertNull(send.isWoken().isReady());
        inbox.tryReceive();

        var lostPermit = new Polled<>(channel.reserve());
        Permit<String> permit = lostPermit.isReady();
        var waits = pending(channel.send("c"));
        lostPermit.undelivered(permit);
        assertNull(waits.isWoken().isReady());
    }

    @Test
    void sendsThatWaitFailWhenItIsClosedGrantedOrNot() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        Receiver<String> inbox = channel.receiver();
        channel.trySend("a");
        var granted = pending(channel.send("b"));
        var waits = pending(channel.send("c"));
        var reserves = pending(channel.reserve());
        var next = new Polled<>(inbox.next());
        next.isReady();
        granted.isWoken();
        channel.close();
        assertThrows(ChannelClosedException.class, granted::poll);
        assertThrows(ChannelClosedException.class, waits.isWoken()::poll);
        assertThrows(ChannelClosedException.class, reserves.isWoken()::poll);
        assertSame(Next.end(), ready(inbox.next()));
    }

    @Test
    void permitsSendAfterTheClose() throws Exception {
        Channel<String> channel = Channel.bounded(2);
        Receiver<String> inbox = channel.receiver();
        Permit<String> one = ready(channel.reserve());
        Permit<String> other = channel.tryReserve().orElseThrow();
        assertEquals(Sent.FULL, channel.trySend("x"));
        channel.close();
        var next = pending(inbox.next());
        assertTrue(one.send("a"));
        assertEquals(item("a"), next.isWoken().isReady());
        var last = pending(inbox.next());
        other.close();
        other.close();
        assertSame(Next.end(), last.isWoken().isReady());
        assertThrows(IllegalStateException.class, () -> other.send("b"));
        assertThrows(IllegalStateException.class, () -> one.send("b"));
        one.close();
    }

    @Test
    void aPermitAfterTheLastReceiverSendsNothing() throws Exception {
        Channel<String> channel = Channel.bounded(2, lost::add);
        Receiver<String> inbox = channel.receiver();
        Permit<String> permit = ready(channel.reserve());
        inbox.close();
        assertFalse(permit.send("mine"));
        assertEquals(List.of(), lost, "it is still the sender's");
    }

    @Test
    void manyPlacesAtOnceAreNotPassedBy() throws Exception {
        Channel<String> channel = Channel.bounded(3);
        Receiver<String> inbox = channel.receiver();
        channel.trySend("a");
        channel.trySend("b");
        var many = pending(channel.reserveMany(3));
        var small = pending(channel.send("c"));
        assertEquals(Sent.FULL, channel.trySend("x"), "a place is free, but somebody waits");
        inbox.tryReceive();
        many.isNotWoken();
        small.isNotWoken();
        inbox.tryReceive();
        Permit<String> permit = many.isWoken().isReady();
        assertEquals(3, permit.left());
        assertTrue(permit.send("d"));
        small.isNotWoken();
        permit.close();
        assertNull(small.isWoken().isReady());
        assertEquals(item("d"), inbox.tryReceive());
        assertEquals(item("c"), inbox.tryReceive());
        assertThrows(IllegalArgumentException.class, () -> channel.reserveMany(4));
        assertThrows(IllegalArgumentException.class, () -> channel.reserveMany(0));
    }

    @Test
    void aLargeReserveThatIsDroppedLetsTheOthersThrough() throws Exception {
        Channel<String> channel = Channel.bounded(3);
        channel.receiver();
        channel.trySend("a");
        var many = pending(channel.reserveMany(3));
        var b = pending(channel.send("b"));
        var c = pending(channel.send("c"));
        var d = pending(channel.send("d"));
        many.drop();
        b.isWoken();
        c.isWoken();
        d.isNotWoken();
    }

    @Test
    void puttingBackMayExceedTheCapacityForAMoment() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        Receiver<String> inbox = channel.receiver();
        channel.trySend("a");
        var next = new Polled<>(inbox.next());
        var a = next.isReady();
        channel.trySend("b");
        next.undelivered(a);
        assertEquals(2, inbox.size());
        var c = pending(channel.send("c"));
        assertEquals(item("a"), inbox.tryReceive());
        c.isNotWoken();
        assertEquals(item("b"), inbox.tryReceive());
        assertNull(c.isWoken().isReady());
    }

    @Test
    void noPlacesAreRefusedByName() {
        var refused = assertThrows(IllegalArgumentException.class, () -> Channel.bounded(0));
        assertTrue(refused.getMessage().contains("rendezvous()"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Channel.dropOldest(0));
        assertThrows(IllegalArgumentException.class, () -> Channel.dropLatest(-1));
        assertThrows(NullPointerException.class, () -> Channel.bounded(1).send(null));
        assertThrows(NullPointerException.class, () -> Channel.bounded(1).trySend(null));
    }

    // ---- many at once
    // ---------------------------------------------------------------------------------------------------

    @Test
    void manyAreReceivedAtOnce() throws Exception {
        Channel<String> channel = Channel.bounded(4);
        Receiver<String> inbox = channel.receiver();
        List<String> got = new ArrayList<>();
        var first = pending(inbox.receiveMany(got, 3));
        channel.trySend("a");
        assertEquals(1, first.isWoken().isReady());
        for (String s : List.of("b", "c", "d", "e")) {
            channel.trySend(s);
        }
        var f = pending(channel.send("f"));
        var g = pending(channel.send("g"));
        assertEquals(3, ready(inbox.receiveMany(got, 3)));
        f.isWoken().isReady();
        g.isWoken().isReady();
        assertEquals(3, ready(inbox.receiveMany(got, 10)));
        assertEquals(List.of("a", "b", "c", "d", "e", "f", "g"), got);
        assertThrows(IllegalArgumentException.class, () -> inbox.receiveMany(got, 0));
    }

    @Test
    void aListThatRefusesLosesNothing() throws Exception {
        Channel<String> channel = Channel.bounded(4);
        Receiver<String> inbox = channel.receiver();
        channel.trySend("a");
        channel.trySend("b");
        assertThrows(UnsupportedOperationException.class, () -> ready(inbox.receiveMany(List.of(), 3)));
        assertEquals(item("a"), inbox.tryReceive());
        assertEquals(item("b"), inbox.tryReceive());
    }

    @Test
    void whatIsPromisedIsNotReceivedByOneOfMany() throws Exception {
        Channel<String> channel = Channel.bounded(4);
        Receiver<String> inbox = channel.receiver();
        var waits = pending(inbox.next());
        channel.trySend("a");
        channel.trySend("b");
        List<String> got = new ArrayList<>();
        assertEquals(1, ready(inbox.receiveMany(got, 5)));
        waits.isWoken();
        assertEquals(item("b"), waits.isReady());
    }

    // ---- a rendezvous
    // ---------------------------------------------------------------------------------------------------

    @Test
    void aRendezvousNeedsBoth() throws Exception {
        Channel<String> channel = Channel.rendezvous();
        Receiver<String> inbox = channel.receiver();
        assertEquals(Sent.FULL, channel.trySend("x"));
        var send = pending(channel.send("a"));
        assertEquals(Now.empty(), inbox.tryReceive());
        var next = pending(inbox.next());
        send.isWoken();
        next.isNotWoken();
        assertEquals(Sent.FULL, channel.trySend("x"), "the receiver is a's");
        assertNull(send.isReady());
        assertEquals(item("a"), next.isWoken().isReady());
        assertEquals(Sent.FULL, channel.trySend("x"));
        var waits = pending(inbox.receive());
        assertEquals(Sent.SENT, channel.trySend("b"));
        assertEquals(Sent.FULL, channel.trySend("c"));
        assertEquals("b", waits.isWoken().isReady());
    }

    @Test
    void aReceiverThatLeavesARendezvousTakesItsPlaceAlong() throws Exception {
        Channel<String> channel = Channel.rendezvous();
        Receiver<String> inbox = channel.receiver();
        pending(inbox.next()).drop();
        assertEquals(Sent.FULL, channel.trySend("x"));

        var told = pending(inbox.next());
        assertEquals(Sent.SENT, channel.trySend("a"));
        told.isWoken().drop();
        assertEquals(1, inbox.size());
        assertEquals(Sent.FULL, channel.trySend("x"));
        assertEquals(item("a"), ready(inbox.next()), "the next gets it");
        assertEquals(Sent.FULL, channel.trySend("x"));
        pending(inbox.next());
        assertEquals(Sent.SENT, channel.trySend("b"));
    }

    @Test
    void manySendersMeetManyReceivers() throws Exception {
        Channel<String> channel = Channel.rendezvous();
        Receiver<String> inbox = channel.receiver();
        var a = pending(channel.send("a"));
        var b = pending(channel.send("b"));
        var one = pending(inbox.next());
        a.isWoken();
        b.isNotWoken();
        var other = pending(inbox.next());
        b.isWoken();
        b.isReady();
        a.isReady();
        assertEquals(item("b"), one.isWoken().isReady());
        assertEquals(item("a"), other.isWoken().isReady());
    }

    @Test
    void aGrantedSenderThatLeavesARendezvousPassesTheReceiverOn() throws Exception {
        Channel<String> channel = Channel.rendezvous();
        Receiver<String> inbox = channel.receiver();
        var a = pending(channel.send("a"));
        var b = pending(channel.send("b"));
        var next = pending(inbox.next());
        a.isWoken().drop();
        b.isWoken().isReady();
        assertEquals(item("b"), next.isWoken().isReady());
    }

    @Test
    void aRendezvousThatIsClosedEndsAtOnce() throws Exception {
        Channel<String> channel = Channel.rendezvous();
        Receiver<String> inbox = channel.receiver();
        var send = pending(channel.send("a"));
        channel.close();
        assertThrows(ChannelClosedException.class, send.isWoken()::poll);
        assertSame(Next.end(), ready(inbox.next()));
    }

    // ---- channels that drop
    // ---------------------------------------------------------------------------------------------

    @Test
    void theOldestIsDropped() throws Exception {
        Channel<String> channel = Channel.dropOldest(2, lost::add);
        Receiver<String> inbox = channel.receiver();
        for (String s : List.of("a", "b", "c")) {
            ready(channel.send(s));
        }
        assertEquals(Sent.SENT, channel.trySend("d"));
        assertEquals(List.of("a", "b"), lost);
        assertEquals(item("c"), inbox.tryReceive());
        assertEquals(item("d"), inbox.tryReceive());
    }

    @Test
    void theLatestIsDropped() throws Exception {
        Channel<String> channel = Channel.dropLatest(2, lost::add);
        Receiver<String> inbox = channel.receiver();
        for (String s : List.of("a", "b", "c")) {
            ready(channel.send(s));
        }
        assertEquals(Sent.SENT, channel.trySend("d"));
        assertEquals(List.of("c", "d"), lost);
        assertEquals(item("a"), inbox.tryReceive());
        assertEquals(Sent.SENT, channel.trySend("e"));
        assertEquals(item("b"), inbox.tryReceive());
        assertEquals(item("e"), inbox.tryReceive());
    }

    @Test
    void aMessageThatComesBackToAFullDropOldestIsTheOldest() throws Exception {
        Channel<String> channel = Channel.dropOldest(1, lost::add);
        Receiver<String> inbox = channel.receiver();
        channel.trySend("a");
        var next = new Polled<>(inbox.next());
        var a = next.isReady();
        channel.trySend("b");
        next.undelivered(a);
        assertEquals(List.of("a"), lost);
        assertEquals(item("b"), inbox.tryReceive());
    }

    @Test
    void permitsOfAChannelThatDropsPushOutToo() throws Exception {
        Channel<String> channel = Channel.dropOldest(1, lost::add);
        Receiver<String> inbox = channel.receiver();
        Permit<String> permit = ready(channel.reserveMany(2));
        assertTrue(permit.send("a"));
        assertTrue(permit.send("b"));
        assertEquals(List.of("a"), lost);
        assertEquals(item("b"), inbox.tryReceive());
    }

    // ---- the ends
    // -------------------------------------------------------------------------------------------------------

    @Test
    void theLastCountedSenderClosesTheChannel() throws Exception {
        Channel<String> channel = Channel.bounded(4);
        Receiver<String> inbox = channel.receiver();
        Sender<String> one = channel.newSender();
        Sender<String> other = one.newSender();
        ready(one.send("a"));
        one.close();
        one.close();
        assertTrue(one.isClosed());
        assertEquals(Sent.CLOSED, one.trySend("x"));
        assertThrows(ChannelClosedException.class, () -> ready(one.send("x")));
        assertThrows(ChannelClosedException.class, one::newSender);
        assertFalse(other.isClosed());
        assertEquals(Sent.SENT, other.trySend("b"));
        var closed = pending(other.closed());
        other.close();
        assertTrue(channel.isClosed());
        assertEquals(Sent.CLOSED, channel.trySend("x"));
        assertThrows(ChannelClosedException.class, channel::newSender);
        closed.isWoken().isReady();
        assertEquals(item("a"), inbox.tryReceive());
        assertEquals(item("b"), inbox.tryReceive());
        assertSame(Next.end(), inbox.tryReceive());
    }

    @Test
    void aWeakSenderKeepsNothingOpen() throws Exception {
        Channel<String> channel = Channel.bounded(4);
        Sender<String> sender = channel.newSender();
        WeakSender<String> weak = sender.weak();
        Sender<String> upgraded = weak.upgrade().orElseThrow();
        assertNotSame(sender, upgraded);
        sender.close();
        assertEquals(Sent.SENT, upgraded.trySend("a"));
        upgraded.close();
        assertEquals(Optional.empty(), weak.upgrade());
    }

    @Test
    void whoWaitsForTheCloseMayLeave() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        var stays = pending(channel.closed());
        var leaves = pending(channel.closed());
        leaves.drop();
        channel.close();
        stays.isWoken().isReady();
        leaves.isNotWoken();
        ready(channel.closed());
    }

    // ---- the way without a future
    // ---------------------------------------------------------------------------------------

    @Test
    void theNowPathSpendsTheSameBudgetAndHasNoOtherEffect() throws Exception {
        Channel<String> channel = Channel.unbounded();
        Receiver<String> inbox = channel.receiver();
        Context cx = new Context(new Nowhere());
        int[] wakes = {0};
        cx.begin(() -> wakes[0]++);
        assertSame(Poll.pending(), inbox.nextNow(cx));
        int sent = 0;
        while (channel.sendNow("m" + sent, cx) == null) {
            sent++;
        }
        assertEquals(128, sent, "the budget of a poll, of which the look at the empty channel has spent nothing");
        assertSame(Poll.pending(), inbox.nextNow(cx));
        assertSame(Poll.pending(), inbox.receiveNow(cx));
        assertEquals(0, wakes[0]);
        cx.begin(() -> wakes[0]++);
        assertEquals(item("m0"), inbox.nextNow(cx));
        assertEquals("m1", inbox.receiveNow(cx));
        channel.close();
        assertSame(Poll.pending(), channel.sendNow("x", cx), "the future throws");
        for (int i = 2; i < 128; i++) {
            assertEquals(item("m" + i), inbox.nextNow(cx));
        }
        assertSame(Poll.pending(), inbox.nextNow(cx));
        assertEquals(0, wakes[0]);
    }

    @Test
    void aFutureThatWaitsSpendsNothing() throws Exception {
        Channel<String> channel = Channel.bounded(1);
        Context cx = new Context(new Nowhere());
        cx.begin(() -> {});
        var next = channel.receiver().next();
        for (int i = 0; i < 1_000; i++) {
            assertFalse(next.poll(cx).isReady());
        }
        assertFalse(cx.isSpent());
        next.drop();
    }
}
