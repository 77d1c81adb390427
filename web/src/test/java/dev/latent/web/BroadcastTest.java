package dev.latent.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.latent.junit.TestTask;
import dev.latent.web.http.ByteBudget;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of broadcasts, poll by poll. */
@Timeout(60)
class BroadcastTest {
    private static final String SLOW = "you read too slowly";
    private static final int BUDGET = 128;

    private final ByteBudget budget = new ByteBudget(1 << 20);

    private final class Peer {
        final Valve valve;
        final FramedSocket socket;

        Peer(int room) {
            this(room, null);
        }

        Peer(int room, @org.jspecify.annotations.Nullable Compression compression) {
            this(new Valve(room), compression);
        }

        Peer(Valve valve, @org.jspecify.annotations.Nullable Compression compression) {
            this.valve = valve;
            socket = new FramedSocket(
                    valve,
                    new Side(WebSocketLimits.DEFAULT, budget, null, compression == null ? null : compression.deflate),
                    null,
                    null);
        }

        List<String> heard() throws Exception {
            return Bytes.decode(valve.taken.toByteArray());
        }

        TestTask<Message> receive() {
            var reader = TestTask.spawn(socket.receive());
            reader.assertPending();
            return reader;
        }
    }

    private static PreparedMessage message(int n) {
        return PreparedMessage.text("message " + n);
    }

    private static int length(int n) {
        return 2 + ("message " + n).length();
    }

