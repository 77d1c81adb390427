package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncConsumer;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Response;
import dev.latent.web.http.ServerSentEvent;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a handler is given, what becomes of what it answers, and of itself. */
@Timeout(60)
class HandlerTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final HttpClient client = HttpClient.newHttpClient();

    private static WebServerBuilder builder() {
        return WebServer.at("127.0.0.1", 0);
    }

    private static List<String> with(WebServerBuilder builder, AsyncConsumer<WebServer> body) throws Exception {
        return Raw.with(Latent.system(), builder, body);
    }

    private Future<HttpResponse<String>> send(WebServer server, String path, HttpRequest.Builder request) {
        URI uri = URI.create("http://127.0.0.1:" + server.localAddress().getPort() + path);
        return Futures.fromCompletionStage(() -> client.sendAsync(
                request.uri(uri).version(HttpClient.Version.HTTP_1_1).build(), HttpResponse.BodyHandlers.ofString()));
    }

    private Future<HttpResponse<String>> get(WebServer server, String path) {
        return send(server, path, HttpRequest.newBuilder());
    }

    /** {@return all answers to what is sent at once on one connection that ends then} */
    private static Future<String> raw(WebServer server, String text) {
        return async(() -> {
            try (var stream = await(Raw.open(server, text))) {
                return new String(await(Raw.rest(stream)), ISO_8859_1);
            }
        });
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
    }

    private static String last(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    }

    @Test
    void aServiceInThreeLines() throws Exception {
        with(builder().get("/health", _ -> Futures.ready(Response.text("ok"))), server -> {
            var answer = await(get(server, "/health"));
            assertEquals(200, answer.statusCode());
            assertEquals("ok", answer.body());
            assertEquals(
                    "text/plain; charset=utf-8",
                    answer.headers().firstValue("content-type").orElseThrow());
            assertTrue(answer.headers().firstValue("date").isPresent());
            assertEquals(404, await(get(server, "/other")).statusCode());
            client.close();
        });
    }

    @Test
    void whatAHandlerSees() throws Exception {
        List<String> reported = with(
                builder()
                        .post(
                                "/shops/{shop}/orders/{id}",
                                request -> async(() -> Response.text(String.join(
                                        "|",
                                        request.method(),
                                        request.path(),
                                        request.pathParameter("shop"),
                                        request.pathParameter("id"),
                                        String.valueOf(request.queryParameter("a")),
                                        request.queryParameters("b").toString(),
                                        String.valueOf(request.header("X-Thing")),
                                        String.valueOf(request.cookie("who")),
                                        request.remoteAddress().getHostString(),
                                        await(request.body().text()))))),
                server -> {
                    var answer = await(send(
                            server,
                            "/shops/tea%2Fco/orders/7?a=x%20y&b=1&b=2",
                            HttpRequest.newBuilder()
                                    .header("x-thing", "thing")
                                    .header("cookie", "who=ann; other=1")
                                    .POST(HttpRequest.BodyPublishers.ofString("äöü"))));
                    assertEquals(
                            "POST|/shops/tea/co/orders/7|tea/co|7|x y|[1, 2]|thing|ann|127.0.0.1|äöü", answer.body());
                    client.close();
                });
        assertEquals(List.of(), reported);
    }

    @Test
    void methodsOfAPath() throws Exception {
        with(
                builder()
                        .get("/x", _ -> Futures.ready(Response.text("got")))
                        .post("/x", _ -> Futures.ready(Response.of(201).header("location", "/x/1")))
                        .delete("/x/{id}", _ -> Futures.ready(Response.of(204))),
                server -> {
                    assertEquals("got", await(get(server, "/x")).body());
                    var head = await(raw(server, last("/x").replace("GET", "HEAD")));
                    assertTrue(head.startsWith("HTTP/1.1 200 "), head);
                    assertTrue(head.contains("content-length: 3\r\n") && head.endsWith("\r\n\r\n"), head);
                    var options = await(raw(server, last("/x").replace("GET", "OPTIONS")));
                    assertTrue(options.startsWith("HTTP/1.1 204 "), options);
                    assertTrue(options.contains("allow: GET, HEAD, OPTIONS, POST\r\n"), options);
                    assertTrue(!options.contains("content-length"), options);
                    var refused = await(raw(server, last("/x").replace("GET", "PATCH")));
                    assertTrue(refused.startsWith("HTTP/1.1 405 "), refused);
                    assertTrue(refused.contains("allow: GET, HEAD, OPTIONS, POST\r\n"), refused);
                    var deleted = await(raw(server, last("/x/3").replace("GET", "DELETE")));
                    assertTrue(deleted.startsWith("HTTP/1.1 204 ") && !deleted.contains("content-length"), deleted);
                    assertTrue(await(raw(server, last("*").replace("GET", "OPTIONS")))
                            .startsWith("HTTP/1.1 204 "));
                    client.close();
                });
    }

    /** Answers keep the order of their requests, whichever is the slowest. */
    @Test
    void requestsThatWereSentAhead() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        List<String> reported = with(
                builder()
                        .get(
                                "/{n}",
                                request -> async(() -> {
                                    int n = Integer.parseInt(request.pathParameter("n"));
                                    log.add("begins " + n);
                                    await(sleep(Duration.ofMillis(30 - 10 * n)));
                                    log.add("ends " + n);
                                    return Response.text("<" + n + ">");
                                })),
                server -> {
                    String all = await(raw(server, get("/0") + get("/1") + last("/2") + get("/3")));
                    assertEquals("<0><1><2>", all.replaceAll("(?s)HTTP/1.1 200.*?\r\n\r\n", ""));
                    assertEquals(
                            List.of("begins 0", "ends 0", "begins 1", "ends 1", "begins 2", "ends 2"),
                            List.copyOf(log));
                });
        assertEquals(List.of(), reported);
    }

    /** Its cleanup, which waits, included; and the server waits for that. */
    @Test
    void aHandlerIsDroppedWhenItsClientGoesAway() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger cleaned = new AtomicInteger();
        WebServerBuilder slow = builder()
                .get(
                        "/slow",
                        _ -> async(() -> {
                            begun.incrementAndGet();
                            try {
                                await(sleep(Duration.ofHours(1)));
                                return Response.text("never");
                            } finally {
                                await(sleep(Duration.ofMillis(20)));
                                cleaned.incrementAndGet();
                            }
                        }));
        for (boolean resets : new boolean[] {false, true}) {
            for (String ahead : new String[] {"", get("/slow"), "half a requ"}) {
                begun.set(0);
                cleaned.set(0);
                List<String> reported = with(slow, server -> {
                    var socket = plain(server, get("/slow") + ahead);
                    while (begun.get() == 0) {
                        await(sleep(Duration.ofMillis(1)));
                    }
                    assertEquals(0, cleaned.get());
                    leave(socket, resets);
                    await(timeout(SOON, Raw.untilOnly(server, 0)));
                    assertEquals(1, cleaned.get(), "resets: " + resets + ", ahead: " + ahead);
                    assertEquals(1, begun.get());
                    socket.close();
                });
                assertEquals(List.of(), reported);
            }
        }
    }

    /** {@return a socket that can be told to reset} */
    private static Socket plain(WebServer server, String text) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.localAddress().getPort());
        socket.getOutputStream().write(text.getBytes(UTF_8));
        return socket;
    }

    private static void leave(Socket socket, boolean resets) throws IOException {
        if (resets) {
            socket.setSoLinger(true, 0);
            socket.close();
        } else {
            socket.shutdownOutput();
        }
    }

    /** More was sent ahead than is taken in: it is noticed at the latest by the write. */
    @Test
    void aClientThatSendsAheadWithoutEnd() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        List<String> reported = with(
                builder()
                        .get(
                                "/x",
                                _ -> async(() -> {
                                    await(sleep(Duration.ofMillis(1)));
                                    handled.incrementAndGet();
                                    return Response.text("x");
                                })),
                server -> {
                    String many = get("/x").repeat(2000);
                    String all = await(raw(server, many + last("/x")));
                    assertEquals(2002, all.split("HTTP/1.1 200 ", -1).length);
                });
        assertEquals(2001, handled.get());
        assertEquals(List.of(), reported);
    }

    @Test
    @SuppressWarnings("latent:null-future") // a handler's fault, which the server survives
    void failuresAreValuesOrReported() throws Exception {
        List<String> reported = with(
                builder()
                        .get("/value", _ -> {
                            throw HttpException.of(402, "pay first");
                        })
                        .get(
                                "/later",
                                _ -> async(() -> {
                                    await(sleep(Duration.ofMillis(1)));
                                    throw HttpException.of(Response.seeOther("/elsewhere"));
                                }))
                        .get(
                                "/bug",
                                _ -> async(() -> {
                                    await(inner());
                                    return Response.of(200);
                                }))
                        .get("/null", _ -> null)
                        .get("/error", _ -> {
                            throw new StackOverflowError("on purpose");
                        }),
                server -> {
                    var value = await(get(server, "/value"));
                    assertEquals("402 pay first", value.statusCode() + " " + value.body());
                    assertEquals(303, await(get(server, "/later")).statusCode());
                    var bug = await(get(server, "/bug"));
                    assertEquals("500 ", bug.statusCode() + " " + bug.body());
                    assertEquals(500, await(get(server, "/null")).statusCode());
                    assertEquals(500, await(get(server, "/error")).statusCode());
                    assertEquals("402 pay first", await(get(server, "/value")).statusCode() + " pay first");
                    client.close();
                });
        assertEquals(3, reported.size(), reported.toString());
        assertTrue(reported.getFirst().startsWith("GET /bug of connection of "), reported.toString());
        assertTrue(reported.getFirst().contains("IllegalStateException: on purpose"), reported.toString());
    }

    private static Future<Void> inner() {
        return async(() -> {
            await(sleep(Duration.ofMillis(1)));
            throw new IllegalStateException("on purpose");
        });
    }

    @Test
    void streamedAnswers() throws Exception {
        List<String> closed = new CopyOnWriteArrayList<>();
        byte[] big = new byte[300_000];
        List<String> reported = with(
                builder()
                        .get(
                                "/chunks",
                                _ -> Futures.ready(Response.stream("text/plain", pieces(closed, "a", "", "bc"))))
                        .get("/known", _ -> Futures.ready(Response.stream("text/plain", pieces(closed, "a", "bc"), 3)))
                        .get("/big", _ -> Futures.ready(Response.stream("x/y", AsyncStream.of(ByteBuffer.wrap(big)))))
                        .get("/short", _ -> Futures.ready(Response.stream("x/y", pieces(closed, "a"), 3)))
                        .get(
                                "/fails",
                                _ -> Futures.ready(Response.stream("x/y", AsyncStream.generate(out -> {
                                    await(out.emit(ByteBuffer.wrap(new byte[] {'a'})));
                                    throw new IllegalStateException("on purpose");
                                })))),
                server -> {
                    for (String path : new String[] {"/chunks", "/known"}) {
                        assertEquals("abc", await(get(server, path)).body());
                    }
                    String chunks = await(raw(server, get("/chunks") + last("/known")));
                    assertTrue(chunks.contains("transfer-encoding: chunked\r\n"), chunks);
                    assertTrue(chunks.contains("\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"), chunks);
                    assertTrue(chunks.contains("content-length: 3\r\n") && chunks.endsWith("\r\n\r\nabc"), chunks);
                    assertEquals(300_000, await(get(server, "/big")).body().length());
                    String old = await(raw(server, get("/chunks").replace("HTTP/1.1", "HTTP/1.0")));
                    assertTrue(!old.contains("chunked") && old.endsWith("\r\n\r\nabc"), old);
                    assertTrue(await(raw(server, last("/chunks").replace("GET", "HEAD")))
                            .endsWith("\r\n\r\n"));
                    assertEquals(5, closed.size()); // that of HEAD never began
                    assertTrue(await(raw(server, get("/short"))).endsWith("\r\n\r\na"));
                    assertTrue(await(raw(server, get("/fails"))).endsWith("\r\n\r\n1\r\na\r\n"));
                    client.close();
                });
        assertEquals(2, reported.size(), reported.toString());
    }

    private static AsyncStream<ByteBuffer> pieces(List<String> closed, String... pieces) {
        return AsyncStream.generate(out -> {
            try {
                for (String piece : pieces) {
                    await(sleep(Duration.ofMillis(1)));
                    await(out.emit(ByteBuffer.wrap(piece.getBytes(UTF_8))));
                }
            } finally {
                closed.add("closed");
            }
        });
    }

    @Test
    void eventsUntilTheClientGoesAway() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        List<String> seen = new ArrayList<>();
        List<String> reported = with(
                builder().get("/events", request -> {
                    seen.add(String.valueOf(request.header("last-event-id")));
                    return Futures.ready(Response.events(AsyncStream.generate(out -> {
                        try {
                            for (int i = 1; i < 3; i++) {
                                await(out.emit(ServerSentEvent.of("line " + i + "\nmore")
                                        .id("" + i)
                                        .event("tick")));
                            }
                            await(sleep(Duration.ofHours(1)));
                        } finally {
                            ended.incrementAndGet();
                        }
                    })));
                }),
                server -> {
                    try (var stream =
                            await(Raw.open(server, get("/events").replace("Host", "Last-Event-ID: 7\r\nHost")))) {
                        String head = await(Raw.head(stream));
                        assertTrue(head.contains("content-type: text/event-stream\r\n"), head);
                        var events = ByteBuffer.allocate(200);
                        while (!new String(events.array(), UTF_8).contains("line 2")) {
                            await(stream.read(events));
                        }
                        assertTrue(new String(events.array(), UTF_8)
                                .contains("id: 1\nevent: tick\ndata: line 1\ndata: more\n\n"));
                        assertEquals(0, ended.get());
                    }
                    await(timeout(SOON, Raw.untilOnly(server, 0)));
                    assertEquals(1, ended.get());
                });
        assertEquals(List.of("7"), seen);
        assertEquals(List.of(), reported);
    }
}
