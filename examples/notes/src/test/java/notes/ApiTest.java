package notes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.io.Shutdown;
import dev.latent.junit.AsyncTest;
import dev.latent.junit.TestClock;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.http.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The service without a server and without a database, in virtual time. */
class ApiTest {
    private static final String TEA = "{\"title\":\"tea\",\"text\":\"green\"}";

    private final MemoryStore store = new MemoryStore();
    private final Shutdown stop = Shutdown.on();
    private final Service service = new Service(store, stop);
    private final List<String> log = new ArrayList<>();
    private final Routes routes = service.routes(log::add);

    private Future<Response> ask(String method, String target, String body, String... headers) {
        return async(() -> {
            var request = Request.builder(method, target).body(body.getBytes(UTF_8));
            if (!body.isEmpty()) {
                request.header("content-type", "application/json");
            }
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            return await(handle(request.build()));
        });
    }

    /** As a server does. */
    private Future<Response> handle(Request request) {
        return async(() -> {
            try {
                return Service.ERRORS.on(await(routes.handle(request)));
            } catch (HttpException e) {
                return Service.ERRORS.on(e.response());
            }
        });
    }

    private static String body(Response response) {
        return response.content() instanceof Response.Content.Bytes(var bytes) ? new String(bytes, UTF_8) : "";
    }

    private static void assertProblem(int status, String title, Response response) {
        assertEquals(status, response.status());
        assertEquals("application/problem+json", response.header("content-type"));
        assertTrue(body(response).contains("\"title\":\"" + title + "\""), body(response));
    }

    @AsyncTest
    Future<Void> aNoteLives() {
        return async(() -> {
            var made = await(ask("POST", "/notes", TEA));
            assertEquals(201, made.status());
            assertEquals("/notes/1", made.header("location"));
            assertEquals("\"1\"", made.header("etag"));
            assertEquals("{\"id\":1,\"version\":1,\"title\":\"tea\",\"text\":\"green\"}", body(made));

            assertEquals(200, await(ask("GET", "/notes/1", "")).status());
            for (String known : List.of("\"1\"", "W/\"1\"", "\"0\", \"1\"", "*")) {
                var same = await(ask("GET", "/notes/1", "", "if-none-match", known));
                assertEquals(304, same.status(), known);
                assertEquals("\"1\"", same.header("etag"));
            }
            assertEquals(
                    200,
                    await(ask("GET", "/notes/1", "", "if-none-match", "\"2\"")).status());

            String black = TEA.replace("green", "black");
            assertProblem(
                    428,
                    "say by If-Match which version you have seen, or * for any",
                    await(ask("PUT", "/notes/1", black)));
            assertEquals(
                    "\"2\"",
                    await(ask("PUT", "/notes/1", black, "if-match", "\"1\"")).header("etag"));
            var late = await(ask("PUT", "/notes/1", TEA, "if-match", "\"1\""));
            assertProblem(412, "somebody else was faster", late);
            assertEquals("\"2\"", late.header("etag"));
            assertEquals(
                    412,
                    await(ask("DELETE", "/notes/1", "", "if-match", "W/\"2\"")).status());
            assertEquals(
                    204,
                    await(ask("DELETE", "/notes/1", "", "if-match", "\"2\"")).status());
            assertProblem(404, "no such note", await(ask("GET", "/notes/1", "")));
            assertProblem(404, "no such note", await(ask("DELETE", "/notes/1", "", "if-match", "*")));
        });
    }

    @AsyncTest
    Future<Void> whatIsNoNoteIsSaidAllAtOnce() {
        return async(() -> {
            assertEquals(
                    "{\"type\":\"about:blank\",\"title\":\"this is no note\",\"status\":422,\"wrong\":["
                            + "{\"field\":\"title\",\"why\":\"is missing\"},{\"field\":\"text\",\"why\":\"has more than 20000 characters\"}]}",
                    body(await(ask("POST", "/notes", "{\"text\":\"" + "x".repeat(20_001) + "\"}"))));
            assertProblem(422, "this is no note", await(ask("PUT", "/notes/1", "{}", "if-match", "*")));
            for (String bad : List.of("{", "[]", "null", "\"tea\"", "{\"title\":{}}", TEA + "x")) {
                assertProblem(400, "the body is not the JSON that it is to be", await(ask("POST", "/notes", bad)));
            }
            var request =
                    Request.builder("POST", "/notes").body(TEA.getBytes(UTF_8)).header("content-type", "text/plain");
            assertProblem(415, "the body is to be application/json", await(handle(request.build())));
            assertProblem(404, "no such note", await(ask("GET", "/notes/tea", "")));
            assertProblem(404, "answered 404", await(ask("GET", "/tea", "")));
            assertProblem(405, "answered 405", await(ask("PATCH", "/notes/1", "")));
            for (String query : List.of("limit=101", "limit=x", "limit=-1", "after=99999999999999999999")) {
                assertEquals(400, await(ask("GET", "/notes?" + query, "")).status(), query);
            }
        });
    }