    private static void send(Broadcast broadcast, int n) {
        TestTask.spawn(broadcast.send(message(n))).assertReady();
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> "text message " + n).toList();
    }

    private static List<Broadcast> allKinds(int capacity) {
        return List.of(
                Broadcast.dropOldest(capacity),
                Broadcast.closing(capacity, 1008, SLOW),
                Broadcast.waiting(capacity),
                Broadcast.waiting(capacity, Duration.ofSeconds(5), 1008, SLOW));
    }

    @Test
    void membersHearWhatIsSentWhileTheyAreThere() throws Exception {
        for (Broadcast broadcast : allKinds(2)) {
            var peers = List.of(new Peer(Valve.ALL), new Peer(Valve.ALL), new Peer(Valve.ALL));
            var first = broadcast.join(peers.get(0).socket);
            var second = broadcast.join(peers.get(1).socket);
            for (int n = 0; n < 5; n++) {
                send(broadcast, n);
            }
            first.close();
            broadcast.join(peers.get(2).socket);
            for (int n = 5; n < 9; n++) {
                send(broadcast, n);
            }
            assertEquals(2, broadcast.members());
            assertTrue(first.hasLeft());
            assertFalse(second.hasLeft());
            assertEquals(texts(0, 5), peers.get(0).heard());
            assertEquals(texts(0, 9), peers.get(1).heard());
            assertEquals(texts(5, 9), peers.get(2).heard());
            assertEquals(9, peers.get(1).valve.writes);
        }
    }

    @Test
    void whatTheNetworkDoesNotTakeIsTheReaders() throws Exception {
        for (Broadcast broadcast : allKinds(8)) {
            for (int room = 0; room < 3 * length(0); room++) {
                var slow = new Peer(room);
                var reader = slow.receive();
                try (var member = broadcast.join(slow.socket)) {
                    for (int n = 0; n < 5; n++) {
                        send(broadcast, n);
                    }
                    assertTrue(reader.wakes() > 0);
                    reader.assertPending();
                    int woken = reader.wakes();
                    int writes = slow.valve.writes;
                    slow.valve.open(Valve.ALL);
                    assertTrue(reader.wakes() > woken, "it waits for room");
                    reader.assertPending();
                    assertTrue(slow.valve.writes - writes <= 2, "the rest of a frame, and then all at once");
                    assertEquals(texts(0, 5), slow.heard(), "with room for " + room);
                    assertEquals(0, member.missed());
                }
                reader.drop();
            }
        }
    }

    /** Without a reader it is the next sender that finds room. */
    @Test
    void whereNobodyReceivesTheNextMessageBringsTheRest() throws Exception {
        for (Broadcast broadcast : allKinds(8)) {
            var slow = new Peer(3);
            broadcast.join(slow.socket);
            send(broadcast, 0);
            send(broadcast, 1);
            slow.valve.open(Valve.ALL);
            send(broadcast, 2);
            assertEquals(texts(0, 3), slow.heard());
        }
    }

    @Test
    void slowMembersMissTheOldest() throws Exception {
        var broadcast = Broadcast.dropOldest(3);
        var fast = new Peer(Valve.ALL);
        var slow = new Peer(length(0) + 4);
        broadcast.join(fast.socket);
        var member = broadcast.join(slow.socket);
        var reader = slow.receive();
        for (int n = 0; n < 8; n++) {
            send(broadcast, n);
            reader.assertPending();
        }
        assertEquals(3, member.missed()); // 0 is out, 1 has begun, 5 to 7 are kept
        slow.valve.open(Valve.ALL);
        reader.assertPending();
        assertEquals(
                List.of("text message 0", "text message 1", "text message 5", "text message 6", "text message 7"),
                slow.heard());
        assertEquals(texts(0, 8), fast.heard());
        send(broadcast, 8);
        assertEquals("text message 8", slow.heard().getLast());
        assertEquals(3, member.missed());
    }

    @Test
    void slowMembersAreClosed() throws Exception {
        var broadcast = Broadcast.closing(3, 4001, SLOW);
        var fast = new Peer(Valve.ALL);
        var slow = new Peer(length(0) + 4);
        broadcast.join(fast.socket);
        var member = broadcast.join(slow.socket);
        var reader = slow.receive();
        for (int n = 0; n < 5; n++) {
            send(broadcast, n);
            reader.assertPending();
        }
        assertFalse(member.hasLeft());
        int woken = reader.wakes();
        send(broadcast, 5);
        assertTrue(member.hasLeft());
        assertEquals(1, broadcast.members());
        assertTrue(reader.wakes() > woken);
        WebSocketClosed closed = reader.assertFailed(WebSocketClosed.class);
        assertEquals(4001, closed.code());
        assertEquals(SLOW, closed.reason());
        TestTask.spawn(slow.socket.send("too late")).assertFailed(WebSocketClosed.class);
        slow.valve.open(Valve.ALL);
        reader.runOthers();
        assertEquals(List.of("text message 0", "text message 1", "close 4001 " + SLOW), slow.heard());
        assertEquals(texts(0, 6), fast.heard());
    }

    @Test
    void slowMembersAreWaitedFor() throws Exception {
        var broadcast = Broadcast.waiting(3);
        var fast = new Peer(Valve.ALL);
        var slow = new Peer(length(0) + 4);
        broadcast.join(fast.socket);
        broadcast.join(slow.socket);
        for (int n = 0; n < 5; n++) {
            send(broadcast, n);
        }
        var waiting = TestTask.spawn(broadcast.send(message(5)));
        waiting.assertPending();
        assertEquals(texts(0, 5), fast.heard());
        slow.valve.open(length(1)); // nobody receives there: who sends helps
        assertTrue(waiting.isWoken());
        waiting.assertPending(); // it has helped, and been told so
        assertTrue(waiting.isWoken());
        waiting.assertReady();
        assertEquals(texts(0, 6), fast.heard());
        slow.valve.open(Valve.ALL);
        send(broadcast, 6);
        assertEquals(texts(0, 7), slow.heard());
    }

    @Test
    void whoWaitsAndIsDroppedSendsNothing() throws Exception {
        var broadcast = Broadcast.waiting(1);
        var slow = new Peer(0);
        broadcast.join(slow.socket);
        send(broadcast, 0);
        var waiting = TestTask.spawn(broadcast.send(message(1)));
        waiting.assertPending();
        waiting.drop();
        assertFalse(slow.valve.hasWriter());
        slow.valve.open(Valve.ALL);
        send(broadcast, 2);
        assertEquals(List.of("text message 0", "text message 2"), slow.heard());
    }

    @Test
    void patienceEnds() throws Exception {
        var broadcast = Broadcast.waiting(2, Duration.ofSeconds(5), 1008, SLOW);
        var fast = new Peer(Valve.ALL);
        var slow = new Peer(4);
        broadcast.join(fast.socket);
        var member = broadcast.join(slow.socket);
        var reader = slow.receive();
        for (int n = 0; n < 3; n++) {
            send(broadcast, n);
        }
        var waiting = TestTask.spawn(broadcast.send(message(3)));
        waiting.assertPending();
        waiting.advance(Duration.ofSeconds(5).minusNanos(1));
        waiting.assertPending();
        assertFalse(member.hasLeft());
        waiting.advance(Duration.ofNanos(1));
        assertTrue(waiting.isWoken());
        waiting.assertReady();
        assertTrue(member.hasLeft());
        assertEquals(texts(0, 4), fast.heard());
        assertEquals(1008, reader.assertFailed(WebSocketClosed.class).code());
    }

    @Test
    void whoLeavesOrDiesHoldsNobodyUp() throws Exception {
        for (boolean dies : new boolean[] {false, true}) {
            var broadcast = Broadcast.waiting(1);
            var fast = new Peer(Valve.ALL);
            var slow = new Peer(0);
            broadcast.join(fast.socket);
            var member = broadcast.join(slow.socket);
            send(broadcast, 0);
            var waiting = TestTask.spawn(broadcast.send(message(1)));
            waiting.assertPending();
            if (dies) {
                slow.socket.close();
            } else {
                member.close();
            }
            assertTrue(member.hasLeft());
            assertTrue(waiting.isWoken());
            waiting.assertReady();
            assertEquals(texts(0, 2), fast.heard());
            assertEquals(List.of(), dies ? List.of() : slow.heard());
        }
    }

    @Test
    void whoComesIsToldWhatItHasToKnowFirst() throws Exception {
        for (Broadcast broadcast : allKinds(4)) {
            var peer = new Peer(Valve.ALL);
            try (var member = broadcast.joinPaused(peer.socket)) {
                send(broadcast, 0);
                send(broadcast, 1);
                TestTask.spawn(peer.socket.send("welcome")).assertReady();
                assertEquals(List.of("text welcome"), peer.heard());
                member.resume();
                peer.receive().drop();
                send(broadcast, 2);
                var all = new ArrayList<>(List.of("text welcome"));
                all.addAll(texts(0, 3));
                assertEquals(all, peer.heard());
            }
        }
    }

    /** One poll of a sender writes to as many members as it has budget, and asks to go on. */
    @Test
    void membersSpendTheBudget() throws Exception {
        var broadcast = Broadcast.dropOldest(4);
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            peers.add(new Peer(Valve.ALL));
            broadcast.join(peers.getLast().socket);
        }
        var sending = TestTask.spawn(broadcast.send(message(0)));
        int polls = 1;
        int before = 0;
        while (!sending.poll().isReady()) {
            assertTrue(sending.isWoken(), "it asks for its next turn");
            int now = peers.stream().mapToInt(peer -> peer.valve.writes).sum();
            assertTrue(now - before <= BUDGET, now - before + " in one poll");
            before = now;
            polls++;
        }
        assertTrue(polls >= 1000 / BUDGET, polls + " polls");
        for (Peer peer : peers) {
            assertEquals(texts(0, 1), peer.heard());
            assertEquals(1, peer.valve.writes);
        }
    }

    /** What a message takes is for all its members together, by far: one costs no object. */
    @Test
    void aDeliveryAllocatesNothing() throws Exception {
        int members = 2_000;
        int messages = 20;
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (Broadcast broadcast : allKinds(4)) {
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < members; i++) {
                peers.add(new Peer(Valve.forgetful(), null));
                broadcast.join(peers.getLast().socket);
            }
            long before = 0;
            for (int n = 0; n < 2 * messages; n++) {
                if (n == messages) {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                var sending = TestTask.spawn(broadcast.send(message(n)));
                while (!sending.poll().isReady()) {}
            }
            long each = (threads.getCurrentThreadAllocatedBytes() - before) / messages / members;
            assertTrue(each < 16, each + " bytes for a delivery");
            for (Peer peer : peers) {
                assertEquals(2 * messages, peer.valve.writes);
            }
        }
    }

    /** A member that has not been reached gets it by its own reader, or by the next message. */
    @Test
    void aSendThatIsDroppedHalfWayIsSentAllTheSame() throws Exception {
        var broadcast = Broadcast.waiting(4);
        List<Peer> peers = new ArrayList<>();
        List<TestTask<Message>> readers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            peers.add(new Peer(Valve.ALL));
            broadcast.join(peers.getLast().socket);
            if (i % 3 > 0) {
                readers.add(peers.getLast().receive());
            }
        }
        var sending = TestTask.spawn(broadcast.send(message(0)));
        sending.assertPending();
        assertTrue(peers.stream().anyMatch(peer -> peer.valve.writes == 0));
        sending.drop();
        for (var reader : readers) {
            if (reader.isWoken()) {
                reader.assertPending();
            }
        }
        for (int i = 0; i < 300; i++) {
            if (i % 3 > 0) {
                assertEquals(texts(0, 1), peers.get(i).heard());
            }
        }
        var next = TestTask.spawn(broadcast.send(message(1)));
        while (!next.poll().isReady()) {}
        for (Peer peer : peers) {
            assertEquals(texts(0, 2), peer.heard());
        }
    }

    /** Members come and go while a message is half-way through them. */
    @Test
    void whoComesAndGoesMeanwhile() throws Exception {
        var broadcast = Broadcast.closing(4, 1008, SLOW);
        List<Peer> peers = new ArrayList<>();
        List<Broadcast.Member> members = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            peers.add(new Peer(Valve.ALL));
            members.add(broadcast.join(peers.getLast().socket));
        }
        var sending = TestTask.spawn(broadcast.send(message(0)));
        sending.assertPending();
        for (int i = 0; i < 400; i += 2) {
            members.get(i).close();
        }
        var late = new Peer(Valve.ALL);
        broadcast.join(late.socket);
        while (!sending.poll().isReady()) {}
        assertEquals(List.of(), late.heard());
        for (int i = 1; i < 400; i += 2) {
            assertEquals(texts(0, 1), peers.get(i).heard());
        }
        assertEquals(201, broadcast.members());
    }

    @Test
    void aSocketHearsSeveralBroadcasts() throws Exception {
        var first = Broadcast.dropOldest(100);
        var second = Broadcast.dropOldest(100);
        var peer = new Peer(3);
        first.join(peer.socket);
        second.join(peer.socket);
        var reader = peer.receive();
        for (int n = 0; n < 10; n++) {
            send(first, n);
            send(second, 100 + n);
        }
        peer.valve.open(Valve.ALL);
        reader.assertPending();
        var heard = peer.heard();
        assertEquals(texts(0, 10), heard.stream().filter(texts(0, 10)::contains).toList());
        assertEquals(
                texts(100, 110),
                heard.stream().filter(texts(100, 110)::contains).toList());
        assertEquals(20, heard.size());
        peer.socket.close();
        assertEquals(0, first.members() + second.members());
    }

    /** A sender who waits gets its turn though messages come without end, and they go on behind it. */
    @Test
    void sendersAndBroadcastsTakeTurns() throws Exception {
        var broadcast = Broadcast.dropOldest(4);
        var peer = new Peer(0);
        broadcast.join(peer.socket);
        var reader = peer.receive();
        send(broadcast, 0);
        reader.assertPending();
        var own = TestTask.spawn(peer.socket.send("own"));
        own.assertPending();
        for (int n = 1; n < 3; n++) {
            send(broadcast, n);
        }
        peer.valve.open(Valve.ALL);
        reader.assertPending();
        own.assertReady();
        assertEquals(List.of("text message 0", "text message 1", "text message 2", "text own"), peer.heard());
    }

    @Test
    void membersOfSeveralForms() throws Exception {
        var broadcast = Broadcast.dropOldest(4);
        var plain = new Peer(Valve.ALL);
        var packed = new Peer(Valve.ALL, Compression.create(6, 1));
        var other = new Peer(Valve.ALL, Compression.create(9, 1));
        var valve = new Valve(Valve.ALL);
        var client = new FramedSocket(
                valve, new Side(WebSocketLimits.DEFAULT, null, new Masks(bytes -> {}), null), null, null);
        for (var socket : List.of(plain.socket, packed.socket, other.socket, client, new Peer(Valve.ALL).socket)) {
            broadcast.join(socket);
        }
        String text = "again ".repeat(100);
        for (int i = 0; i < 3; i++) {
            TestTask.spawn(broadcast.send(PreparedMessage.text(text))).assertReady();
        }
        assertEquals(List.of("text " + text, "text " + text, "text " + text), plain.heard());
        assertEquals(
                List.of("text " + text, "text " + text, "text " + text),
                Bytes.decode(new FrameDecoder(WebSocketLimits.DEFAULT, true), valve.taken.toByteArray()));
        for (Peer each : List.of(packed, other)) {
            assertTrue(each.valve.taken.size() < 200);
            var decoder = new FrameDecoder(WebSocketLimits.DEFAULT, false, each.socket);
            assertEquals(
                    3, Bytes.decode(decoder, each.valve.taken.toByteArray()).size());
        }
    }

    /** What one connection fails with is nothing to the others, or to the sender. */
    @Test
    void whatGoesWrongWithOneIsNothingToTheOthers() throws Exception {
        for (Throwable failure :
                List.of(new OutOfMemoryError("none left"), new IOException("broken"), new IllegalStateException())) {
            for (Broadcast broadcast : allKinds(2)) {
                List<Peer> peers = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    peers.add(new Peer(Valve.ALL));
                    broadcast.join(peers.getLast().socket);
                }
                var unlucky = peers.get(25);
                var reader = unlucky.receive();
                unlucky.valve.failure = failure;
                for (int n = 0; n < 6; n++) {
                    send(broadcast, n);
                }
                assertEquals(49, broadcast.members());
                assertTrue(reader.isWoken());
                unlucky.valve.leave();
                assertEquals(1006, reader.assertFailed(WebSocketClosed.class).code());
                for (Peer peer : peers) {
                    assertEquals(peer == unlucky ? List.of() : texts(0, 6), peer.heard());
                }
            }
        }
    }

    /** Half a long message that only one connection still needs counts, and is refused where there is no memory. */
    @Test
    void whatIsLeftOfALongMessageIsBounded() throws Exception {
        var broadcast = Broadcast.dropOldest(1);
        var longer = PreparedMessage.binary(new byte[600_000]);
        List<Peer> peers = List.of(new Peer(10), new Peer(10));
        for (Peer peer : peers) {
            broadcast.join(peer.socket);
        }
        TestTask.spawn(broadcast.send(longer)).assertReady();
        assertEquals(1 << 20, budget.left());
        send(broadcast, 1); // the long one is the last no more
        assertEquals((1 << 20) - 600_010, budget.left());
        assertEquals(1, broadcast.members());
        Peer kept = peers.get(1).socket.isClosed() ? peers.get(0) : peers.get(1);
        kept.valve.open(Valve.ALL);
        for (int n = 2; n < 14; n++) {
            send(broadcast, n);
        }
        assertEquals(1 << 20, budget.left());
        assertEquals("text message 13", kept.heard().getLast());
    }

    /** The bytes of a sender are the sender's: the broadcasts of its connection don't count them, nor end it for want of memory. */
    @Test
    void whatIsLeftOfASendersOwnMessageIsNotTheBroadcasts() throws Exception {
        var broadcast = Broadcast.dropOldest(1);
        List<Peer> peers = List.of(new Peer(10), new Peer(10));
        List<TestTask<Void>> senders = new ArrayList<>();
        for (Peer peer : peers) {
            broadcast.join(peer.socket);
            senders.add(TestTask.spawn(peer.socket.send(new byte[600_000])));
            senders.getLast().assertPending();
        }
        for (int n = 0; n < 3; n++) {
            send(broadcast, n);
        }
        assertEquals(1 << 20, budget.left());
        assertEquals(2, broadcast.members());
        for (int i = 0; i < 2; i++) {
            peers.get(i).valve.open(Valve.ALL);
            while (!senders.get(i).isEnded() && senders.get(i).isWoken()) {
                senders.get(i).poll();
            }
            send(broadcast, 3 + i);
            assertEquals("text message " + (3 + i), peers.get(i).heard().getLast());
        }
        assertEquals(1 << 20, budget.left());
    }

    @Test
    void whoWaitsHelpsAMemberThatIsResumed() throws Exception {
        var broadcast = Broadcast.waiting(1);
        var peer = new Peer(Valve.ALL);
        var member = broadcast.joinPaused(peer.socket);
        send(broadcast, 0);
        var waiting = TestTask.spawn(broadcast.send(message(1)));
        waiting.assertPending();
        assertFalse(waiting.isWoken());
        member.resume(); // nobody receives there
        while (!waiting.isEnded() && waiting.isWoken()) {
            waiting.poll();
        }
        assertEquals(texts(0, 2), peer.heard());
    }

    @Test
    void patienceEndsForNobodyWhoWouldTakeIt() throws Exception {
        var broadcast = Broadcast.waiting(1, Duration.ofSeconds(5), 1008, SLOW);
        var stuck = new Peer(0);
        var waits = new Peer(0);
        var lost = broadcast.join(stuck.socket);
        var member = broadcast.join(waits.socket);
        send(broadcast, 0);
        var waiting = TestTask.spawn(broadcast.send(message(1)));
        waiting.assertPending();
        waits.valve.open(Valve.ALL); // nobody receives there, and it is the other that is helped
        waiting.advance(Duration.ofSeconds(5));
        while (!waiting.isEnded() && waiting.isWoken()) {
            waiting.poll();
        }
        assertTrue(lost.hasLeft());
        assertFalse(member.hasLeft());
        assertEquals(texts(0, 2), waits.heard());
    }

    /** Sent away by another thread while a delivery pays a pong: it has not left yet when the close frame is out. */
    @Test
    void nothingGoesOutBehindACloseFrame() throws Exception {
        var broadcast = Broadcast.closing(4, 1008, SLOW);
        var peer = new Peer(Valve.ALL);
        broadcast.join(peer.socket);
        peer.socket.owePong(new byte[1]);
        var away = new Thread(() -> peer.socket.sendAway(1008, SLOW));
        peer.valve.meanwhile = () -> {
            away.start();
            while (!peer.socket.owesClose()) {
                Thread.onSpinWait();
            }
        };
        synchronized (broadcast.hearers) { // nobody leaves meanwhile
            send(broadcast, 0);
        }
        away.join();
        assertEquals(0, broadcast.members());
        assertEquals("close 1008 " + SLOW, peer.heard().getLast());
    }

    /** The last messages, and for each member that is stuck the one that it has half of. */
    @Test
    void messagesThatAreGoneAreForgotten() throws Exception {
        var broadcast = Broadcast.dropOldest(3);
        var fast = new Peer(Valve.ALL);
        broadcast.join(fast.socket);
        List<WeakReference<PreparedMessage>> sent = new ArrayList<>();
        List<Peer> stuck = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
            if (n % 20 == 0) {
                stuck.add(new Peer(5));
                broadcast.join(stuck.getLast().socket);
            }
            var message = message(n);
            sent.add(new WeakReference<>(message));
            TestTask.spawn(broadcast.send(message)).assertReady();
        }
        long left = Long.MAX_VALUE;
        for (int i = 0; i < 20 && left > 3; i++) {
            System.gc();
            left = sent.stream().filter(each -> each.get() != null).count();
        }
        assertEquals(3, left);
        stuck.forEach(peer -> peer.socket.close());
        send(broadcast, 200);
        for (int i = 0; i < 20 && left > 0; i++) {
            System.gc();
            left = sent.stream().filter(each -> each.get() != null).count();
        }
        assertEquals(0, left);
        assertEquals(texts(0, 201), fast.heard());
    }

    @Test
    void whatCantBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Broadcast.dropOldest(0));
        assertThrows(IllegalArgumentException.class, () -> Broadcast.closing(1, 1006, ""));
        assertThrows(IllegalArgumentException.class, () -> Broadcast.closing(1, 1000, "x".repeat(124)));
        assertThrows(IllegalArgumentException.class, () -> Broadcast.waiting(1, Duration.ZERO, 1008, ""));
        var peer = new Peer(0);
        peer.socket.close();
        var broadcast = Broadcast.waiting(1);
        assertTrue(broadcast.join(peer.socket).hasLeft());
        assertEquals(0, broadcast.members());
    }
}
