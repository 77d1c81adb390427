package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncConsumer;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.io.TcpStream;
import dev.latent.runtime.LocalExecutor;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Server and client over real sockets of this machine. */
@Timeout(60)
class EndToEndTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private final AtomicInteger cleanups = new AtomicInteger();

    private Future<Void> echo(WebSocket socket) {
        return async(() -> {
            try {
                while (true) {
                    switch (await(socket.receive())) {
                        case Message.Text(var text) -> await(socket.send(text));
                        case Message.Binary(var bytes) -> await(socket.send(bytes));
                    }
                }
            } finally {
                cleanups.incrementAndGet();
            }
        });
    }

    private WebServerBuilder builder() {
        return WebServer.at("127.0.0.1", 0)
                .webSocket("/ws", this::echo)
                .limits(new WebSocketLimits(1 << 20, 1 << 20, Duration.ofMillis(500)));
    }

    /** Runs {@code body} beside a server, and sees that nothing is left of it. */
    private void with(WebServerBuilder builder, AsyncConsumer<WebServer> body) throws Exception {
        try (LocalExecutor executor = new LocalExecutor()) {
            executor.blockOn(timeout(LONG, async(() -> {
                try (var server = await(builder.bind())) {
                    try (var _ = spawn(server.serve())) {
                        await(async(() -> body.accept(server)));
                    }
                    assertEquals(0, server.connections());
                }
            })));
            assertEquals(0, executor.liveTasks());
        }
    }

    private static Future<WebSocket> client(WebServer server) {
        return WebSocket.connect(
                URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/ws"));
    }

    @Test
    void echoOfAllLengths() throws Exception {
        with(builder(), server -> {
            try (var socket = await(client(server))) {
                for (int length : new int[] {0, 1, 125, 126, 65535, 65536, 70_000, 1 << 20}) {
                    byte[] bytes = new byte[length];
                    Arrays.fill(bytes, length / 2, length, (byte) 7);
                    await(socket.send(bytes));
                    assertArrayEquals(bytes, ((Message.Binary) await(socket.receive())).bytes());
                    String text = "é".repeat(length / 2);
                    await(socket.send(text));
                    assertEquals(new Message.Text(text), await(socket.receive()));
                }
                await(socket.send(PreparedMessage.text("prepared")));
                await(socket.ping());
                assertEquals(new Message.Text("prepared"), await(socket.receive()));
                assertEquals(1, server.connections());
            }
        });
        assertEquals(1, cleanups.get());
    }

    // ---- raw clients ------------------------------------------------------------------------------------------------

    private static final String UPGRADE =
            "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

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
                await(stream.read(one.clear()));
                head.append((char) one.get(0));
            }
            assertTrue(head.toString().startsWith("HTTP/1.1 101 "), head.toString());
            assertTrue(head.toString().contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), head.toString());
            return stream;
        });
    }

    /** {@return all that comes until the server closes} */
    private static Future<byte[]> rest(TcpStream stream) {
        return async(() -> {
            var all = new java.io.ByteArrayOutputStream();
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

    private Future<Void> stillServed(WebSocket other) {
        return async(() -> {
            await(other.send("still there?"));
            assertEquals(new Message.Text("still there?"), await(other.receive()));
        });
    }

    private static Future<Void> untilOnly(WebServer server, int connections) {
        return async(() -> {
            while (server.connections() != connections) {
                await(sleep(Duration.ofMillis(5)));
            }
        });
    }

    @Test
    void whatIsNoHttpIsRefused() throws Exception {
        with(builder().maxHead(1000), server -> {
            try (var other = await(client(server))) {
                String long1 = "GET / HTTP/1.1\r\nx: " + "y".repeat(2000) + "\r\n\r\n";
                String[][] cases = {
                    {"\u0016\u0003\u0001 a TLS hello", "400"},
                    {"what is this\r\n\r\n", "400"},
                    {"GET / SPDY/9\r\nHost: x\r\n\r\n", "400"},
                    {"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
                    {long1, "431"},
                    {"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "400"},
                    {"POST /ws HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", "405"},
                    {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505"},
                    {"GET /no HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404"},
                    {"GET /ws HTTP/1.1\r\nHost: x\r\n\r\n", "426"},
                    {UPGRADE.replace("ZQ==", "") + "\r\n", "400"},
                    {UPGRADE.replace("keep-alive", "close") + "Origin: http://evil.example\r\n\r\n", "403"},
                };
                for (var c : cases) {
                    try (var stream = await(raw(server, c[0].getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))) {
                        String answer = new String(await(rest(stream)), UTF_8);
                        assertTrue(answer.startsWith("HTTP/1.1 " + c[1] + " "), c[0] + " -> " + answer);
                    }
                    await(stillServed(other));
                }
                await(untilOnly(server, 1));
            }
        });
    }

    @Test
    void violationsCloseWithTheRightCode() throws Exception {
        with(builder(), server -> {
            try (var other = await(client(server))) {
                byte[] more = new byte[100_000];
                Object[][] cases = {
                    {Bytes.hex("8105 48656c6c6f"), "1002"},
                    {Bytes.frame(0xc1, new byte[1]), "1002"},
                    {Bytes.frame(0x81, Bytes.hex("c328")), "1007"},
                    {Bytes.concat(Bytes.frame(0x01, Bytes.hex("e2")), Bytes.frame(0x80, Bytes.hex("28a1"))), "1007"},
                    {Bytes.hex("82ff0000000000100001 00000000"), "1009"},
                    {Bytes.concat(Bytes.frame(0x83, new byte[1]), more), "1002"},
                };
                for (var c : cases) {
                    int before = cleanups.get();
                    try (var stream = await(upgraded(server, (byte[]) c[0]))) {
                        var out = async(() -> {
                            var frames = decoded(await(rest(stream)));
                            assertEquals(1, frames.size(), frames.toString());
                            assertTrue(frames.getFirst().startsWith("close " + c[1] + " "), frames.toString());
                        });
                        await(out);
                    }
                    await(stillServed(other));
                    await(untilOnly(server, 1));
                    assertEquals(before + 1, cleanups.get());
                }
            }
        });
    }

    @Test
    void aClientThatVanishesMidFrame() throws Exception {
        with(builder(), server -> {
            try (var other = await(client(server))) {
                for (int keep = 1; keep < 12; keep++) {
                    byte[] part = Arrays.copyOf(Bytes.frame(0x81, "hello".getBytes(UTF_8)), keep);
                    try (var _ = await(upgraded(server, part))) {
                        await(untilOnly(server, 2));
                    }
                    await(untilOnly(server, 1));
                    await(stillServed(other));
                    assertEquals(keep, cleanups.get());
                    if (keep == 10) {
                        break;
                    }
                }
            }
        });
    }

    @Test
    void aClientThatSaysNothingIsSentAway() throws Exception {
        with(builder().requestTimeout(Duration.ofMillis(100)), server -> {
            try (var silent = await(raw(server));
                    var half = await(raw(server, "GET / HT".getBytes(UTF_8)))) {
                assertEquals(0, await(rest(silent)).length);
                assertEquals(0, await(rest(half)).length);
            }
            await(untilOnly(server, 0));
        });
    }

    @Test
    void aSlowReaderMakesTheSenderWait() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        byte[] block = new byte[64 * 1024];
        with(
                WebServer.at("127.0.0.1", 0)
                        .webSocket(
                                "/ws",
                                socket -> async(() -> {
                                    while (true) {
                                        await(socket.send(block));
                                        sent.incrementAndGet();
                                    }
                                })),
                server -> {
                    try (var slow = await(upgraded(server))) {
                        int before = -1;
                        while (sent.get() != before) {
                            before = sent.get();
                            await(sleep(Duration.ofMillis(200)));
                        }
                        assertTrue(
                                before < 1000, before + " blocks of 64 kB are on their way to one who does not read");
                        var some = ByteBuffer.allocate(8 << 20);
                        while (some.hasRemaining()) {
                            await(slow.read(some));
                        }
                        await(sleep(Duration.ofMillis(200)));
                        assertTrue(sent.get() > before, "it goes on when the reader does");
                    }
                    await(untilOnly(server, 0));
                });
    }

    @Test
    void aSendDroppedHalfWayLeavesTheStreamWhole() throws Exception {
        with(
                WebServer.at("127.0.0.1", 0)
                        .webSocket(
                                "/ws",
                                socket -> async(() -> {
                                    int given = 0;
                                    for (int i = 0; i < 40; i++) {
                                        try {
                                            await(timeout(Duration.ofMillis(20), socket.send(new byte[500_000])));
                                        } catch (java.util.concurrent.TimeoutException e) {
                                            given++;
                                        }
                                    }
                                    assertTrue(given > 0);
                                    assertEquals(new Message.Text("go on"), await(socket.receive()));
                                    await(socket.send("last"));
                                })),
                server -> {
                    try (var stream = await(upgraded(server))) {
                        await(sleep(Duration.ofMillis(1500)));
                        await(stream.write(ByteBuffer.wrap(Bytes.frame(0x81, "go on".getBytes(UTF_8)))));
                        await(stream.write(ByteBuffer.wrap(Bytes.frame(0x88, Bytes.hex("03e8")))));
                        var frames = decoded(await(rest(stream)));
                        assertEquals("close 1000 ", frames.getLast());
                        assertEquals("text last", frames.get(frames.size() - 2));
                        for (var f : frames.subList(0, frames.size() - 2)) {
                            assertEquals("binary ".length() + 1_000_000, f.length());
                        }
                    }
                });
    }

    @Test
    void manySendersInOrder() throws Exception {
        with(
                WebServer.at("127.0.0.1", 0)
                        .webSocket(
                                "/ws",
                                socket -> async(() -> {
                                    List<JoinHandle<Void>> handles = new ArrayList<>();
                                    for (int i = 0; i < 200; i++) {
                                        handles.add(spawn(socket.send(i + " " + "x".repeat(50_000))));
                                    }
                                    for (var h : handles) {
                                        await(h);
                                    }
                                })),
                server -> {
                    try (var socket = await(client(server))) {
                        await(sleep(Duration.ofMillis(100)));
                        for (int i = 0; i < 200; i++) {
                            var text = ((Message.Text) await(socket.receive())).text();
                            assertEquals(i, Integer.parseInt(text.substring(0, text.indexOf(' '))));
                        }
                        var end = closed(socket);
                        assertEquals(1000, await(end).code());
                    }
                });
    }

    private static Future<WebSocketClosed> closed(WebSocket socket) {
        return async(() -> {
            try {
                while (true) {
                    await(socket.receive());
                }
            } catch (WebSocketClosed e) {
                return e;
            }
        });
    }

    @Test
    void drainTellsEveryoneAndWaits() throws Exception {
        with(builder(), server -> {
            List<WebSocket> sockets = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sockets.add(await(client(server)));
            }
            try (var _ = await(raw(server))) {
                await(untilOnly(server, 6));
                var draining = spawn(server.drain(Duration.ofSeconds(5)));
                for (var socket : sockets) {
                    assertEquals(1001, await(closed(socket)).code());
                    await(socket.closeAsync());
                }
                await(draining);
            }
            assertEquals(0, server.connections());
            assertEquals(5, cleanups.get());
        });
    }

    @Test
    void drainDoesNotWaitForEver() throws Exception {
        with(
                WebServer.at("127.0.0.1", 0)
                        .webSocket(
                                "/ws",
                                socket -> async(() -> {
                                    try {
                                        await(sleep(Duration.ofHours(1)));
                                    } finally {
                                        await(sleep(Duration.ofMillis(10)));
                                        cleanups.incrementAndGet();
                                    }
                                })),
                server -> {
                    try (var _ = await(upgraded(server))) {
                        await(untilOnly(server, 1));
                        await(server.drain(Duration.ofMillis(100)));
                        assertEquals(1, cleanups.get());
                    }
                });
    }

    @Test
    void droppingTheServiceDropsEveryConnection() throws Exception {
        with(builder(), server -> {
            List<WebSocket> sockets = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sockets.add(await(client(server)));
                await(stillServed(sockets.getLast()));
            }
            await(server.closeAsync());
            assertEquals(5, cleanups.get());
            assertEquals(0, server.connections());
            for (var socket : sockets) {
                assertEquals(1001, await(closed(socket)).code());
                await(socket.closeAsync());
            }
        });
    }

    @Test
    void aFailedHandlerCloses1011() throws Exception {
        with(
                WebServer.at("127.0.0.1", 0)
                        .webSocket(
                                "/ws",
                                socket -> async(() -> {
                                    await(socket.receive());
                                    throw new IllegalStateException("on purpose");
                                })),
                server -> {
                    try (var socket = await(client(server))) {
                        await(socket.send("x"));
                        assertEquals(1011, await(closed(socket)).code());
                    }
                });
    }

    @Test
    void closeHandshakes() throws Exception {
        with(builder(), server -> {
            var socket = await(client(server));
            await(socket.close(4000, "done here"));
            await(socket.closeAsync());
            await(untilOnly(server, 0));
            try (var stream = await(upgraded(server, Bytes.frame(0x88, Bytes.hex("0bb8 6279 65"))))) {
                assertEquals(List.of("close 3000 "), decoded(await(rest(stream))));
            }
            try (var stream = await(upgraded(server, Bytes.frame(0x88, new byte[0])))) {
                assertEquals(List.of("close 1005 "), decoded(await(rest(stream))));
            }
            try (var stream =
                    await(upgraded(server, Bytes.frame(0x89, Bytes.hex("01")), Bytes.frame(0x89, Bytes.hex("02"))))) {
                await(stream.write(ByteBuffer.wrap(Bytes.frame(0x88, new byte[0]))));
                assertEquals(List.of("pong 01", "pong 02", "close 1005 "), decoded(await(rest(stream))));
            }
        });
    }

    @Test
    void aReceiveThatIsDroppedLosesNothing() throws Exception {
        with(builder(), server -> {
            try (var stream = await(upgraded(server))) {
                byte[] all =
                        Bytes.concat(Bytes.frame(0x01, "ab".getBytes(UTF_8)), Bytes.frame(0x80, "cd".getBytes(UTF_8)));
                for (byte b : all) {
                    await(stream.write(ByteBuffer.wrap(new byte[] {b})));
                }
            }
            try (var socket = await(client(server))) {
                for (int i = 0; i < 50; i++) {
                    await(socket.send("n" + i));
                }
                int got = 0;
                while (got < 50) {
                    try {
                        assertEquals(
                                new Message.Text("n" + got), await(timeout(Duration.ofNanos(1), socket.receive())));
                        got++;
                    } catch (java.util.concurrent.TimeoutException e) {
                        // again
                    }
                }
            }
        });
    }

    @Test
    void refusedClients() throws Exception {
        with(builder(), server -> {
            try {
                await(WebSocket.connect(
                        URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/other")));
                throw new AssertionError();
            } catch (WebSocketRefused e) {
                assertEquals(404, e.status());
            }
        });
        assertThrows(IllegalArgumentException.class, () -> WebSocket.connect(URI.create("wss://x/")));
    }

    @Test
    void files(@TempDir Path dir) throws Exception {
        Path site = Files.createDirectories(dir.resolve("site/sub"));
        Files.writeString(dir.resolve("secret"), "secret");
        Files.writeString(site.resolve("index.html"), "sub index");
        byte[] big = new byte[300_000];
        Arrays.fill(big, (byte) 'b');
        Files.write(site.resolve("big.js"), big);
        Files.createSymbolicLink(site.resolve("link"), dir.resolve("secret"));
        with(
                builder()
                        .files("/", dir.resolve("site"))
                        .resources(
                                "/res",
                                n -> n.equals("a.css") ? new ByteArrayInputStream("css".getBytes(UTF_8)) : null),
                server -> {
                    String requests =
                            "GET /sub/ HTTP/1.1\r\nHost: x\r\n\r\nHEAD /sub/big.js HTTP/1.1\r\nHost: x\r\n\r\n"
                                    + "GET /res/a.css?x=y HTTP/1.1\r\nHost: x\r\n\r\n"
                                    + "GET /sub/big.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
                    try (var stream = await(raw(server, requests.getBytes(UTF_8)))) {
                        String all = new String(await(rest(stream)), UTF_8);
                        assertEquals(5, all.split("HTTP/1.1 200 OK").length);
                        assertTrue(all.contains("\r\n\r\nsub index"), all);
                        assertTrue(all.contains("text/css; charset=utf-8"));
                        assertTrue(all.endsWith("b".repeat(300_000)));
                        assertFalse(all.substring(0, all.length() - 300_000).contains("bbb"));
                    }
                    for (String path : new String[] {
                        "/../secret",
                        "/sub/link",
                        "/%2e%2e/secret",
                        "/sub/..%2f..%2f..%2fsecret",
                        "/no",
                        "//etc/passwd",
                        "/res/b"
                    }) {
                        try (var stream = await(raw(
                                server,
                                ("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                        .getBytes(UTF_8)))) {
                            String all = new String(await(rest(stream)), UTF_8);
                            assertTrue(all.startsWith("HTTP/1.1 404 "), path + " -> " + all);
                        }
                    }
                });
    }

    @Test
    void connectionsBeyondTheLimitWait() throws Exception {
        with(builder().maxConnections(2), server -> {
            var a = await(client(server));
            var b = await(client(server));
            var third = spawn(client(server));
            await(sleep(Duration.ofMillis(50)));
            assertFalse(third.isFinished());
            await(a.closeAsync());
            var c = await(third);
            await(stillServed(c));
            await(b.closeAsync());
            await(c.closeAsync());
        });
    }
}
