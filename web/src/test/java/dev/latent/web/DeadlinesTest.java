package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.select;
import static dev.latent.Async.sleep;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.io.TcpStream;
import dev.latent.junit.TestTask;
import dev.latent.runtime.Latent;
import dev.latent.web.http.ByteBudget;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server does by itself about peers that are silent, that take nothing in, that are too many, or that meet it without memory. */
@Timeout(60)
class DeadlinesTest {
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final byte[] PONG = Bytes.frame(0x8a, new byte[0]);

    private static FramedSocket socket(Valve peer, WebSocketLimits limits) {
        return new FramedSocket(peer, Side.server(limits, new ByteBudget(1 << 20)), null, null);
    }

    private static List<String> heard(Valve peer) throws Exception {
        return Bytes.decode(peer.taken.toByteArray());
    }

    @Test
    void aSilentPeerIsPingedAndGivenUp() throws Exception {
        Valve peer = new Valve(1000);
        FramedSocket socket = socket(peer, WebSocketLimits.DEFAULT.keepAlive(EVERY, WITHIN));
        var reader = TestTask.spawn(socket.receive());
        reader.assertPending();
        for (int i = 0; i < 3; i++) {
            reader.advance(EVERY.minusNanos(1));
            reader.assertPending();
            assertEquals(i, heard(peer).size());
            reader.advance(Duration.ofNanos(1));
            assertTrue(reader.isWoken());
            reader.assertPending();
            assertEquals("ping ", heard(peer).getLast());
            peer.say(PONG);
            reader.assertPending();
            reader.advance(WITHIN);
            reader.assertPending();
        }
        reader.advance(EVERY);
        reader.assertPending();
        reader.advance(WITHIN.minusNanos(1));
        reader.assertPending();
        reader.advance(Duration.ofNanos(1));
        WebSocketClosed end = reader.assertFailed(WebSocketClosed.class);
        assertEquals(WebSocketClosed.ABNORMAL, end.code());
        assertEquals(4, heard(peer).size());
    }

    /** It takes nothing in either, so the ping is never out. */
    @Test
    void aPeerThatTakesNoPing() throws Exception {
        Valve peer = new Valve(0);
        FramedSocket socket = socket(peer, WebSocketLimits.DEFAULT.keepAlive(EVERY, WITHIN));
        var reader = TestTask.spawn(socket.receive());
        reader.assertPending();
        reader.advance(EVERY);
        reader.assertPending();
        assertTrue(peer.hasWriter());
        reader.advance(WITHIN);
        assertEquals(
                WebSocketClosed.ABNORMAL,
                reader.assertFailed(WebSocketClosed.class).code());
        assertFalse(peer.hasWriter());
    }

    @Test
    void aReceiveThatIsDroppedLeavesNothing() throws Exception {
        for (int room : new int[] {0, 1000}) {
            Valve peer = new Valve(room);
            var limits = WebSocketLimits.DEFAULT.keepAlive(EVERY, WITHIN).idleTimeout(Duration.ofHours(1));
            FramedSocket socket = socket(peer, limits);
            var reader = TestTask.spawn(socket.receive());
            reader.assertPending();
            reader.advance(EVERY);
            reader.assertPending();
            int woken = reader.wakes();
            reader.drop();
            reader.advance(Duration.ofHours(2));
            assertEquals(woken, reader.wakes());
            assertFalse(peer.hasWriter());
            peer.open(1000);
            peer.say(Bytes.frame(0x81, new byte[] {'x'}));
            assertEquals(new Message.Text("x"), TestTask.spawn(socket.receive()).assertReady());
        }
    }

    /** Somebody waits for the peer all the time, though no receive of his waits for long. */
    @Test
    void receivesThatLoseTheirSelectCountTogether() throws Exception {
        Duration second = Duration.ofSeconds(1);
        for (boolean takes : new boolean[] {true, false}) {
            Valve peer = new Valve(takes ? 1000 : 0);
            FramedSocket socket = socket(peer, WebSocketLimits.DEFAULT.keepAlive(EVERY, WITHIN));
            var reader = TestTask.spawn(busy(socket, second));
            reader.assertPending();
            int seconds = 0;
            while (heard(peer).isEmpty() && seconds < 32) {
                seconds++;
                reader.advance(second);
                reader.assertPending();
                if (seconds == 31 && !takes) {
                    assertTrue(peer.hasWriter());
                    peer.open(1000);
                    reader.assertPending();
                }
            }
            assertEquals(List.of("ping "), heard(peer), "after " + seconds + " s");
            assertTrue(seconds >= 30, seconds + " s");
            peer.say(PONG);
            for (int i = 0; i < 20; i++) {
                reader.advance(second);
                reader.assertPending();
            }
            assertEquals(1, heard(peer).size());
            seconds = 20;
            while (heard(peer).size() == 1 && seconds < 45) {
                seconds++;
                reader.advance(second);
                reader.assertPending();
            }
            assertEquals(List.of("ping ", "ping "), heard(peer), "after " + seconds + " s");
            for (int i = 0; i < 9; i++) {
                reader.advance(second);
                reader.assertPending();
            }
            reader.advance(second.multipliedBy(2));
            assertEquals(
                    WebSocketClosed.ABNORMAL,
                    reader.assertFailed(WebSocketClosed.class).code());
        }
    }

