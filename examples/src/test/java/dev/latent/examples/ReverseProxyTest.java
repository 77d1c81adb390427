package dev.latent.examples;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.io.Shutdown;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.web.WebServer;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ReverseProxy.java}, between clients and a server of sockets and threads. */
@Timeout(60)
class ReverseProxyTest {
    private interface Served {
        void serve(InputStream in, OutputStream out) throws Exception;
    }

    @TempDir
    static Path folder;

    private static Class<?> program;

    private final WorkStealingExecutor executor = WorkStealingExecutor.create(2);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final CompletableFuture<Shutdown> running = new CompletableFuture<>();
    private final LinkedBlockingQueue<String> heads = new LinkedBlockingQueue<>();

    /** Connections whose serving has ended, however. */
    private final AtomicInteger ended = new AtomicInteger();

    private volatile Served served;
    private volatile String answer = "";
    private volatile Duration patience = Duration.ofSeconds(30);
    private ServerSocket behind;
    private CompletableFuture<Shutdown.Report> report;

    @BeforeAll
    static void compile() throws Exception {
        Path source = Path.of(System.getProperty("latent.examples", "."), "ReverseProxy.java");
        SourceProgram.compile("ReverseProxy", Files.readString(source), folder);
        program = new URLClassLoader(new URL[] {folder.toUri().toURL()}, ReverseProxyTest.class.getClassLoader())
                .loadClass("ReverseProxy");
    }

    @BeforeEach
    void serve() throws Exception {
        behind = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
        var constructor = program.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object proxy = constructor.newInstance();
        Method forward = program.getDeclaredMethod("forward", Request.class, URI.class, Duration.class);
        forward.setAccessible(true);
        URI upstream = URI.create("http://127.0.0.1:" + behind.getLocalPort());
        report = executor.toCompletableFuture(
                Shutdown.on().within(Duration.ofSeconds(10)).run(stop -> {
                    try (var server = await(WebServer.at("127.0.0.1", 0)
                            .any("/{path...}", request -> forwarded(forward.invoke(proxy, request, upstream, patience)))
                            .bind())) {
                        port.complete(server.localAddress().getPort());
                        running.complete(stop);
                        await(join(server.serve(), async(() -> {
                            await(stop.asked());
                            await(server.drain(Duration.ofSeconds(5)));
                        })));
                    }
                }));
    }

