package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server holds for all of its connections. */
@Timeout(60)
class MemoryTest {
    private static final int HELD = 1 << 20;

    private static WebServerBuilder builder() {
        return WebServer.at("127.0.0.1", 0)
                .webSocket("/ws", Raw::echo)
                .maxHeld(HELD)
                .limits(new WebSocketLimits(1 << 24, 1 << 24, Duration.ofMillis(500)));
    }

    private static long left(WebServer server) {
        return server.config().budget().left();
    }

    private static Future<Void> untilLeft(WebServer server, long bytes) {
        return async(() -> {
            while (left(server) != bytes) {
                await(sleep(Duration.ofMillis(1)));
            }
        });
    }

    /** The beginning of a message, its end is still to come. */
    private static byte[] begun(int bytes) {
        byte[] frame = Bytes.frame(0x02, new byte[bytes]);
        return Arrays.copyOf(frame, frame.length - 1);
    }

    @Test
    void messagesUnderWayAreBoundedForAllConnectionsTogether() throws Exception {
        List<String> reported = Raw.with(Latent.system(), builder(), server -> {
            List<TcpStream> holders = new ArrayList<>();
            try (var patient = await(Raw.upgraded(server))) {
                for (int i = 0; i < 4; i++) {
                    holders.add(await(Raw.upgraded(server, begun(200_000))));
                }
                while (left(server) > HELD - 4 * 200_000) {
                    await(sleep(Duration.ofMillis(1)));
                }
                try (var late = await(Raw.upgraded(server, begun(300_000)))) {
                    List<String> told = Bytes.decode(await(Raw.rest(late)));
                    assertEquals(List.of("close 1013 no memory for so long a message now"), told);
                }
                assertTrue(left(server) >= 0);
                await(patient.write(ByteBuffer.wrap(Bytes.frame(0x82, new byte[3000])))); // little is free
                var answer = ByteBuffer.allocate(3004);
                while (answer.hasRemaining()) {
                    assertTrue(await(patient.read(answer)) > 0);
                }
            }
            holders.forEach(TcpStream::close);
            await(Raw.untilOnly(server, 0));
            assertEquals(HELD, left(server));
            try (var next = await(Raw.upgraded(server, Bytes.frame(0x82, new byte[HELD / 2])))) {
                assertEquals((byte) 0x82, await(first(next)));
                assertEquals(HELD, left(server)); // a message that has been received is the handler's
            }
        });
        assertEquals(List.of(), reported);
    }

    private static Future<Byte> first(TcpStream stream) {
        return async(() -> {
            var one = ByteBuffer.allocate(1);
            await(stream.read(one));
            return one.get(0);
        });
    }

    /** Messages that came along with another, and that the handler does not ask for. */
    @Test
    void messagesThatNobodyAsksForAreBoundedToo() throws Exception {
        byte[] many = new byte[30_000];
        byte[] one = Bytes.frame(0x82, new byte[24]);
        for (int i = 0; i < many.length / one.length; i++) {
            System.arraycopy(one, 0, many, i * one.length, one.length);
        }
        WebServerBuilder once = WebServer.at("127.0.0.1", 0)
                .maxHeld(50_000)
                .webSocket(
                        "/ws",
                        socket -> async(() -> {
                            await(socket.receive());
                            await(sleep(Duration.ofHours(1)));
                        }));
        List<String> reported = Raw.with(Latent.system(), once, server -> {
            try (var early = await(Raw.upgraded(server))) {
                await(early.write(ByteBuffer.wrap(many)));
                await(untilLeft(server, 50_000 - (30_000 - one.length)));
                try (var late = await(Raw.upgraded(server))) {
                    await(late.write(ByteBuffer.wrap(many)));
                    List<String> told = Bytes.decode(await(Raw.rest(late)));
                    assertEquals(List.of("close 1013 no memory for so many messages now"), told);
                }
            }
            await(server.closeAsync());
            assertEquals(50_000, left(server));
        });
        assertEquals(List.of(), reported);
    }

