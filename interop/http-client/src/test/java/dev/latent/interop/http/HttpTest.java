package dev.latent.interop.http;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Item;
import dev.latent.Next;
import dev.latent.io.AsyncBufReader;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server of sockets and threads, which counts the bytes. */
@Timeout(60)
class HttpTest {
    private interface Served {
        void serve(InputStream in, OutputStream out) throws Exception;
    }

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ServerSocket server;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        client.shutdownNow();
    }

    /** {@return counted down when the connection has ended, however} */
    private CountDownLatch serves(Served served) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                served.serve(socket.getInputStream(), socket.getOutputStream());
            } catch (Exception e) {
                // the client has gone
            } finally {
                ended.countDown();
            }
        });
        return ended;
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no head: " + head);
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.flush();
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"));
    }

    @Test
    void aBodyIsReadByLinesAsItComes() throws Exception {
        serves((in, out) -> {
            head(in);
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\none\ntw");
            write(out, "o\nthr");
            write(out, "ee");
        });
        Latent.blockOn(async(() -> {
            HttpResponse<HttpBody> response = await(Http.send(client, request().build()));
            assertEquals(200, response.statusCode());
            try (HttpBody body = response.body()) {
                assertEquals(
                        List.of("one", "two", "three"),
                        await(AsyncBufReader.of(body).lines().toList()));
            }
        }));
    }

    @Test
    void aBodyIsAStreamWhoseCloseEndsTheExchange() throws Exception {
        CountDownLatch ended = serves((in, out) -> {
            head(in);
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            byte[] piece = new byte[10_000];
            while (true) {
                out.write(piece);
            }
        });
        AtomicLong bytes = new AtomicLong();
        Latent.blockOn(async(() -> {
            HttpBody body = await(Http.send(client, request().build())).body();
            await(body.stream().take(100).forEach(piece -> bytes.addAndGet(piece.remaining())));
        }));
        assertTrue(bytes.get() >= 100 && bytes.get() <= 100 * 16 * 1024, "read " + bytes);
        assertTrue(ended.await(10, TimeUnit.SECONDS), "the server still writes");
    }

    @Test
    void droppedBeforeTheHeadItGivesTheConnectionUp() throws Exception {
        CountDownLatch ended = serves((in, out) -> {
            head(in);
            assertEquals(-1, in.read());
        });
        assertThrows(
                TimeoutException.class,
                () -> Latent.blockOn(timeout(
                        Duration.ofMillis(200), Http.send(client, request().build()))));
        assertTrue(ended.await(10, TimeUnit.SECONDS), "the server still waits");
    }

    @Test
    void whoReadsSlowlySlowsDownThePeerAndAClosedBodyEndsIt() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch ended = serves((in, out) -> {
            head(in);
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            byte[] piece = new byte[10_000];
            while (true) {
                out.write(piece);
                written.addAndGet(piece.length);
            }
        });
        Latent.blockOn(async(() -> {
            try (HttpBody body = await(Http.send(client, request().build())).body()) {
                assertTrue(await(body.read(ByteBuffer.allocate(1_000))) > 0);
                long before = -1;
                while (written.get() != before) { // until the pipes between are full
                    before = written.get();
                    await(sleep(Duration.ofMillis(100)));
                }
                assertTrue(before < 50_000_000, "it has been read without being asked for: " + before);
            }
        }));
        assertTrue(ended.await(10, TimeUnit.SECONDS), "the server still writes");
    }

    @Test
    void aBodyThatBreaksOffSaysSo() throws Exception {
        serves((in, out) -> {
            head(in);
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345");
        });
        IOException e = assertThrows(
                IOException.class,
                () -> Latent.blockOn(async(() -> {
                    try (HttpBody body =
                            await(Http.send(client, request().build())).body()) {
                        await(AsyncBufReader.of(body).readAll(100));
                    }
                })));
        assertTrue(e.getMessage().startsWith("the body of GET http://127.0.0.1:"), e.getMessage());
    }

    @Test
    void aRequestStreamsItsBody() throws Exception {
        AtomicLong sum = new AtomicLong();
        serves((in, out) -> {
            head(in);
            for (int i = 0; i < 1_000_000; i++) {
                sum.addAndGet(in.read());
            }
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        Latent.blockOn(async(() -> {
            HttpRequest.BodyPublisher body = Http.body(
                    context().spawner(),
                    () -> AsyncStream.repeat(1).take(1_000).map(one -> {
                        byte[] bytes = new byte[1_000];
                        Arrays.fill(bytes, (byte) (int) one);
                        return ByteBuffer.wrap(bytes);
                    }),
                    1_000_000);
            HttpResponse<String> response =
                    await(Http.send(client, request().POST(body).build(), HttpResponse.BodyHandlers.ofString()));
            assertEquals("ok", response.body());
        }));
        assertEquals(1_000_000, sum.get());
    }

    @Test
    void cancellingAnExchangeDropsTheStreamOfItsBody() throws Exception {
        CountDownLatch dropped = new CountDownLatch(1);
        serves((in, out) -> {
            head(in);
            while (in.read() >= 0) {}
        });
        assertThrows(
                TimeoutException.class,
                () -> Latent.blockOn(async(() -> {
                    HttpRequest.BodyPublisher body = Http.body(
                            context().spawner(),
                            () -> AsyncStream.<ByteBuffer>generate(out -> {
                                try {
                                    while (true) {
                                        await(out.emit(ByteBuffer.wrap(new byte[100])));
                                        await(sleep(Duration.ofMillis(10)));
                                    }
                                } finally {
                                    dropped.countDown();
                                }
                            }));
                    await(timeout(
                            Duration.ofMillis(200),
                            Http.send(client, request().POST(body).build())));
                })));
        assertTrue(dropped.await(10, TimeUnit.SECONDS));
    }

    // ---- WebSocket --------------------------------------------------------------------------------------------------

    private static void accepts(InputStream in, OutputStream out) throws Exception {
        String head = head(in);
        String key = head.replaceAll("(?is).*\r\nSec-WebSocket-Key: ([^\r]*)\r\n.*", "$1");
        byte[] hash = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
        write(
                out,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n");
    }

    private static void frame(OutputStream out, int first, byte[] data) throws IOException {
        out.write(first);
        out.write(data.length); // below 126
        out.write(data);
        out.flush();
    }

    /** {@return the data of a masked frame below 126 bytes, its first byte in front} */
    private static byte[] frame(InputStream in) throws IOException {
        int first = in.read();
        int length = in.read() & 0x7F;
        byte[] mask = in.readNBytes(4);
        byte[] data = in.readNBytes(length);
        byte[] all = new byte[1 + length];
        all[0] = (byte) first;
        for (int i = 0; i < length; i++) {
            all[1 + i] = (byte) (data[i] ^ mask[i & 3]);
        }
        return all;
    }

    private URI webSocketUri() {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/");
    }

    @Test
    void messagesComeWholeAndTheGoodbyeIsAnswered() throws Exception {
        serves((in, out) -> {
            accepts(in, out);
            frame(out, 0x01, "he".getBytes(UTF_8));
            frame(out, 0x80, "llo".getBytes(UTF_8));
            frame(out, 0x82, new byte[] {1, 2});
            assertEquals("\u0081hi", new String(frame(in), ISO_8859_1));
            assertEquals("\u0082\u0007", new String(frame(in), ISO_8859_1));
            frame(out, 0x88, new byte[] {0x03, (byte) 0xE9}); // 1001
            frame(in);
        });
        Latent.blockOn(async(() -> {
            try (HttpWebSocket socket = await(Http.webSocket(client, webSocketUri()))) {
                assertEquals(new Item<>(new HttpWebSocket.Message.Text("hello")), await(socket.next()));
                if (await(socket.next()) instanceof Item(HttpWebSocket.Message.Binary(var bytes))) {
                    assertArrayEquals(new byte[] {1, 2}, bytes);
                } else {
                    throw new AssertionError("no binary message");
                }
                await(socket.send("hi"));
                await(socket.send(ByteBuffer.wrap(new byte[] {7})));
                assertEquals(Next.end(), await(socket.next()));
                assertEquals(1001, socket.closeCode().orElseThrow());
            }
        }));
    }

    @Test
    void closedItSaysGoodbyeAndWaitsForTheAnswer() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        serves((in, out) -> {
            accepts(in, out);
            frame(out, 0x81, "unread".getBytes(UTF_8));
            byte[] goodbye = frame(in);
            assertEquals((byte) 0x88, goodbye[0]);
            answered.countDown();
            frame(out, 0x88, new byte[] {0x03, (byte) 0xE8});
        });
        Latent.blockOn(async(() -> {
            HttpWebSocket socket = await(Http.webSocket(client, webSocketUri()));
            await(socket.closeAsync());
            assertEquals(1000, socket.closeCode().orElseThrow());
        }));
        assertTrue(answered.await(1, TimeUnit.SECONDS));
    }

    @Test
    void aMessageThatIsTooLongBreaksItOff() throws Exception {
        serves((in, out) -> {
            accepts(in, out);
            frame(out, 0x01, "12345".getBytes(UTF_8));
            frame(out, 0x80, "6".getBytes(UTF_8));
            assertEquals(-1, in.read());
        });
        Latent.blockOn(async(() -> {
            HttpWebSocket socket = await(Http.webSocket(client, webSocketUri(), 5, _ -> {}));
            try {
                await(socket.next());
                throw new AssertionError("6 chars are more than 5");
            } catch (IOException e) {
                assertEquals("the WebSocket broke off: a message is longer than 5", e.getMessage());
            }
            assertEquals(Next.end(), await(socket.next()));
            socket.close();
        }));
    }

    @Test
    void aDroppedOpeningIsBrokenOffAsItIsAnswered() throws Exception {
        CountDownLatch dropped = new CountDownLatch(1);
        CountDownLatch ended = serves((in, out) -> {
            dropped.await();
            accepts(in, out);
            assertEquals(-1, in.read());
        });
        assertThrows(
                TimeoutException.class,
                () -> Latent.blockOn(timeout(Duration.ofMillis(200), Http.webSocket(client, webSocketUri()))));
        dropped.countDown();
        assertTrue(ended.await(10, TimeUnit.SECONDS));
    }
}
