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

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Item;
import dev.latent.JoinHandle;
import dev.latent.Source;
import dev.latent.io.TcpStream;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import dev.latent.web.http.Body;
import dev.latent.web.http.Handler;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Json;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies of requests: how they come, how much of them is taken, and what becomes of those that nobody reads. */
@Timeout(60)
class BodyTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private static WebServerBuilder builder() {
        return WebServer.at("127.0.0.1", 0);
    }

    private static Handler length() {
        return request -> async(() -> Response.text("<" + await(request.body().text()) + ">"));
    }

    private static String post(String path, String headers, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + body;
    }

    private static Future<String> raw(WebServer server, String... pieces) {
        return async(() -> {
            try (var stream = await(Raw.open(server, pieces[0]))) {
                for (int i = 1; i < pieces.length; i++) {
                    await(sleep(Duration.ofMillis(2)));
                    await(stream.write(ByteBuffer.wrap(pieces[i].getBytes(ISO_8859_1))));
                }
                return new String(await(Raw.rest(stream)), ISO_8859_1);
            }
        });
    }

    /** Whoever puts another body in its place need not know how it is kept. */
    @Test
    void anotherBodyOfPiecesWithoutAnArray() throws Exception {
        for (ByteBuffer piece : new ByteBuffer[] {
            ByteBuffer.allocateDirect(3).put(0, "xab".getBytes(UTF_8)).position(1),
            ByteBuffer.wrap("xab".getBytes(UTF_8)).asReadOnlyBuffer().position(1)
        }) {
            Source<ByteBuffer> pieces = AsyncStream.of(piece, ByteBuffer.wrap("c".getBytes(UTF_8)));
            Request request =
                    Request.builder("PUT", "/").body("other".getBytes(UTF_8)).build();
            assertEquals(
                    "abc",
                    Latent.blockOn(
                            request.withBody(Body.of(pieces, -1, 100)).body().text()));
        }
    }

    private static String bodies(String answers) {
        return answers.replaceAll("(?s)HTTP/1.1 (\\d\\d\\d).*?\r\n\r\n", "$1");
    }

    /** Two requests, in two pieces, cut at each byte. */
    @Test
    void aBodyIsTheSameHoweverItIsCut() throws Exception {
        String last = "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        String[] requests = {
            post("/x", "Content-Length: 3\r\n", "abc"),
            post("/x", "Transfer-Encoding: chunked\r\n", "1\r\na\r\n2;x=y\r\nbc\r\n0\r\nTrailer: t\r\n\r\n"),
            post("/x", "Transfer-Encoding: Chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        };
        List<String> wrong = new ArrayList<>();
        List<String> reported = Raw.with(
                Latent.system(),
                builder().post("/x", length()).get("/x", _ -> Futures.ready(Response.text("end"))),
                server -> {
                    for (String request : requests) {
                        String all = request + last;
                        List<JoinHandle<String>> answers = new ArrayList<>();
                        for (int cut = 1; cut < all.length(); cut++) {
                            answers.add(spawn(raw(server, all.substring(0, cut), all.substring(cut))));
                        }
                        for (int cut = 1; cut < all.length(); cut++) {
                            String found = bodies(await(answers.get(cut - 1)));
                            if (!found.equals("200<abc>200end")) {
                                wrong.add(request + " cut at " + cut + ": " + found);
                            }
                        }
                    }
                });
        assertEquals(List.of(), wrong);
        assertEquals(List.of(), reported);
    }

    @Test
    void whatIsNoBody() throws Exception {
        String[] bad = {
            "x\r\na\r\n0\r\n\r\n",
            " 1\r\na\r\n0\r\n\r\n",
            "0x1\r\na\r\n0\r\n\r\n",
            "1 \r\na\r\n0\r\n\r\n",
            "1\t\r\na\r\n0\r\n\r\n",
            "1\r\na\r\n0 \r\n\r\n",
            "1 x\r\na\r\n0\r\n\r\n",
            "1;a\rb\r\na\r\n0\r\n\r\n",
            "1;" + "x".repeat(2000) + "\r\na\r\n0\r\n\r\n",
            "1000000000000000\r\na\r\n0\r\n\r\n",
            "1\r\na\r\n0\r\nT: t\r\r\n\r\n",
            "1\r\na\r\n0\r\nT: \0\r\n\r\n",
            "1\r\na\r\n0\r\nT t\r\n\r\n",
            "1\r\na\r\n0\r\n" + "T: t\r\n".repeat(2000) + "\r\n",
            "-1\r\na\r\n0\r\n\r\n",
            "1\r\nab\r\n0\r\n\r\n",
            "1\na\r\n0\r\n\r\n",
            "1\r\na\n0\r\n\r\n",
            "FFFFFFFFFFFFFFFFF\r\na",
            "\r\na\r\n",
            "1;" + "x".repeat(20_000) + "\r\na\r\n",
            "0x1\r\na\r\n0\r\n\r\n",
        };
        Raw.with(Latent.system(), builder().post("/x", length()), server -> {
            for (String body : bad) {
                String answers = await(timeout(
                        SOON,
                        raw(
                                server,
                                post("/x", "Transfer-Encoding: chunked\r\n", body)
                                        + "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n")));
                assertTrue(answers.startsWith("HTTP/1.1 400 "), body + " -> " + answers);
                assertEquals(2, answers.split("HTTP/1.1").length, body + " -> " + answers);
            }
        });
    }

    @Test
    void moreThanTheLimit() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(),
                builder().maxBody(10).post("/x", length()).post("/more", request -> length().handle(
                                request.bodyLimit(20))),
                server -> {
                    String ten = "0123456789";
                    assertEquals(
                            "200<" + ten + ">",
                            bodies(await(raw(server, post("/x", "Connection: close\r\nContent-Length: 10\r\n", ten)))));
                    String over =
                            await(raw(server, post("/x", "Connection: close\r\nContent-Length: 11\r\n", ten + "a")));
                    assertTrue(over.startsWith("HTTP/1.1 413 "), over);
                    assertEquals(
                            "200<" + ten + "a>",
                            bodies(await(raw(
                                    server, post("/more", "Connection: close\r\nContent-Length: 11\r\n", ten + "a")))));
                    String chunks = await(raw(
                            server,
                            post(
                                    "/x",
                                    "Connection: close\r\nTransfer-Encoding: chunked\r\n",
                                    "6\r\nabcdef\r\n6\r\nabcdef\r\n0\r\n\r\n")));
                    assertTrue(chunks.startsWith("HTTP/1.1 413 "), chunks);
                    // One that is said to be long is refused before it comes.
                    String unsent = await(timeout(
                            SOON, raw(server, post("/x", "Connection: close\r\nContent-Length: 1000000\r\n", ""))));
                    assertTrue(unsent.startsWith("HTTP/1.1 413 "), unsent);
                });
        assertEquals(List.of(), reported);
    }

    @Test
    void nobodyReadsIt() throws Exception {
        List<String> reported =
                Raw.with(Latent.system(), builder().post("/no", _ -> Futures.ready(Response.text("no"))), server -> {
                    String next = "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
                    // A little is read and thrown away, so that the connection goes on.
                    String after = await(raw(server, post("/no", "Content-Length: 3\r\n", "abc") + next));
                    assertEquals("200no404", bodies(after));
                    after = await(raw(server, post("/no", "Content-Length: 3\r\n", "a"), "bc" + next));
                    assertEquals("200no404", bodies(after));
                    after = await(
                            raw(server, post("/no", "Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\n\r\n" + next)));
                    assertEquals("200no404", bodies(after));
                    // Of a lot nothing is.
                    after = await(
                            raw(server, post("/no", "Content-Length: 1000000\r\n", "a".repeat(1_000_000) + next)));
                    assertEquals("200no", bodies(after));
                    assertTrue(after.contains("connection: close\r\n"));
                });
        assertEquals(List.of(), reported);
    }

    @Test
    void whoWantsToBeToldIsToldWhenTheBodyIsRead() throws Exception {
        String expect = "Expect: 100-continue\r\nContent-Length: 3\r\n";
        List<String> reported = Raw.with(
                Latent.system(),
                builder().post("/x", length()).post("/no", _ -> Futures.ready(Response.of(403))),
                server -> {
                    try (var stream = await(Raw.open(server, post("/x", expect, "")))) {
                        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", await(Raw.head(stream)));
                        await(stream.write(ByteBuffer.wrap("abc".getBytes(UTF_8))));
                        assertTrue(await(Raw.head(stream)).startsWith("HTTP/1.1 200 "));
                    }
                    String refused = await(raw(server, post("/no", expect, "")));
                    assertTrue(refused.startsWith("HTTP/1.1 403 "), refused);
                    assertTrue(refused.contains("connection: close\r\n"), refused);
                    assertTrue(await(raw(server, post("/x", "Expect: more\r\nContent-Length: 3\r\n", "abc")))
                            .startsWith("HTTP/1.1 417 "));
                });
        assertEquals(List.of(), reported);
        HttpClient client = HttpClient.newHttpClient();
        Raw.with(Latent.system(), builder().post("/x", length()), server -> {
            var answer = await(Futures.fromCompletionStage(() -> client.sendAsync(
                    HttpRequest.newBuilder(URI.create(
                                    "http://127.0.0.1:" + server.localAddress().getPort() + "/x"))
                            .version(HttpClient.Version.HTTP_1_1)
                            .expectContinue(true)
                            .POST(HttpRequest.BodyPublishers.ofString("abc"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString())));
            assertEquals("<abc>", answer.body());
            client.close();
        });
    }

    /** Whoever does not take it makes its sender wait, and what is on its way is bounded. */
    @Test
    void aBodyIsTakenNoFasterThanItIsAskedFor() throws Exception {
        AtomicLong taken = new AtomicLong();
        AtomicInteger open = new AtomicInteger();
        int size = 64 << 20;
        List<String> reported = Raw.with(
                Latent.system(),
                builder()
                        .post(
                                "/x",
                                request -> async(() -> {
                                    try (var pieces = request.body().limit(size).stream()) {
                                        while (await(pieces.next()) instanceof Item(var piece)) {
                                            taken.addAndGet(piece.remaining());
                                            assertTrue(piece.remaining() <= 64 << 10, piece + "");
                                            while (open.get() == 0) {
                                                await(sleep(Duration.ofMillis(1)));
                                            }
                                        }
                                    }
                                    return Response.text("all");
                                })),
                server -> {
                    try (var stream = await(Raw.open(server, post("/x", "Content-Length: " + size + "\r\n", "")))) {
                        ByteBuffer all = ByteBuffer.allocate(size);
                        var sending = spawn(stream.write(all));
                        await(sleep(Duration.ofMillis(100)));
                        assertTrue(!sending.isFinished());
                        assertTrue(taken.get() < 100_000, taken + "");
                        open.set(1);
                        await(sending);
                        assertTrue(await(Raw.head(stream)).startsWith("HTTP/1.1 200 "));
                        assertEquals(size, taken.get());
                    }
                });
        assertEquals(List.of(), reported);
    }

    @Test
    void aClientThatGoesAwayOrStopsInTheMiddle() throws Exception {
        AtomicInteger cleaned = new AtomicInteger();
        WebServerBuilder reading = builder()
                .requestTimeout(Duration.ofMillis(200))
                .post(
                        "/x",
                        request -> async(() -> {
                            try {
                                return Response.text(await(request.body().text()));
                            } finally {
                                cleaned.incrementAndGet();
                            }
                        }));
        List<String> reported = Raw.with(Latent.system(), reading, server -> {
            try (var stream = await(Raw.open(server, post("/x", "Content-Length: 10\r\n", "abc")))) {
                await(sleep(Duration.ofMillis(20)));
                await(stream.shutdownOutput());
                await(timeout(SOON, Raw.untilOnly(server, 0)));
            }
            assertEquals(1, cleaned.get());
            String late = await(timeout(SOON, raw(server, post("/x", "Content-Length: 10\r\n", "abc"))));
            assertTrue(late.startsWith("HTTP/1.1 408 "), late);
            assertEquals(2, cleaned.get());
        });
        assertEquals(List.of(), reported);
    }

    /** A task that outlives its request learns that there is nothing to be had any more. */
    @Test
    void whoReadsTooLate() throws Exception {
        List<Throwable> told = new ArrayList<>();
        List<String> reported = Raw.with(
                Latent.system(),
                builder()
                        .post(
                                "/x",
                                request -> async(() -> {
                                    Source<ByteBuffer> body = request.body().stream();
                                    spawn(async(() -> {
                                                try {
                                                    while (await(body.next()) instanceof Item<?>) {}
                                                } catch (IllegalStateException e) {
                                                    told.add(e);
                                                }
                                            }))
                                            .detach();
                                    await(sleep(Duration.ofMillis(5)));
                                    return Response.text("done");
                                })),
                server -> {
                    try (var stream = await(Raw.open(server, post("/x", "Content-Length: 100000\r\n", "abc")))) {
                        assertTrue(await(Raw.head(stream)).startsWith("HTTP/1.1 200 "));
                        while (told.isEmpty()) {
                            await(sleep(Duration.ofMillis(1)));
                        }
                    }
                });
        assertEquals(List.of(), reported);
    }

    /** Its answer is made of its body, while that comes. */
    @Test
    void bothWaysAtOnce() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(),
                builder().post("/echo", request -> Futures.ready(Response.stream("x/y", request.body().stream()))),
                server -> {
                    try (var stream = await(Raw.open(server, post("/echo", "Transfer-Encoding: chunked\r\n", "")))) {
                        for (String word : new String[] {"one", "two"}) {
                            await(stream.write(ByteBuffer.wrap(("3\r\n" + word + "\r\n").getBytes(UTF_8))));
                            await(timeout(SOON, until(stream, word)));
                        }
                        await(stream.write(ByteBuffer.wrap("0\r\n\r\n".getBytes(UTF_8))));
                        await(timeout(SOON, until(stream, "0\r\n\r\n")));
                    }
                });
        assertEquals(List.of(), reported);
    }

    private static Future<Void> until(TcpStream stream, String text) {
        return async(() -> {
            StringBuilder all = new StringBuilder();
            var piece = ByteBuffer.allocate(100);
            while (all.indexOf(text) < 0) {
                int n = await(stream.read(piece.clear()));
                all.append(new String(piece.array(), 0, n, ISO_8859_1));
            }
        });
    }

    @Test
    void forms() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(),
                builder()
                        .post(
                                "/form",
                                request -> async(() -> Response.text(
                                        await(request.body().form()).toString()))),
                server -> {
                    String form = "a=1&b=x+y%21&a=2&c";
                    assertEquals(
                            "200{a=[1, 2], b=[x y!], c=[]}",
                            bodies(await(raw(
                                    server,
                                    post(
                                            "/form",
                                            "Connection: close\r\nContent-Length: " + form.length() + "\r\n",
                                            form)))));
                    assertEquals(
                            "400the form is badly encoded",
                            bodies(await(raw(
                                    server, post("/form", "Connection: close\r\nContent-Length: 5\r\n", "a=%zz")))));
                });
        assertEquals(List.of(), reported);
    }

    private record Numbers() implements Json {
        @Override
        public byte[] write(Object value) {
            return value.toString().getBytes(UTF_8);
        }

        @Override
        public <T> T read(byte[] json, Class<T> type) {
            String text = new String(json, UTF_8);
            return type.cast(text.equals("null") ? null : Integer.valueOf(text));
        }
    }

    @Test
    void json() throws Exception {
        Json json = new Numbers();
        List<String> reported = Raw.with(
                Latent.system(),
                builder()
                        .post(
                                "/twice",
                                request -> async(() -> json.response(2 * await(json.read(request, Integer.class))))),
                server -> {
                    String ok = await(raw(
                            server,
                            post(
                                    "/twice",
                                    "Connection: close\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n",
                                    "21")));
                    assertEquals("20042", bodies(ok));
                    assertTrue(ok.contains("content-type: application/json\r\n"));
                    assertEquals(
                            "400the body is not the JSON that it is to be",
                            bodies(await(
                                    raw(server, post("/twice", "Connection: close\r\nContent-Length: 2\r\n", "xx")))));
                    assertEquals(
                            "400the body is not the JSON that it is to be",
                            bodies(await(raw(
                                    server, post("/twice", "Connection: close\r\nContent-Length: 4\r\n", "null")))));
                    assertTrue(await(raw(
                                    server,
                                    post(
                                            "/twice",
                                            "Connection: close\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n",
                                            "21")))
                            .startsWith("HTTP/1.1 415 "));
                });
        assertEquals(List.of(), reported);
    }

    /** Requests of which somebody else may see another end than we do. */
    @Test
    void requestsWhoseEndIsInDoubt() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        String hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
        String[] heads = {
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "Content-Length: 5\r\nContent-Length: 5\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n",
            "Content-Length: 5, 5\r\n",
            "Content-Length: +5\r\n",
            "Content-Length: 0x5\r\n",
            "Content-Length: \r\n",
            "Content-Length: 5 5\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length : 5\r\n",
            " Content-Length: 5\r\n",
            "X: a\r\n Content-Length: 5\r\n",
            "X: a\r\n\tTransfer-Encoding: chunked\r\n",
            "Content-Length:\r\n 5\r\n",
            "Content-Length: 5\n",
            "X: a\nContent-Length: 5\r\n",
            "X: a\rContent-Length: 5\r\n",
            "X: a\0b\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked, chunked\r\n",
            "Transfer-Encoding: identity\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Transfer-Encoding: \"chunked\"\r\n",
            "Transfer-Encoding: \u000bchunked\r\n",
            "Transfer-Encoding : chunked\r\n",
            "Transfer_Encoding: chunked\r\nContent-Length: 5\r\nContent-Length: 7\r\n",
            ": 5\r\n",
            "X\r\n",
        };
        List<String> reported = Raw.with(
                Latent.system(),
                builder()
                        .post(
                                "/x",
                                request -> async(() -> {
                                    handled.incrementAndGet();
                                    return Response.text(await(request.body().text()));
                                })),
                server -> {
                    for (String head : heads) {
                        String answers = await(timeout(SOON, raw(server, post("/x", head, hidden))));
                        assertTrue(answers.startsWith("HTTP/1.1 400 "), head + " -> " + answers);
                        assertEquals(2, answers.split("HTTP/1.1").length, head + " -> " + answers);
                    }
                    String old = await(raw(
                            server,
                            post("/x", "Transfer-Encoding: chunked\r\n", "0\r\n\r\n")
                                    .replace("HTTP/1.1", "HTTP/1.0")));
                    assertTrue(old.startsWith("HTTP/1.1 400 "), old);
                });
        assertEquals(0, handled.get());
        assertEquals(List.of(), reported);
    }

    /** And those of which nobody does, though they look odd. */
    @Test
    void versionsAndTheirLike() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(),
                builder().get("/x", request -> Futures.ready(Response.text(request.version()))),
                server -> {
                    String[][] cases = {
                        {"GET /x HTTP/1.2\r\nHost: h\r\nConnection: close\r\n\r\n", "200HTTP/1.1"},
                        {"GET /x HTTP/1.0\r\n\r\n", "200HTTP/1.0"},
                        {"GET /x#part HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "200HTTP/1.1"},
                        {"GET /x HTTP/2.0\r\nHost: h\r\n\r\n", "505"},
                        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"},
                        {"GET /x HTTP/0.9\r\nHost: h\r\n\r\n", "505"},
                        {"CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", "501"},
                        {"GET /x\r\nHost: h\r\n\r\n", "400"},
                        {"GET  /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "400"},
                    };
                    for (String[] c : cases) {
                        assertEquals(c[1], bodies(await(timeout(SOON, raw(server, c[0])))), c[0]);
                    }
                    String alive = await(raw(
                            server, "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /x HTTP/1.0\r\n\r\n"));
                    assertEquals("200HTTP/1.0200HTTP/1.0", bodies(alive));
                    assertTrue(alive.contains("connection: keep-alive\r\n"), alive);
                });
        assertEquals(List.of(), reported);
    }

    /** What a handler throws of its own accord while it reads is its own. */
    @Test
    void aFailureWhileReading() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(),
                builder()
                        .post(
                                "/x",
                                request -> async(() -> {
                                    await(request.body().text());
                                    throw new IOException("the disk is full");
                                }))
                        .post(
                                "/y",
                                request -> async(() -> {
                                    await(request.body().text());
                                    throw HttpException.of(507, "no room");
                                })),
                server -> {
                    assertEquals(
                            "500",
                            bodies(await(raw(server, post("/x", "Connection: close\r\nContent-Length: 1\r\n", "a")))));
                    assertEquals(
                            "507no room",
                            bodies(await(raw(server, post("/y", "Connection: close\r\nContent-Length: 1\r\n", "a")))));
                });
        assertEquals(1, reported.size(), reported.toString());
    }

    /** It waits for the same bytes as who skips what is left behind the answer. */
    @Test
    void whoStillReadsABodyThatWasAnsweredIsTold() throws Exception {
        List<JoinHandle<String>> readers = new ArrayList<>();
        Handler leaves = request -> async(() -> {
            readers.add(spawn(async(() -> {
                try {
                    return await(request.body().text());
                } catch (IllegalStateException e) {
                    return "told";
                }
            })));
            await(yieldNow());
            return Response.text("ok");
        });
        WebServerBuilder patient = builder()
                .requestTimeout(Duration.ofSeconds(40))
                .post("/x", leaves)
                .get("/x", _ -> Futures.ready(Response.text("end")));
        List<String> reported = Raw.with(Latent.system(), patient, server -> {
            try (var stream = await(Raw.open(server, post("/x", "Content-Length: 3\r\n", "a")))) {
                await(Raw.head(stream));
                await(stream.write(ByteBuffer.wrap(
                        "bcGET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1))));
                String rest = new String(await(timeout(SOON, Raw.rest(stream))), ISO_8859_1);
                assertEquals("ok200end", bodies(rest));
                assertEquals("told", await(timeout(SOON, readers.getFirst())));
            }
        });
        assertEquals(List.of(), reported);
    }
}