    private static Future<Void> busy(WebSocket socket, Duration other) {
        return async(() -> {
            for (int i = 0; i < 1000; i++) {
                await(select(socket.receive(), sleep(other)));
            }
        });
    }

    @Test
    void aPeerWithoutMessagesIsSentAwayThoughReceivesLoseTheirSelect() throws Exception {
        Valve peer = new Valve(1000);
        FramedSocket socket = socket(peer, WebSocketLimits.DEFAULT.idleTimeout(EVERY));
        var reader = TestTask.spawn(busy(socket, Duration.ofSeconds(7)));
        reader.assertPending();
        reader.advance(Duration.ofSeconds(7));
        reader.assertPending();
        peer.say(Bytes.frame(0x81, new byte[] {'x'})); // it begins anew
        reader.assertPending();
        for (int i = 0; i < 4; i++) {
            reader.advance(Duration.ofSeconds(7));
            reader.assertPending();
        }
        reader.advance(Duration.ofMillis(1999));
        reader.assertPending();
        assertEquals(List.of(), heard(peer));
        reader.advance(Duration.ofMillis(1));
        assertEquals(
                WebSocketClosed.GOING_AWAY,
                reader.assertFailed(WebSocketClosed.class).code());
        assertEquals(List.of("close 1001 no message for 30000 ms"), heard(peer));
    }

    /** While nobody receives, its silence means nothing. */
    @Test
    void noTimePassesBetweenTwoReceives() throws Exception {
        Valve peer = new Valve(1000);
        FramedSocket socket = socket(peer, WebSocketLimits.DEFAULT.idleTimeout(EVERY));
        var reader = TestTask.spawn(async(() -> {
            await(select(socket.receive(), sleep(EVERY.dividedBy(2))));
            await(sleep(Duration.ofHours(1)));
            await(socket.receive());
        }));
        reader.assertPending();
        reader.advance(EVERY.dividedBy(2));
        reader.assertPending();
        reader.advance(Duration.ofHours(1));
        reader.assertPending();
        reader.advance(EVERY.dividedBy(2).minusNanos(1));
        reader.assertPending();
        reader.advance(Duration.ofNanos(1));
        reader.assertFailed(WebSocketClosed.class);
    }

    /** Pongs are no messages. */
    @Test
    void aPeerWithoutMessagesIsSentAway() throws Exception {
        Valve peer = new Valve(1000);
        FramedSocket socket = socket(peer, WebSocketLimits.DEFAULT.idleTimeout(EVERY));
        peer.say(Bytes.frame(0x81, new byte[] {'x'}));
        TestTask.spawn(socket.receive()).assertReady();
        var reader = TestTask.spawn(socket.receive());
        reader.assertPending();
        for (int i = 0; i < 3; i++) {
            reader.advance(EVERY.dividedBy(4));
            peer.say(PONG);
            reader.assertPending();
        }
        reader.advance(EVERY.dividedBy(4));
        WebSocketClosed end = reader.assertFailed(WebSocketClosed.class);
        assertEquals(WebSocketClosed.GOING_AWAY, end.code());
        assertEquals(List.of("close 1001 no message for 30000 ms"), heard(peer));
    }

    @Test
    void aPeerThatTakesNothingInIsGivenUp() throws Exception {
        Valve peer = new Valve(10);
        FramedSocket socket = socket(peer, WebSocketLimits.DEFAULT.writeTimeout(WITHIN));
        var sending = TestTask.spawn(socket.send("a".repeat(30)));
        sending.assertPending();
        for (int i = 0; i < 2; i++) {
            sending.advance(WITHIN.minusNanos(1));
            sending.assertPending();
            peer.open(1); // something is taken
            sending.assertPending();
        }
        var next = TestTask.spawn(socket.send("b"));
        next.assertPending();
        sending.advance(WITHIN);
        assertEquals(
                WebSocketClosed.ABNORMAL,
                sending.assertFailed(WebSocketClosed.class).code());
        assertTrue(next.isWoken());
        next.assertFailed(WebSocketClosed.class);
        assertFalse(peer.hasWriter());
    }

