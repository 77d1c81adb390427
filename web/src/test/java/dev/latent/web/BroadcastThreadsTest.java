package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.scopeDo;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.web.http.ByteBudget;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Broadcasts on two workers: by many orders of small steps, and under more than the network takes. */
@Timeout(120)
class BroadcastThreadsTest {
    private static final String SLOW = "you read too slowly";

    // ---- small steps ------------------------------------------------------------------------------------------------

    private static final int RUNS = 1500;
    private static final int SENDERS = 2;
    private static final int EACH = 6;
    private static final int OWN = 3;

    /** A connection that takes a few bytes now and then, with a handler that receives, and one that sends words of its own. */
    private static final class Peer {
        final Valve valve;
        final FramedSocket socket;
        final Broadcast.Member member;

        Peer(Random random, Broadcast broadcast) {
            valve = new Valve(random.nextInt(30));
            socket = new FramedSocket(valve, Side.server(WebSocketLimits.DEFAULT, new ByteBudget(1 << 20)), null, null);
            member = broadcast.join(socket);
        }

        Future<Void> receive() {
            return async(() -> {
                try {
                    while (true) {
                        await(socket.receive());
                    }
                } catch (WebSocketClosed e) {
                    // told so at the end
                }
            });
        }

        Future<Void> speak() {
            return async(() -> {
                for (int i = 0; i < OWN; i++) {
                    await(socket.send("own " + i));
                    await(yieldNow());
                }
            });
        }

        List<String> heard() throws Exception {
            return Bytes.decode(valve.taken.toByteArray());
        }
    }

    private static Future<Void> speak(Broadcast broadcast, int sender) {
        return async(() -> {
            for (int i = 0; i < EACH; i++) {
                await(broadcast.send(PreparedMessage.text(sender + " says " + i)));
            }
        });
    }

    /** Opens the valves bit by bit, and wide when all has been said. */
    private static Future<Void> open(Random random, List<Peer> peers, AtomicBoolean said) {
        return async(() -> {
            while (!said.get()) {
                peers.get(random.nextInt(peers.size())).valve.open(random.nextInt(25));
                await(yieldNow());
            }
            for (Peer peer : peers) {
                peer.valve.open(Valve.ALL);
            }
        });
    }

    private static List<String> of(String who, List<String> heard) {
        return heard.stream().filter(text -> text.startsWith("text " + who)).toList();
    }

    private static boolean inOrder(List<String> some, String what, int count) {
        int next = 0;
        for (String each : some) {
            int number = Integer.parseInt(each.substring(("text " + what).length()));
            if (number < next || number >= count) {
                return false;
            }
            next = number + 1;
        }
        return true;
    }

    @Test
    void inAnyOrderOfSteps() throws Exception {
        long first = System.nanoTime();
        try (var pool = WorkStealingExecutor.create(2)) {
            for (int run = 0; run < RUNS; run++) {
                long seed = first + run;
                try {
                    pool.blockOn(timeout(Duration.ofSeconds(20), oneRun(new Random(seed), run % 2 == 0)));
                } catch (Exception | AssertionError e) {
                    throw new AssertionError("with seed " + seed + (run % 2 == 0 ? ", waiting" : ", dropping"), e);
                }
            }
        }
    }