    /** The bytes of a send are its caller's again once it is dropped; what has begun to go out is finished all the same. */
    @Test
    void theRestOfAFrameWhoseSenderGaveUp() throws Exception {
        byte[] bytes = new byte[8 << 20];
        WebServerBuilder given = WebServer.at("127.0.0.1", 0)
                .webSocket(
                        "/ws",
                        socket -> async(() -> {
                            try {
                                await(timeout(Duration.ofMillis(50), socket.send(bytes)));
                                throw new AssertionError("it was taken at once");
                            } catch (TimeoutException e) {
                                Arrays.fill(bytes, (byte) 7);
                            }
                            await(socket.receive());
                        }));
        Raw.with(Latent.system(), given, server -> {
            try (var slow = await(Raw.upgraded(server))) {
                while (left(server) == 64 << 20) {
                    await(sleep(Duration.ofMillis(1)));
                }
                byte[] frame = new byte[bytes.length + 10];
                var in = ByteBuffer.wrap(frame);
                while (in.hasRemaining()) {
                    await(slow.read(in));
                }
                for (int i = 10; i < frame.length; i++) {
                    assertEquals(0, frame[i]);
                }
                await(untilLeft(server, 64 << 20));
            }
        });
        List<String> reported = Raw.with(Latent.system(), given.maxHeld(1 << 20), server -> {
            Arrays.fill(bytes, (byte) 0);
            try (var slow = await(Raw.upgraded(server))) { // no memory for what is left: the connection ends
                await(timeout(Duration.ofSeconds(5), Raw.untilOnly(server, 0)));
                assertEquals(1 << 20, left(server));
                assertTrue(slow.remoteAddress() != null);
            }
        });
        assertEquals(List.of(), reported);
    }

    /** A prepared message is shared, but who knows how long by others. */
    @Test
    void theRestOfAPreparedMessageWhoseSenderGaveUp() throws Exception {
        int length = 8 << 20;
        WebServerBuilder given = WebServer.at("127.0.0.1", 0)
                .webSocket(
                        "/ws",
                        socket -> async(() -> {
                            try {
                                await(timeout(
                                        Duration.ofMillis(50), socket.send(PreparedMessage.binary(new byte[length]))));
                                throw new AssertionError("it was taken at once");
                            } catch (TimeoutException e) {
                                await(socket.receive());
                            }
                        }));
        Raw.with(Latent.system(), given, server -> {
            try (var slow = await(Raw.upgraded(server))) {
                await(untilLeft(server, (64 << 20) - (length + 10)));
                var in = ByteBuffer.wrap(new byte[length + 10]);
                while (in.hasRemaining()) {
                    await(slow.read(in));
                }
                await(untilLeft(server, 64 << 20));
            }
        });
        List<String> reported = Raw.with(Latent.system(), given.maxHeld(1 << 20), server -> {
            try (var slow = await(Raw.upgraded(server))) { // no memory for what is left: the connection ends
                await(timeout(Duration.ofSeconds(5), Raw.untilOnly(server, 0)));
                assertEquals(1 << 20, left(server));
                assertTrue(slow.remoteAddress() != null);
            }
        });
        assertEquals(List.of(), reported);
    }

    /** What is read into memory counts while it is on its way; a file of a folder goes out by itself, and counts for nothing. */
    @Test
    void answersUnderWayAreBoundedToo(@TempDir Path dir) throws Exception {
        int most = 20 << 20;
        int big = 16 << 20;
        Files.write(dir.resolve("big"), new byte[32 << 20]);
        WebServerBuilder site = builder()
                .maxHeld(most)
                .files("/", dir)
                .resources("/res", name -> new ByteArrayInputStream(new byte[name.equals("big") ? big : 4000]));
        List<String> reported = Raw.with(Latent.system(), site, server -> {
            try (var slow = await(Raw.open(server, "GET /res/big HTTP/1.1\r\nHost: h\r\n\r\n"))) {
                await(untilLeft(server, most - big));
                assertEquals("503", await(Raw.status(server, "GET /res/big HTTP/1.1\r\nHost: h\r\n\r\n")));
                assertEquals("200", await(Raw.status(server, "GET /res/small HTTP/1.1\r\nHost: h\r\n\r\n")));
                assertEquals("200", await(Raw.status(server, "GET /big HTTP/1.1\r\nHost: h\r\n\r\n")));
                assertEquals(1, server.counts().unheld());
                assertTrue(slow.remoteAddress() != null);
            }
            await(untilLeft(server, most));
        });
        assertEquals(List.of(), reported);
    }

    @Test
    void framesOfAMessageAreCounted() throws Exception {
        WebServerBuilder few = builder().limits(new WebSocketLimits(1000, 1000, 3, Duration.ofSeconds(1)));
        byte[] empty = Bytes.frame(0x00, new byte[0]);
        byte[] three = Bytes.concat(Bytes.frame(0x01, new byte[0]), empty, Bytes.frame(0x80, "x".getBytes(UTF_8)));
        byte[] four = Bytes.concat(Bytes.frame(0x01, new byte[0]), empty, Bytes.frame(0x89, new byte[0]), empty, empty);
        List<String> reported = Raw.with(Latent.system(), few, server -> {
            try (var stream = await(Raw.upgraded(server, three, three, four))) {
                List<String> told = Bytes.decode(await(Raw.rest(stream)));
                assertEquals(List.of("text x", "text x", "pong ", "close 1009 a message of more than 3 frames"), told);
            }
        });
        assertEquals(List.of(), reported);
    }
}