    @Test
    void deadlinesAreChecked() {
        var limits = WebSocketLimits.DEFAULT;
        assertThrows(IllegalArgumentException.class, () -> limits.keepAlive(Duration.ZERO, WITHIN));
        assertThrows(IllegalArgumentException.class, () -> limits.keepAlive(EVERY, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> limits.idleTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> limits.writeTimeout(Duration.ofSeconds(-1)));
    }

    /** Whatever a decoder fails with: its connection ends with a word to the peer, and no frame is read out of step. */
    @Test
    void aDecoderThatFailsEndsItsConnection() throws Exception {
        for (boolean fragmented : new boolean[] {false, true}) {
            Valve peer = new Valve(1000);
            FramedSocket socket =
                    new FramedSocket(peer, Side.server(WebSocketLimits.DEFAULT, new ByteBudget(1 << 20)), null, null) {
                        @Override
                        boolean hold(int length) {
                            throw new OutOfMemoryError("on purpose");
                        }
                    };
            byte[] bytes = Bytes.frame(fragmented ? 0x02 : 0x82, new byte[100]);
            peer.say(Bytes.concat(bytes, Bytes.frame(0x81, new byte[] {'x'})));
            var reader = TestTask.spawn(socket.receive());
            WebSocketClosed end = reader.assertFailed(WebSocketClosed.class);
            assertEquals(WebSocketClosed.TRY_AGAIN_LATER, end.code());
            assertInstanceOf(OutOfMemoryError.class, end.getCause().getCause());
            assertEquals(List.of("close 1013 no memory for a message now"), heard(peer));
            assertEquals(
                    WebSocketClosed.TRY_AGAIN_LATER,
                    TestTask.spawn(socket.receive())
                            .assertFailed(WebSocketClosed.class)
                            .code());
        }
    }

    @Test
    void aDecoderThatFailsOtherwise() throws Exception {
        Compression compression = Compression.create();
        Inflater ended = compression.deflate.takeInflater();
        compression.deflate.give(ended);
        ended.end();
        Valve peer = new Valve(1000);
        var socket =
                new FramedSocket(peer, new Side(WebSocketLimits.DEFAULT, null, null, compression.deflate), null, null);
        peer.say(Bytes.frame(0xc1, new byte[100]));
        var reader = TestTask.spawn(socket.receive());
        assertEquals(
                WebSocketClosed.INTERNAL_ERROR,
                reader.assertFailed(WebSocketClosed.class).code());
        assertEquals(List.of("close 1011 "), heard(peer));
    }

    @Test
    void connectionsOfOneAddressAreCounted() throws Exception {
        var builder = WebServer.at("127.0.0.1", 0).webSocket("/ws", Raw::echo).maxConnectionsPerAddress(3);
        List<String> reported = Raw.with(Latent.system(), builder, server -> {
            List<TcpStream> open = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                open.add(await(Raw.upgraded(server)));
            }
            for (int i = 0; i < 2; i++) {
                assertEquals("429", await(Raw.status(server, Raw.upgrade("localhost") + "\r\n")));
            }
            assertEquals(new WebServer.Counts(server.connections(), 5, 2, 0, 0), server.counts());
            assertTrue(server.toString().endsWith(", 2 refused"), server.toString());
            open.removeFirst().close();
            await(Raw.untilOnly(server, 2));
            open.add(await(Raw.upgraded(server, Bytes.frame(0x81, new byte[] {'x'}))));
            var answer = ByteBuffer.allocate(3);
            assertEquals(3, await(open.getLast().read(answer)));
            open.forEach(TcpStream::close);
        });
        assertEquals(List.of(), reported);
    }

    /** By the server's builder alone, for handlers that know nothing of it. */
    @Test
    void theServerKeepsTheDeadlines() throws Exception {
        var ended = new AtomicInteger();
        var limits = WebSocketLimits.DEFAULT.keepAlive(Duration.ofMillis(50), Duration.ofMillis(50));
        var builder = WebServer.at("127.0.0.1", 0)
                .webSocket(
                        "/ws",
                        socket -> async(() -> {
                            try {
                                await(Raw.echo(socket));
                            } finally {
                                ended.incrementAndGet();
                            }
                        }))
                .limits(limits);
        List<String> reported = Raw.with(Latent.system(), builder, server -> {
            try (var _ = await(Raw.upgraded(server))) {
                await(Raw.untilOnly(server, 0));
            }
        });
        assertEquals(List.of(), reported);
        assertEquals(1, ended.get());
    }
}
