package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import dev.latent.web.http.Cors;
import dev.latent.web.http.Errors;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How errors look, and what is told of those in the middle of an answer. */
@Timeout(60)
class ErrorsTest {
    private static Future<String> raw(WebServer server, String head) {
        return async(() -> {
            try (var stream = await(Raw.open(server, head))) {
                return new String(await(Raw.rest(stream)), ISO_8859_1);
            }
        });
    }

    private static String ask(String line) {
        return line + " HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\nConnection: close\r\n\r\n";
    }

    private static WebServerBuilder builder() {
        return WebServer.at("127.0.0.1", 0)
                .get("/tea", _ -> {
                    throw HttpException.of(418, "short and \"stout\"");
                })
                .get("/fails", _ -> {
                    throw new IllegalStateException("on purpose");
                })
                .get("/own", _ -> Futures.ready(Response.html("<p>gone").status(410)))
                .use(Cors.of("http://a"));
    }

    @Test
    void oneLookForAll() throws Exception {
        Raw.with(Latent.system(), builder().errors(Errors.PROBLEMS), server -> {
            String[][] cases = {
                {"GET /tea", "418", ",\"status\":418,\"detail\":\"short and \\\"stout\\\"\"}"},
                {"GET /fails", "500", "\"title\":\"Internal Server Error\",\"status\":500}"},
                {"GET /none", "404", "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404}"},
                {"PUT /tea", "405", "\"status\":405}"},
            };
            for (String[] each : cases) {
                String answer = await(raw(server, ask(each[0])));
                assertTrue(answer.startsWith("HTTP/1.1 " + each[1]), answer);
                assertTrue(answer.contains("content-type: application/problem+json\r\n"), answer);
                // A failure goes through all that is around a handler, as it is.
                assertEquals(
                        !each[1].equals("500"), answer.contains("access-control-allow-origin: http://a\r\n"), answer);
                assertTrue(answer.endsWith(each[2]), answer);
            }
            assertTrue(await(raw(server, ask("PUT /tea"))).contains("allow: GET, HEAD, OPTIONS\r\n"));
            assertTrue(await(raw(server, "no request\r\n\r\n")).endsWith("\"status\":400}"));
            String own = await(raw(server, ask("GET /own")));
            assertTrue(own.contains("content-type: text/html") && own.endsWith("<p>gone"), own);
            String head = await(raw(server, ask("HEAD /tea")));
            assertTrue(head.contains("application/problem+json") && head.endsWith("\r\n\r\n"), head);
        });
    }

    @Test
    void plainTextWhereNothingIsSaid() throws Exception {
        Raw.with(Latent.system(), builder(), server -> {
            String refused = await(raw(server, ask("PUT /tea")));
            assertTrue(refused.contains("content-type: text/plain\r\n"), refused);
            assertTrue(await(raw(server, ask("GET /tea"))).endsWith("\r\n\r\nshort and \"stout\""));
        });
    }

    @Test
    void aLookThatFailsIsReportedAndTheClientIsToldAllTheSame() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(),
                builder().errors((status, _) -> {
                    throw new IllegalStateException("no page for " + status);
                }),
                server -> assertTrue(await(raw(server, ask("GET /tea"))).startsWith("HTTP/1.1 418")));
        assertEquals(1, reported.size(), reported.toString());
        assertTrue(reported.getFirst().contains("showing an error"), reported.getFirst());
    }

    @Test
    void whereThereIsNoMemoryThereIsNoLook() throws Exception {
        Raw.with(
                Latent.system(),
                builder().errors((_, _) -> Response.text("x".repeat(5_000))).maxHeld(10),
                server -> {
                    String answer = await(raw(server, ask("GET /tea")));
                    assertTrue(answer.startsWith("HTTP/1.1 503") && answer.endsWith("\r\n\r\n"), answer);
                });
    }

    private static Response broken(Exception failure) {
        return Response.stream("x/y", AsyncStream.<ByteBuffer>generate(out -> {
            await(out.emit(ByteBuffer.wrap("a".getBytes(UTF_8))));
            throw failure;
        }));
    }

    @Test
    void aServerBehindThatBreaksOffIsOneLine() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(),
                WebServer.at("127.0.0.1", 0)
                        .get("/io", _ -> Futures.ready(broken(new IOException("reset"))))
                        .get("/late", _ -> Futures.ready(broken(new TimeoutException("too late"))))
                        .get("/bug", _ -> Futures.ready(broken(new IllegalStateException("a bug")))),
                server -> {
                    for (String path : List.of("/io", "/late", "/bug")) {
                        assertTrue(await(raw(server, ask("GET " + path))).endsWith("1\r\na\r\n"));
                    }
                });
        assertEquals(3, reported.size(), reported.toString());
        assertTrue(
                reported.get(0).endsWith("the answer to GET /io broke off: java.io.IOException: reset"),
                reported.get(0));
        assertTrue(reported.get(1).contains("the answer to GET /late broke off: "), reported.get(1));
        assertTrue(reported.get(2).endsWith("the stream of the answer to GET /bug failed"), reported.get(2));
        assertEquals(0, new BrokenOffException(null, new IOException("reset")).getStackTrace().length);
    }
}