    @SuppressWarnings("unchecked")
    private static Future<Response> forwarded(Object answer) {
        return (Future<Response>) answer;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = behind.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            served.serve(socket.getInputStream(), socket.getOutputStream());
        } catch (Exception e) {
            // the proxy has gone
        } finally {
            ended.incrementAndGet();
        }
    }

    @AfterEach
    void close() throws Exception {
        client.shutdownNow();
        running.join().ask("the test is over");
        Shutdown.Report end = report.get(20, TimeUnit.SECONDS);
        behind.close();
        executor.close();
        assertTrue(end.isClean(), end.toString());
    }

    private String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no head: " + head);
            }
            head.append((char) b);
        }
        heads.add(head.toString());
        return head.toString();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.flush();
    }

    private void answers(String text) {
        answer = text;
        served = (in, out) -> {
            while (true) {
                head(in);
                write(out, answer); // the one of now: a connection serves several
            }
        };
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.join() + target));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private Socket raw(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.join());
        write(socket.getOutputStream(), request);
        return socket;
    }

    private void untilEnded(int connections) throws InterruptedException {
        while (ended.get() < connections) { // bounded by the test's timeout
            Thread.sleep(1);
        }
    }

    @Test
    void bodiesGoBothWays() throws Exception {
        byte[] body = new byte[5_000_000];
        new Random(1).nextBytes(body);
        served = (in, out) -> {
            String length = head(in).replaceAll("(?is).*content-length: (\\d+)\r\n.*", "$1");
            byte[] got = in.readNBytes(Integer.parseInt(length));
            write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int at = 0; at < got.length; at += 100_000) {
                write(out, Integer.toHexString(100_000) + "\r\n");
                out.write(got, at, 100_000);
                write(out, "\r\n");
            }
            write(out, "0\r\n\r\n");
        };
        var answer = client.send(
                request("/a%20b?c=%25").POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
        assertArrayEquals(body, answer.body());
        assertTrue(heads.take().startsWith("POST /a%20b?c=%25 HTTP/1.1\r\n"));
    }

    @Test
    void aBodyOfUnknownLengthIsStreamed() throws Exception {
        served = (in, out) -> {
            assertTrue(head(in).toLowerCase().contains("transfer-encoding: chunked\r\n"));
            StringBuilder got = new StringBuilder("\r\n");
            while (!got.toString().endsWith("\r\n0\r\n\r\n")) {
                got.append((char) in.read());
            }
            String text = got.toString().replaceAll("\r\n[0-9a-f]+\r\n", "").strip();
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
        };
        try (Socket socket = raw(
                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n")) {
            write(socket.getOutputStream(), "7\r\n, world\r\n0\r\n\r\n");
            String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertTrue(all.endsWith("\r\n\r\nhello, world"), all);
        }
    }

    @Test
    void whatIsForOneConnectionStaysThere() throws Exception {
        answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
                + "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-End: 1\r\n\r\n");
        try (Socket socket =
                raw("GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\n"
                        + "X-End: 1\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n")) {
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1).toLowerCase();
            assertFalse(answer.contains("x-hop"), answer);
            assertFalse(answer.contains("keep-alive"), answer);
            assertTrue(answer.contains("set-cookie: a=1\r\nset-cookie: b=2\r\n"), answer);
            assertTrue(answer.contains("x-end: 1\r\n"), answer);
        }
        String head = heads.take().toLowerCase();
        assertFalse(head.contains("x-hop"), head);
        assertFalse(head.contains("te:"), head);
        assertTrue(head.contains("x-end: 1\r\n"), head);
        assertTrue(head.contains("x-forwarded-for: 10.0.0.1, 127.0.0.1\r\n"), head);
        assertTrue(head.contains("x-forwarded-host: shop.example\r\n"), head);
        assertTrue(head.contains("x-forwarded-proto: http\r\n"), head);
        assertTrue(head.contains("host: 127.0.0.1:" + behind.getLocalPort() + "\r\n"), head);
    }

    @Test
    void answersWithoutBodiesHaveNone() throws Exception {
        answers("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nETag: \"x\"\r\n\r\n");
        var head = send(request("/").method("HEAD", BodyPublishers.noBody()));
        assertEquals("12345", head.headers().firstValue("content-length").orElseThrow());
        assertEquals("", head.body());
        answers("HTTP/1.1 204 No Content\r\nETag: \"x\"\r\n\r\n");
        assertEquals(204, send(request("/")).statusCode());
        answers("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n");
        var known = send(request("/").header("if-none-match", "\"x\""));
        assertEquals(304, known.statusCode());
        assertEquals("\"x\"", known.headers().firstValue("etag").orElseThrow());
        answers("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertEquals("ok", send(request("/")).body());
        answers("HTTP/1.1 418 Teapot\r\nContent-Length: 3\r\n\r\ntea");
        var failed = send(request("/"));
        assertEquals("418 tea", failed.statusCode() + " " + failed.body());
    }

    @Test
    void noAnswerIs504AndTheExchangeIsGivenUp() throws Exception {
        patience = Duration.ofMillis(200);
        served = (in, out) -> {
            head(in);
            in.read();
        };
        assertEquals(504, send(request("/")).statusCode());
        untilEnded(1);
    }

    @Test
    void noServerIs502() throws Exception {
        behind.close();
        assertEquals(502, send(request("/")).statusCode());
    }

    @Test
    void noHttpIs502() throws Exception {
        answers("220 mail.example ESMTP\r\n\r\n");
        assertEquals(502, send(request("/")).statusCode());
        served = (in, out) -> head(in); // and hangs up
        assertEquals(502, send(request("/").POST(BodyPublishers.ofString("x"))).statusCode());
    }

    @Test
    void anAnswerThatBreaksOffIsNotTakenForWhole() {
        served = (in, out) -> {
            head(in);
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(1_000));
        };
        assertThrows(IOException.class, () -> send(request("/")));
        served = (in, out) -> {
            head(in);
            write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        };
        assertThrows(IOException.class, () -> send(request("/")));
        patience = Duration.ofMillis(500);
        served = (in, out) -> {
            head(in);
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nand then silence");
            in.read();
        };
        assertThrows(IOException.class, () -> send(request("/")));
    }

    @Test
    void aClientThatGoesAwayTakesItsExchangeAlong() throws Exception {
        CountDownLatch[] asked = {new CountDownLatch(0)};
        served = (in, out) -> {
            head(in);
            asked[0].countDown();
            in.read();
        };
        for (int i = 1; i <= 10; i++) { // before the head of the answer
            asked[0] = new CountDownLatch(1);
            try (Socket _ = raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) {
                assertTrue(asked[0].await(20, TimeUnit.SECONDS));
            }
            untilEnded(i);
        }
        served = (in, out) -> {
            head(in);
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
            while (true) {
                out.write(new byte[10_000]);
            }
        };
        for (int i = 11;
                i <= 12;
                i++) { // in the middle of its body; HttpClient takes three seconds to close what it does not read
            try (Socket socket = raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) {
                socket.getInputStream().readNBytes(100_000);
            }
            untilEnded(i);
        }
        served = (in, out) -> {
            head(in);
            asked[0].countDown();
            in.readAllBytes();
        };
        for (int i = 13; i <= 22; i++) { // in the middle of what it sends
            asked[0] = new CountDownLatch(1);
            try (Socket _ = raw("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nhalf")) {
                assertTrue(asked[0].await(20, TimeUnit.SECONDS));
            }
            untilEnded(i);
        }
    }

    @Test
    void aClientThatReadsSlowlySlowsDownTheServer() throws Exception {
        AtomicLong written = new AtomicLong();
        served = (in, out) -> {
            head(in);
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
            while (true) {
                out.write(new byte[10_000]);
                written.addAndGet(10_000);
            }
        };
        try (Socket _ = raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n")) {
            long before = -1;
            while (written.get() != before || before == 0) { // until the pipes between are full
                before = written.get();
                Thread.sleep(100);
            }
            assertTrue(before < 50_000_000, "it was read without being asked for: " + before);
        }
        untilEnded(1);
    }

    @Test
    void badRequestsAreTheClients() throws Exception {
        served = (in, out) -> {
            head(in);
            in.readAllBytes();
        };
        for (String bad : List.of(
                "GET /a|b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n\r\n")) {
            try (Socket socket = raw(bad)) {
                String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
                assertTrue(answer.startsWith("HTTP/1.1 400 "), Arrays.toString(new String[] {bad, answer}));
            }
        }
    }
}
