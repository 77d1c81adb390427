package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncConsumer;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.io.TcpListener;
import dev.latent.io.TcpOptions;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.FailureHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a hostile peer, or a careless handler, may do. */
@Timeout(60)
class AdversaryTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private final List<String> reported = new CopyOnWriteArrayList<>();

    private static Future<Void> echo(WebSocket socket) {
        return async(() -> {
            while (true) {
                switch (await(socket.receive())) {
                    case Message.Text(var text) -> await(socket.send(text));
                    case Message.Binary(var bytes) -> await(socket.send(bytes));
                }
            }
        });
    }

    /** Runs {@code body} beside a server; nothing is left of it. */
    private void with(WebServerBuilder builder, AsyncConsumer<WebServer> body) throws Exception {
        FailureHandler reports = (where, failure) -> reported.add(where + ": " + failure);
        try (LocalExecutor executor = LocalExecutor.builder()
                .world(Latent.system().with(FailureHandler.class, reports))
                .build()) {
            executor.blockOn(timeout(LONG, async(() -> {
                try (var server = await(builder.bind())) {
                    try (var _ = spawn(server.serve())) {
                        await(async(() -> body.accept(server)));
                        await(untilOnly(server, 0));
                    }
                }
            })));
            assertEquals(0, executor.liveTasks());
        }
    }

    private static Future<Void> untilOnly(WebServer server, int connections) {
        return async(() -> {
            while (server.connections() != connections) {
                await(sleep(Duration.ofMillis(1)));
            }
        });
    }

    private static Future<TcpStream> raw(WebServer server, byte[]... bytes) {
        return async(() -> {
            var stream =
                    await(TcpStream.connect("127.0.0.1", server.localAddress().getPort()));
            await(stream.write(ByteBuffer.wrap(Bytes.concat(bytes))));
            return stream;
        });
    }

    private static Future<TcpStream> upgraded(WebServer server, byte[]... frames) {
        return async(() -> {
            var stream = await(raw(server, (UPGRADE + "\r\n").getBytes(UTF_8), Bytes.concat(frames)));
            var head = new StringBuilder();
            var one = ByteBuffer.allocate(1);
            while (head.indexOf("\r\n\r\n") < 0) {
                assertEquals(1, await(stream.read(one.clear())), head.toString());
                head.append((char) one.get(0));
            }
            assertTrue(head.toString().startsWith("HTTP/1.1 101 "), head.toString());
            return stream;
        });
    }

    private static Future<byte[]> rest(TcpStream stream) {
        return async(() -> {
            var all = new ByteArrayOutputStream();
            var piece = ByteBuffer.allocate(70_000);
            while (await(stream.read(piece.clear())) >= 0) {
                all.write(piece.array(), 0, piece.position());
            }
            return all.toByteArray();
        });
    }

    private static List<String> decoded(byte[] bytes) throws Exception {
        return Bytes.decode(bytes);
    }

    private static WebServerBuilder with(WebSocketHandler handler) {
        return WebServer.at("127.0.0.1", 0)
                .webSocket("/ws", handler)
                .limits(new WebSocketLimits(1 << 23, 1 << 23, Duration.ofSeconds(10)));
    }

    // ---- HTTP -------------------------------------------------------------------------------------------------------

    /** Each of these hides a second request from somebody who reads the first another way. */
    @Test
    void aRequestWhoseEndIsInDoubtEndsTheConnection() throws Exception {
        String hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
        String[] heads = {
            "GET /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0, 40\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length : 40\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "GET /a HTTP/1.1\nHost: x\n\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: x\r\nX: a\nTransfer-Encoding: chunked\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
            UPGRADE.replace("/ws", "/ws?x") + "Content-Length: 5\r\n\r\n",
            UPGRADE + "Transfer-Encoding: gzip\r\n\r\n",
        };
        List<String> asked = new CopyOnWriteArrayList<>();
        with(
                with(AdversaryTest::echo).resources("/", name -> {
                    asked.add(name);
                    return new ByteArrayInputStream(name.getBytes(UTF_8));
                }),
                server -> {
                    for (String head : heads) {
                        try (var stream = await(raw(server, (head + hidden).getBytes(ISO_8859_1)))) {
                            String answer = new String(await(rest(stream)), ISO_8859_1);
                            assertTrue(answer.startsWith("HTTP/1.1 4"), head + " -> " + answer);
                            assertEquals(2, answer.split("HTTP/1.1").length, head + " -> " + answer);
                        }
                    }
                });
        assertEquals(List.of(), asked);
    }

    @Test
    void aFileThatFailsIsAnsweredAndReported() throws Exception {
        InputStream torn = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        with(
                with(AdversaryTest::echo).resources("/", name -> {
                    if (name.equals("bug")) {
                        throw new IllegalStateException("on purpose");
                    }
                    return torn;
                }),
                server -> {
                    for (String name : new String[] {"bug", "torn"}) {
                        try (var stream = await(raw(
                                server,
                                ("GET /" + name + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                        .getBytes(UTF_8)))) {
                            String answer = new String(await(rest(stream)), UTF_8);
                            assertTrue(answer.startsWith("HTTP/1.1 500 "), name + " -> " + answer);
                        }
                    }
                });
        assertEquals(2, reported.size(), reported.toString());
    }

    // ---- closing ----------------------------------------------------------------------------------------------------

    /** One task receives, another is in the middle of a frame: the frame is finished and the close frame follows. */
    @Test
    void theLastFrameIsWholeWhenThePeerClosesOrErrs() throws Exception {
        Object[][] cases = {
            {Bytes.frame(0x88, Bytes.hex("03e8")), "close 1000 "},
            {Bytes.frame(0xc1, new byte[1]), "close 1002 reserved bits are set, without an extension"},
        };
        for (var c : cases) {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            CompletableFuture<Void> told = new CompletableFuture<>();
            with(
                    with(socket -> async(() -> {
                        spawn(async(() -> {
                                    await(socket.send(new byte[1 << 23]));
                                    sent.complete(null);
                                }))
                                .detach();
                        try {
                            await(socket.receive());
                        } finally {
                            told.complete(null);
                        }
                    })),
                    server -> {
                        try (var stream = await(upgraded(server))) {
                            var one = ByteBuffer.allocate(1);
                            await(stream.read(one));
                            await(stream.write(ByteBuffer.wrap((byte[]) c[0])));
                            while (!told.isDone()) { // until then nothing is read here, so the sender waits
                                await(sleep(Duration.ofMillis(1)));
                            }
                            byte[] all = Bytes.concat(one.array(), await(rest(stream)));
                            var frames = Bytes.decode(all);
                            assertEquals(2, frames.size());
                            assertEquals(
                                    "binary ".length() + 2 * (1 << 23),
                                    frames.get(0).length());
                            assertEquals(c[1], frames.get(1));
                        }
                    });
            assertTrue(sent.isDone());
        }
        assertEquals(List.of(), reported);
    }

    /** One task closes and another asks for a message meanwhile: it is told of the end, not of a misuse. */
    @Test
    void receiveWhileAnotherTaskCloses() throws Exception {
        with(with(AdversaryTest::echo), server -> {
            var socket = await(WebSocket.connect(
                    URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/ws")));
            var closing = spawn(socket.close(4000, ""));
            await(yieldNow());
            try {
                await(timeout(Duration.ofSeconds(3), socket.receive()));
                throw new AssertionError();
            } catch (WebSocketClosed e) {
                assertEquals(4000, e.code());
            }
            await(closing);
        });
        assertEquals(List.of(), reported);
    }

    /** However many close, each is ready when the connection is, and not at its timeout. */
    @Test
    void manyCloseAtOnce() throws Exception {
        with(with(AdversaryTest::echo), server -> {
            var socket = await(WebSocket.connect(
                    URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/ws"),
                    new WebSocketLimits(1000, 1000, Duration.ofMinutes(1))));
            var reader = spawn(async(() -> {
                try {
                    await(socket.receive());
                    return 0;
                } catch (WebSocketClosed e) {
                    return e.code();
                }
            }));
            await(yieldNow());
            List<dev.latent.JoinHandle<Void>> closes = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                closes.add(spawn(socket.close(4000 + i, "")));
            }
            for (var close : closes) {
                await(timeout(Duration.ofSeconds(5), close));
            }
            assertEquals(4000, await(reader));
        });
    }

    @Test
    void bothCloseAtOnce() throws Exception {
        with(with(AdversaryTest::echo), server -> {
            for (int i = 0; i < 20; i++) {
                var socket = await(WebSocket.connect(
                        URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/ws")));
                await(socket.send("x"));
                await(socket.receive());
                await(timeout(Duration.ofSeconds(3), socket.closeAsync()));
            }
            var last = await(WebSocket.connect(
                    URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/ws")));
            await(last.send("x"));
            var draining = spawn(server.drain(Duration.ofSeconds(15)));
            await(timeout(Duration.ofSeconds(3), last.closeAsync()));
            await(timeout(Duration.ofSeconds(3), draining));
        });
        assertEquals(List.of(), reported);
    }

    /** A handler whose cleanup fails is dropped all the same, and said to have failed. */
    @Test
    void aCleanupThatFailsDoesNotHoldTheServer() throws Exception {
        with(
                with(socket -> async(() -> {
                    try {
                        await(sleep(Duration.ofHours(1)));
                    } finally {
                        await(sleep(Duration.ofMillis(1)));
                        Integer.parseInt("on purpose");
                    }
                })),
                server -> {
                    try (var _ = await(upgraded(server))) {
                        await(timeout(Duration.ofSeconds(5), server.drain(Duration.ofMillis(1))));
                        assertEquals(0, server.connections());
                    }
                });
        assertEquals(1, reported.size(), reported.toString());
        assertTrue(reported.getFirst().contains("on purpose"));
    }

    // ---- frames -----------------------------------------------------------------------------------------------------

    @Test
    void everyViolationIsToldItsCode() throws Exception {
        Object[][] cases = {
            {Bytes.hex("82ff8000000000000000 00000000"), "1002"},
            {Bytes.hex("82ffffffffffffffffff 00000000"), "1002"},
            {Bytes.hex("8100"), "1002"},
            {Bytes.hex("89fe0080 00000000"), "1002"},
            {Bytes.hex("0980 00000000"), "1002"},
            {Bytes.frame(0x80, new byte[3]), "1002"},
            {Bytes.frame(0x88, new byte[1]), "1002"},
            {Bytes.frame(0x88, Bytes.hex("03ed")), "1002"},
            {Bytes.frame(0x88, Bytes.hex("03ee")), "1002"},
            {Bytes.frame(0x88, Bytes.hex("03f7")), "1002"},
            {Bytes.frame(0x88, Bytes.hex("0000")), "1002"},
            {Bytes.frame(0x88, Bytes.hex("ffff")), "1002"},
            {Bytes.frame(0x88, Bytes.hex("03e8c328")), "1007"},
            {Bytes.concat(Bytes.frame(0x88, Bytes.hex("03e8")), Bytes.frame(0x81, new byte[9])), "1000"},
        };
        with(with(AdversaryTest::echo), server -> {
            for (var c : cases) {
                try (var stream = await(upgraded(server, (byte[]) c[0]))) {
                    var frames = decoded(await(rest(stream)));
                    assertEquals(1, frames.size(), frames.toString());
                    assertTrue(frames.getFirst().startsWith("close " + c[1] + " "), c[1] + " " + frames);
                }
            }
        });
        assertEquals(List.of(), reported);
    }

    /** Pings by the million, and nobody takes the pongs in: what comes at last is less than the network holds. */
    @Test
    void pongsDoNotPileUp() throws Exception {
        byte[] ping = Bytes.frame(0x89, new byte[125]);
        byte[] many = new byte[ping.length * 1000];
        for (int i = 0; i < 1000; i++) {
            System.arraycopy(ping, 0, many, i * ping.length, ping.length);
        }
        with(with(AdversaryTest::echo), server -> {
            try (var stream = await(upgraded(server))) {
                for (int i = 0; i < 300; i++) {
                    await(stream.write(ByteBuffer.wrap(many)));
                }
                await(stream.write(ByteBuffer.wrap(Bytes.frame(0x88, new byte[0]))));
                var frames = decoded(await(rest(stream)));
                assertEquals("close 1005 ", frames.getLast());
                assertTrue(frames.size() < 250_000, frames.size() + " pongs");
            }
        });
    }

    /** Five hundred that are reset at the same moment: each handler has its end, and nothing is left of them. */
    @Test
    void manyThatVanishAtOnce() throws Exception {
        int clients = 500;
        int[] ended = {0};
        with(
                with(socket -> async(() -> {
                    try {
                        await(echo(socket));
                    } finally {
                        ended[0]++;
                    }
                })),
                server -> {
                    int port = server.localAddress().getPort();
                    List<TcpStream> streams = new ArrayList<>();
                    for (int i = 0; i < clients; i++) {
                        var stream = await(TcpStream.connect(
                                "127.0.0.1", port, TcpOptions.defaults().linger(Duration.ZERO)));
                        streams.add(stream);
                        await(stream.write(ByteBuffer.wrap((UPGRADE + "\r\n").getBytes(UTF_8))));
                        assertTrue(await(Raw.head(stream)).startsWith("HTTP/1.1 101 "));
                    }
                    assertEquals(clients, server.connections());
                    streams.forEach(TcpStream::close);
                    await(untilOnly(server, 0));
                });
        assertEquals(clients, ended[0]);
        assertEquals(List.of(), reported);
    }

    /** What the handler's drop throws is reported, and the connection leaves all the same. */
    @Test
    void aDropThatThrowsDoesNotHoldTheServer() throws Exception {
        with(
                with(socket -> new OwnedFuture<Void>() {
                    @Override
                    protected Poll<Void> pollOwned(Context cx) {
                        return Poll.pending();
                    }

                    @Override
                    protected void dropOwned() {
                        throw new IllegalStateException("on purpose");
                    }
                }),
                server -> {
                    try (var _ = await(upgraded(server))) {
                        await(timeout(Duration.ofSeconds(5), server.drain(Duration.ofMillis(1))));
                        assertEquals(0, server.connections());
                    }
                });
        assertEquals(1, reported.size(), reported.toString());
    }

    /** A server that is closed by another thread while a connection is between its accept and its task. */
    @Test
    void aConnectionThatIsBeingSpawnedIsCancelledToo() throws Exception {
        with(with(AdversaryTest::echo), server -> {
            try (var listener = await(TcpListener.bind("127.0.0.1", 0));
                    var _ = await(TcpStream.connect(
                            "127.0.0.1", listener.localAddress().getPort()))) {
                var connection = new ServerConnection(server, await(listener.accept()));
                server.connections.add(connection);
                var handle = spawn(ServerConnection.run(connection));
                server.connections.cancelAll();
                server.connections.started(connection, handle);
                await(timeout(Duration.ofSeconds(3), untilOnly(server, 0)));
            }
        });
    }
}