    private static Future<Void> oneRun(Random random, boolean waits) {
        int capacity = 1 + random.nextInt(4);
        Broadcast broadcast = waits ? Broadcast.waiting(capacity) : Broadcast.dropOldest(capacity);
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            peers.add(new Peer(random, broadcast));
        }
        return scopeDo(scope -> {
            AtomicBoolean said = new AtomicBoolean();
            scope.spawn(open(random, peers, said));
            List<Future<Void>> speaking = new ArrayList<>();
            for (Peer peer : peers) {
                scope.spawn(peer.receive());
                speaking.add(peer.speak());
            }
            for (int s = 0; s < SENDERS; s++) {
                speaking.add(speak(broadcast, s));
            }
            List<JoinHandle<Void>> handles = new ArrayList<>();
            for (Future<Void> each : speaking) {
                handles.add(spawn(each));
            }
            for (JoinHandle<Void> each : handles) {
                await(each);
            }
            said.set(true);
            for (Peer peer : peers) {
                while (peer.member.isDue() || peer.socket.hasDebts()) {
                    await(yieldNow());
                }
                peer.valve.say(Bytes.frame(0x88, Bytes.hex("03e8")));
            }
            List<String> all = null;
            for (Peer peer : peers) {
                while (peer.heard().isEmpty() || !peer.heard().getLast().equals("close 1000 ")) {
                    await(yieldNow());
                }
                List<String> heard = peer.heard();
                assertTrue(inOrder(of("own ", heard), "own ", OWN), heard.toString());
                assertEquals(OWN, of("own ", heard).size());
                int broadcasts = 0;
                for (int s = 0; s < SENDERS; s++) {
                    List<String> from = of(s + " says ", heard);
                    broadcasts += from.size();
                    assertTrue(inOrder(from, s + " says ", EACH), heard.toString());
                }
                assertEquals(SENDERS * EACH, broadcasts + peer.member.missed(), heard.toString());
                if (waits) {
                    List<String> order =
                            heard.stream().filter(text -> text.contains("says")).toList();
                    assertEquals(0, peer.member.missed());
                    assertEquals(all == null ? order : all, order, "everybody hears the same order");
                    all = order;
                }
            }
        });
    }

    // ---- saturation -------------------------------------------------------------------------------------------------

    private static final int FAST = 8;
    private static final int MUTE = 3;
    private static final int MESSAGES = 400;
    private static final int BYTES = 40_000;
    private static final int CAPACITY = 16;

    private final AtomicInteger joined = new AtomicInteger();
    private final ConcurrentLinkedQueue<Broadcast.Member> members = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<WebSocketClosed> ends = new ConcurrentLinkedQueue<>();

    private Future<Void> serve(WebSocket socket, Broadcast broadcast) {
        return async(() -> {
            try (var member = broadcast.join(socket)) {
                members.add(member);
                joined.incrementAndGet();
                while (true) {
                    await(socket.receive());
                }
            } catch (WebSocketClosed e) {
                ends.add(e);
                throw e;
            }
        });
    }

    private static int number(Message message) {
        return ByteBuffer.wrap(((Message.Binary) message).bytes()).getInt();
    }

    /** Takes all messages, which come in order, and tells how far it is. */
    private static Future<Void> listen(WebSocket socket, AtomicInteger heard) {
        return async(() -> {
            for (int n = 0; n < MESSAGES; n++) {
                assertEquals(n, number(await(socket.receive())));
                heard.set(n + 1);
            }
        });
    }

    private static Future<Void> sendAll(Broadcast broadcast, AtomicInteger[] heard) {
        return async(() -> {
            for (int n = 0; n < MESSAGES; n++) {
                byte[] bytes = new byte[BYTES];
                ByteBuffer.wrap(bytes).putInt(n);
                await(broadcast.send(PreparedMessage.binary(bytes)));
                int slowest = n + 1 - CAPACITY / 2;
                while (Arrays.stream(heard).anyMatch(each -> each.get() < slowest)) {
                    await(sleep(Duration.ofMillis(1)));
                }
            }
        });
    }

    /** {@return the messages that a peer finds which reads at last, and how its connection ended} */
    private static Future<List<Integer>> late(WebSocket socket, int most) {
        return async(() -> {
            List<Integer> found = new ArrayList<>();
            try {
                while (found.size() < most) {
                    found.add(number(await(socket.receive())));
                }
            } catch (WebSocketClosed e) {
                found.add(-e.code());
            }
            return found;
        });
    }

    private void saturate(Broadcast broadcast, boolean closes) throws Exception {
        joined.set(0);
        members.clear();
        ends.clear();
        try (var pool = WorkStealingExecutor.create(2)) {
            pool.blockOn(timeout(Duration.ofSeconds(60), async(() -> {
                try (var server = await(WebServer.at("127.0.0.1", 0)
                                .webSocket("/", socket -> serve(socket, broadcast))
                                .limits(new WebSocketLimits(1 << 20, 1 << 20, Duration.ofMillis(200)))
                                .bind());
                        var _ = spawn(server.serve())) {
                    var uri =
                            URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/");
                    List<WebSocket> mute = new ArrayList<>();
                    for (int i = 0; i < MUTE; i++) {
                        mute.add(await(WebSocket.connect(uri)));
                    }
                    AtomicInteger[] heard = new AtomicInteger[FAST];
                    List<JoinHandle<Void>> fast = new ArrayList<>();
                    for (int i = 0; i < FAST; i++) {
                        heard[i] = new AtomicInteger();
                        fast.add(spawn(listen(await(WebSocket.connect(uri)), heard[i])));
                    }
                    while (joined.get() < FAST + MUTE) {
                        await(sleep(Duration.ofMillis(1)));
                    }
                    await(spawn(sendAll(broadcast, heard)));
                    for (var each : fast) {
                        await(each);
                    }
                    assertEquals(closes ? FAST : FAST + MUTE, broadcast.members());
                    if (closes) {
                        while (ends.size() < MUTE) {
                            await(sleep(Duration.ofMillis(1)));
                        }
                        for (WebSocketClosed end : ends) {
                            assertEquals(4009, end.code());
                            assertEquals(SLOW, end.reason());
                        }
                    }
                    int i = 0;
                    for (WebSocket each : mute) {
                        long missed = members.stream()
                                        .mapToLong(Broadcast.Member::missed)
                                        .sum()
                                / MUTE;
                        List<Integer> found = await(late(each, closes ? MESSAGES + 1 : 1));
                        assertEquals(0, found.getFirst());
                        assertTrue(closes || missed > 0, "mute " + i++ + " missed " + missed);
                    }
                    if (!closes) {
                        await(allTheRest(mute));
                    }
                }
            })));
        }
    }

    /** Dropped messages are counted to the last one. */
    private Future<Void> allTheRest(List<WebSocket> mute) {
        return async(() -> {
            int found = MUTE; // each has read one
            for (WebSocket socket : mute) {
                int last = 0;
                while (last < MESSAGES - 1) {
                    int number = number(await(socket.receive()));
                    assertTrue(number > last);
                    last = number;
                    found++;
                }
            }
            long missed = members.stream().mapToLong(Broadcast.Member::missed).sum();
            assertEquals(MUTE * MESSAGES, found + missed);
        });
    }

    @Test
    void slowMembersMissTheOldestAndTheOthersNothing() throws Exception {
        saturate(Broadcast.dropOldest(CAPACITY), false);
    }

    @Test
    void slowMembersAreClosedAndTheOthersHearAll() throws Exception {
        saturate(Broadcast.closing(CAPACITY, 4009, SLOW), true);
    }

    @Test
    void slowMembersAreWaitedForAndThenClosed() throws Exception {
        saturate(Broadcast.waiting(CAPACITY, Duration.ofMillis(300), 4009, SLOW), true);
    }
}
