package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that say nothing, or take nothing, are not waited for. */
@Timeout(60)
class PatienceTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE);
    private static final String ONE = "GET /one HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String BIG = "GET /big HTTP/1.1\r\nHost: h\r\n\r\n";

    private static WebServerBuilder builder() {
        return WebServer.at("127.0.0.1", 0)
                .webSocket("/ws", Raw::echo)
                .requestTimeout(SHORT)
                .resources(
                        "/",
                        name -> new ByteArrayInputStream(
                                name.equals("big") ? new byte[64 << 20] : "one".getBytes(UTF_8)));
    }

    /** Each has been answered, at least in part; its socket stays open here, and nothing is read from it. */
    @Test
    void aClientThatWasAnsweredOnceAndSaysNothing() throws Exception {
        for (String said : new String[] {
            ONE, // alive, and silent
            ONE + ONE + "GET /tw", // half a request behind others
            ONE.replace("Host", "Connection: close\r\nHost"), // told to go, and stays
            "rubbish", // refused, and stays
            "POST / HTTP/1.1\r\nHost: h\r\n\r\n",
            BIG, // takes in nothing of the answer
            ONE + BIG,
        }) {
            List<String> reported = Raw.with(Latent.system(), builder(), server -> {
                try (var _ = await(Raw.open(server, said))) {
                    await(Raw.untilOnly(server, 1));
                    await(timeout(Duration.ofSeconds(5), Raw.untilOnly(server, 0)));
                }
            });
            assertEquals(List.of(), reported, said);
        }
    }

    /** One that asks again in time, and again, is served. */
    @Test
    void patienceBeginsAnewWithEachRequest() throws Exception {
        Raw.with(Latent.system(), builder().requestTimeout(Duration.ofSeconds(2)), server -> {
            try (var stream = await(Raw.open(server, ""))) {
                for (int i = 0; i < 5; i++) {
                    await(sleep(Duration.ofMillis(600)));
                    await(stream.write(ByteBuffer.wrap(ONE.getBytes(UTF_8))));
                    assertTrue(await(Raw.head(stream)).startsWith("HTTP/1.1 200 "));
                    await(stream.read(ByteBuffer.allocate(3)));
                }
            }
        });
    }

    private static WebServerBuilder closing(Duration closeTimeout, WebSocketHandler handler) {
        return WebServer.at("127.0.0.1", 0)
                .webSocket("/ws", handler)
                .limits(new WebSocketLimits(1 << 26, 1 << 26, closeTimeout));
    }

    /** Sends more than the network takes, and takes its time over the end. */
    private static Future<Void> stubborn(WebSocket socket) {
        return async(() -> {
            var sending = spawn(socket.send(new byte[1 << 26]));
            try {
                await(socket.receive());
            } catch (WebSocketClosed e) {
                await(sending);
            }
        });
    }

    /** The peer closes, or errs, and takes nothing in: the answer can't go out, and somebody is in the middle of a frame. */
    @Test
    void aPeerThatDoesNotReadTheAnswerToItsClose() throws Exception {
        for (byte[] last : new byte[][] {Bytes.frame(0x88, Bytes.hex("03e8")), Bytes.frame(0xc1, new byte[1])}) {
            List<String> reported = Raw.with(Latent.system(), closing(SHORT, PatienceTest::stubborn), server -> {
                try (var stream = await(Raw.upgraded(server))) {
                    await(stream.read(ByteBuffer.allocate(1))); // the frame is under way
                    await(stream.write(ByteBuffer.wrap(last)));
                    await(timeout(Duration.ofSeconds(5), Raw.untilOnly(server, 0)));
                }
            });
            assertEquals(List.of(), reported);
        }
    }

    /** This side closes, and the peer takes nothing in. */
    @Test
    void aPeerThatDoesNotReadOurClose() throws Exception {
        WebSocketHandler[] handlers = {
            socket -> async(() -> {
                spawn(settle(socket.send(new byte[1 << 26]))).detach();
                await(sleep(Duration.ofMillis(20)));
                await(socket.close(4000, ""));
            }),
            socket -> async(() -> {
                spawn(settle(socket.send(new byte[1 << 26]))).detach();
                await(sleep(Duration.ofMillis(20)));
                throw new IllegalStateException("on purpose");
            }),
            socket -> socket.send(new byte[1 << 26]),
        };
        for (int i = 0; i < handlers.length; i++) {
            boolean drains = i == 2;
            List<String> reported = Raw.with(Latent.system(), closing(SHORT, handlers[i]), server -> {
                try (var stream = await(Raw.upgraded(server))) {
                    await(stream.read(ByteBuffer.allocate(1)));
                    if (drains) {
                        await(timeout(Duration.ofSeconds(5), server.drain(Duration.ofMinutes(1))));
                    }
                    await(timeout(Duration.ofSeconds(5), Raw.untilOnly(server, 0)));
                }
            });
            assertEquals(i == 1 ? 1 : 0, reported.size(), reported.toString());
        }
    }

    /** Written by those who want no limit. */
    @Test
    void timesOfYears() throws Exception {
        for (Duration ever : new Duration[] {EVER, Duration.ofDays(400 * 365), Duration.ofNanos(Long.MAX_VALUE)}) {
            List<String> reported =
                    Raw.with(Latent.system(), closing(ever, Raw::echo).requestTimeout(ever), server -> {
                        try (var stream = await(Raw.upgraded(server, Bytes.frame(0x81, new byte[] {'x'})))) {
                            await(stream.write(ByteBuffer.wrap(Bytes.frame(0x88, Bytes.hex("03e8")))));
                            assertEquals(
                                    "810178880203e8", java.util.HexFormat.of().formatHex(await(Raw.rest(stream))));
                        }
                        await(timeout(Duration.ofSeconds(5), server.drain(ever)));
                    });
            assertEquals(List.of(), reported, ever.toString());
        }
    }
}
