package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.select;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncConsumer;
import dev.latent.Future;
import dev.latent.Outcome;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Pongs, ends, and peers that are gone without a word. */
class WatchingTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private static Future<WebSocket> connect(WebServer server) {
        return WebSocketClient.to(
                        URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/ws"))
                .connect();
    }

    private static void with(WebServerBuilder builder, AsyncConsumer<WebServer> body) throws Exception {
        assertEquals(List.of(), Raw.with(Latent.system(), builder, body));
    }

    private static WebServerBuilder server(dev.latent.web.WebSocketHandler handler) {
        return WebServer.at("127.0.0.1", 0).webSocket("/ws", handler);
    }

    private static WebSocketClosed closed(Outcome<?> outcome) {
        return assertInstanceOf(
                WebSocketClosed.class,
                assertInstanceOf(Outcome.Failed.class, outcome).cause());
    }

    @Test
    void aRoundTripIsMeasuredByWhoeverReceives() throws Exception {
        with(server(Raw::echo), server -> {
            try (WebSocket socket = await(connect(server));
                    var receiving = spawn(settle(socket.receive()))) {
                var three = await(join(socket.roundTrip(), socket.roundTrip(), socket.roundTrip()));
                assertTrue(three.first().isPositive()
                        && three.second().isPositive()
                        && three.third().isPositive());
                await(socket.send("x"));
                assertInstanceOf(Outcome.Ok.class, await(receiving));
            }
        });
    }

    @Test
    void theEndIsToldToWhoWatches() throws Exception {
        with(server(socket -> async(() -> await(socket.close(3_001, "enough")))), server -> {
            try (WebSocket socket = await(connect(server));
                    var end = spawn(socket.closed());
                    var trip = spawn(settle(socket.roundTrip()))) {
                await(settle(socket.receive()));
                WebSocketClosed told = await(end);
                assertEquals(3_001, told.code());
                assertEquals("enough", told.reason());
                assertEquals(3_001, closed(await(trip)).code());
                assertEquals(3_001, await(socket.closed()).code());
            }
        });
    }

    @Test
    void whoCutsTheConnectionIsToldItsEndToo() throws Exception {
        with(server(Raw::echo), server -> {
            WebSocket socket = await(connect(server));
            try (var end = spawn(socket.closed())) {
                socket.close();
                assertEquals(WebSocketClosed.ABNORMAL, await(end).code());
            }
        });
    }

    /** Speaks no WebSocket behind its handshake. */
    private static Future<TcpStream> mute(WebServer server) {
        return async(() -> {
            TcpStream stream =
                    await(TcpStream.connect("127.0.0.1", server.localAddress().getPort()));
            await(stream.write(ByteBuffer.wrap((Raw.upgrade("localhost") + "\r\n").getBytes(ISO_8859_1))));
            return stream;
        });
    }

    @Test
    void aPeerThatAnswersNoPingIsGivenUp() throws Exception {
        var ended = new CompletableFuture<WebSocketClosed>();
        with(
                server(socket -> async(() -> {
                    var both = await(join(settle(socket.receive()), socket.keepAlive(SHORT, SHORT)));
                    ended.complete(closed(both.first()));
                })),
                server -> {
                    try (var _ = await(mute(server))) {
                        while (!ended.isDone()) {
                            await(sleep(SHORT));
                        }
                        while (server.connections() > 0) {
                            await(sleep(SHORT));
                        }
                    }
                });
        assertEquals(WebSocketClosed.ABNORMAL, ended.join().code());
        assertEquals(
                "nothing has come for 100 ms, not even a pong", ended.join().reason());
    }

    @Test
    void aPeerThatAnswersIsKept() throws Exception {
        var pings = new CompletableFuture<Void>();
        with(
                server(socket -> async(() -> {
                    await(select(Raw.echo(socket), socket.keepAlive(SHORT, SHORT.multipliedBy(40))));
                    pings.complete(null);
                })),
                server -> {
                    try (WebSocket socket = await(connect(server));
                            var receiving = spawn(settle(socket.receive()))) {
                        await(sleep(SHORT.multipliedBy(10)));
                        assertFalse(receiving.isFinished());
                        assertFalse(pings.isDone());
                        await(socket.send("still here"));
                        assertInstanceOf(Outcome.Ok.class, await(receiving));
                    }
                });
    }

    @Test
    void whoIsNotReceivingGivesNobodyUp() throws Exception {
        with(server(Raw::echo), server -> {
            try (WebSocket socket = await(connect(server));
                    var watch = spawn(socket.keepAlive(SHORT, SHORT))) {
                await(sleep(SHORT.multipliedBy(6)));
                assertFalse(watch.isFinished());
                await(socket.send("x"));
                await(socket.receive());
                await(socket.closeAsync());
                await(watch);
            }
        });
    }

    @Test
    void timesAreChecked() throws Exception {
        with(server(Raw::echo), server -> {
            try (WebSocket socket = await(connect(server))) {
                assertThrows(IllegalArgumentException.class, () -> socket.keepAlive(Duration.ZERO, SHORT));
                assertThrows(IllegalArgumentException.class, () -> socket.keepAlive(SHORT, Duration.ofSeconds(-1)));
            }
        });
    }
}