    @AsyncTest
    Future<Void> pagesAreFollowedToTheEnd() {
        return async(() -> {
            for (int i = 0; i < 25; i++) {
                await(ask("POST", "/notes", TEA));
            }
            int pages = 0;
            int notes = 0;
            for (String next = "/notes?limit=10&word=green"; next != null; pages++) {
                var page = await(ask("GET", next, ""));
                notes += body(page).split("\"id\"", -1).length - 1;
                String link = page.header("link");
                next = link == null ? null : link.substring(1, link.indexOf('>'));
            }
            assertEquals(3, pages);
            assertEquals(25, notes);
            assertEquals("{\"notes\":[],\"next\":null}", body(await(ask("GET", "/notes?word=coffee", ""))));
        });
    }

    @AsyncTest
    Future<Void> whoAsksAgainMakesOneNote() {
        return async(() -> {
            for (int i = 0; i < 3; i++) {
                var made = await(ask("POST", "/notes", TEA, "idempotency-key", "mine"));
                assertEquals(201, made.status());
                assertEquals("/notes/1", made.header("location"));
            }
            assertEquals(
                    400,
                    await(ask("POST", "/notes", TEA, "idempotency-key", "x".repeat(101)))
                            .status());
        });
    }

    @AsyncTest
    Future<Void> aStoreThatHangsIsGivenUp(TestClock clock) {
        return async(() -> {
            store.takes = ofHours(1);
            assertProblem(503, "it took too long", await(ask("GET", "/notes/1", "")));
            assertEquals(ofSeconds(5), clock.elapsed());
            assertEquals(0, store.running);
            assertEquals(1, store.dropped);
            assertProblem(503, "the store does not answer", await(ask("GET", "/ready", "")));
            assertEquals(ofSeconds(6), clock.elapsed());
            assertEquals(200, await(ask("GET", "/health", "")).status());
        });
    }

    @AsyncTest
    Future<Void> moreThanItCanDoIsRefusedAtOnce(TestClock clock) {
        return async(() -> {
            store.takes = ofSeconds(1);
            List<Response> answers = await(join(Stream.generate(() -> ask("GET", "/notes", ""))
                    .limit(Service.AT_ONCE + 10)
                    .toList()));
            assertEquals(
                    Service.AT_ONCE,
                    answers.stream().filter(a -> a.status() == 200).count());
            assertEquals(
                    10,
                    answers.stream()
                            .filter(a -> "1".equals(a.header("retry-after")))
                            .count());
            assertEquals(ofSeconds(1), clock.elapsed());
        });
    }

    @AsyncTest
    Future<Void> itIsReadyUntilItStops() {
        return async(() -> {
            assertEquals(200, await(ask("GET", "/ready", "")).status());
            store.fails = true;
            assertProblem(503, "no store", await(ask("GET", "/ready", "")));
            store.fails = false;
            stop.ask("the test is over");
            assertProblem(503, "stopping", await(ask("GET", "/ready", "")));
            assertEquals(200, await(ask("GET", "/notes", "")).status());
        });
    }

    @AsyncTest
    Future<Void> whatHappensIsLoggedAndCounted() {
        return async(() -> {
            await(ask("POST", "/notes", TEA));
            await(ask("GET", "/notes/1", ""));
            await(ask("GET", "/notes/2", ""));
            assertEquals(
                    List.of(
                            "nowhere - - [01/Jan/1970:00:00:00 +0000] \"POST /notes HTTP/1.1\" 201 0",
                            "nowhere - - [01/Jan/1970:00:00:00 +0000] \"GET /notes/1 HTTP/1.1\" 200 0",
                            "nowhere - - [01/Jan/1970:00:00:00 +0000] \"GET /notes/2 HTTP/1.1\" 404 0"),
                    log);
            String metrics = body(await(ask("GET", "/metrics", "")));
            assertTrue(metrics.contains("notes_requests_total{status=\"201\"} 1\n"), metrics);
        });
    }

    @AsyncTest
    Future<Void> thePageMayAsk() {
        return async(() -> {
            var origin = "http://localhost:3000";
            var asked = await(ask("OPTIONS", "/notes/1", "", "origin", origin, "access-control-request-method", "PUT"));
            assertEquals(204, asked.status());
            assertEquals("GET, POST, PUT, DELETE", asked.header("access-control-allow-methods"));
            assertEquals(
                    origin, await(ask("GET", "/notes", "", "origin", origin)).header("access-control-allow-origin"));
            assertNull(await(ask("GET", "/notes", "", "origin", "http://evil")).header("access-control-allow-origin"));
        });
    }
}
