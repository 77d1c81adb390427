package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.runtime.Latent;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.world.Clock;
import dev.latent.world.World;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server begins, and how it goes away. */
@Timeout(60)
class ServiceTest {
    /** Its answer to the end takes time, which a drain gives it. */
    @Test
    void aDrainWaitsForWhatAHandlerDoesAtTheEnd() throws Exception {
        AtomicInteger saved = new AtomicInteger();
        List<String> reported = Raw.with(
                Latent.system(),
                WebServer.at("127.0.0.1", 0)
                        .webSocket(
                                "/ws",
                                socket -> async(() -> {
                                    try {
                                        await(socket.receive());
                                    } catch (WebSocketClosed e) {
                                        await(sleep(Duration.ofMillis(50)));
                                        saved.incrementAndGet();
                                    }
                                })),
                server -> {
                    try (var stream = await(Raw.upgraded(server))) {
                        var draining = spawn(server.drain(Duration.ofSeconds(15)));
                        assertTrue(await(stream.read(ByteBuffer.allocate(100))) > 0);
                        await(stream.write(ByteBuffer.wrap(Bytes.frame(0x88, Bytes.hex("03e9")))));
                        await(draining);
                        assertEquals(1, saved.get());
                    }
                });
        assertEquals(List.of(), reported);
    }

    /** Whoever waits for the end may take the same port again, at once. */
    @Test
    void thePortIsFreeWhenTheServerIsClosed() throws Exception {
        try (var pool = WorkStealingExecutor.create(2)) {
            pool.blockOn(timeout(Duration.ofSeconds(40), async(() -> {
                int port = 0;
                for (int i = 0; i < 100; i++) {
                    try (var server = await(WebServer.at("127.0.0.1", port).bind())) {
                        port = server.localAddress().getPort();
                        var serving = spawn(server.serve());
                        assertEquals("404", await(Raw.status(server, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")));
                        await(i % 2 == 0 ? server.closeAsync() : server.drain(Duration.ofSeconds(1)));
                        await(serving);
                    }
                }
            })));
        }
    }

    @Test
    void limitsThatCanNotBeMeant() {
        WebServerBuilder builder = WebServer.at("127.0.0.1", 0);
        assertThrows(IllegalArgumentException.class, () -> builder.maxConnections(0));
        assertThrows(IllegalArgumentException.class, () -> builder.maxHead(0));
        assertThrows(IllegalArgumentException.class, () -> builder.maxHeld(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.requestTimeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> builder.requestTimeout(Duration.ofSeconds(-1)));
    }

    /** Without time for a close its frame goes out all the same. */
    @Test
    void aCloseWithoutTime() throws Exception {
        Raw.with(
                Latent.system(),
                WebServer.at("127.0.0.1", 0)
                        .limits(new WebSocketLimits(1000, 1000, Duration.ZERO))
                        .webSocket("/ws", socket -> socket.close(4000, "")),
                server -> {
                    try (var stream = await(Raw.upgraded(server))) {
                        assertEquals(List.of("close 4000 "), Bytes.decode(await(Raw.rest(stream))));
                    }
                });
    }

    /** RFC 9110, 7.8: Upgrade is a header of this hop alone, and Connection has to say so. */
    @Test
    void whoIsToldToUpgrade() throws Exception {
        Raw.with(Latent.system(), WebServer.at("127.0.0.1", 0).webSocket("/ws", Raw::echo), server -> {
            try (var stream = await(Raw.open(server, "GET /ws HTTP/1.1\r\nHost: h\r\n\r\n"))) {
                String head = await(Raw.head(stream)).toLowerCase(Locale.ROOT);
                assertTrue(head.startsWith("http/1.1 426 "), head);
                assertTrue(head.contains("\r\nupgrade: websocket\r\n"), head);
                assertTrue(head.matches("(?s).*\r\nconnection: (upgrade, close|close, upgrade)\r\n.*"), head);
            }
        });
    }

    /** RFC 9110, 6.6.1, and 5.6.7 for its form. */
    @Test
    void everyAnswerHasADate() throws Exception {
        for (String day : new String[] {"2026-02-03T04:05:06.7Z", "1999-12-31T23:59:59Z"}) {
            String expected =
                    day.startsWith("2026") ? "Tue, 03 Feb 2026 04:05:06 GMT" : "Fri, 31 Dec 1999 23:59:59 GMT";
            World world = Latent.system().with(Clock.class, new Clock() {
                @Override
                public long nanoTime() {
                    return System.nanoTime();
                }

                @Override
                public Instant instant() {
                    return Instant.parse(day);
                }
            });
            Raw.with(
                    world,
                    WebServer.at("127.0.0.1", 0).resources("/a/", _ -> new ByteArrayInputStream(new byte[3])),
                    server -> {
                        for (String request : new String[] {"GET /a/x", "GET /b", "POST /a/x"}) {
                            try (var stream = await(Raw.open(server, request + " HTTP/1.1\r\nHost: h\r\n\r\n"))) {
                                String head = await(Raw.head(stream));
                                assertTrue(head.contains("\r\ndate: " + expected + "\r\n"), head);
                            }
                        }
                    });
        }
    }
}
