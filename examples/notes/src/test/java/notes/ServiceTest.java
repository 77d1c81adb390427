package notes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.io.Shutdown;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.web.WebServer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All of it: two threads, sockets, a database. */
@Timeout(60)
class ServiceTest {
    private final WorkStealingExecutor executor = WorkStealingExecutor.create(2);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    private final CompletableFuture<WebServer> bound = new CompletableFuture<>();
    private final CompletableFuture<Shutdown> running = new CompletableFuture<>();
    private final CompletableFuture<Service> service = new CompletableFuture<>();
    private Duration patience = ofSeconds(30);
    private CompletableFuture<Shutdown.Report> report;

    @AfterEach
    void close() throws Exception {
        client.shutdownNow();
        running.join().ask("the test is over");
        Shutdown.Report end = report.get(20, TimeUnit.SECONDS);
        executor.close();
        assertTrue(end.isClean(), end.toString());
    }

    private void serve(Store store) {
        report =
                executor.toCompletableFuture(Shutdown.on().within(ofSeconds(10)).run(stop -> {
                    running.complete(stop);
                    var notes = new Service(store, stop, patience);
                    service.complete(notes);
                    try (var server = await(WebServer.at("127.0.0.1", 0)
                            .mount("", notes.routes(_ -> {}))
                            .errors(Service.ERRORS)
                            .bind())) {
                        bound.complete(server);
                        await(server.serveUntil(stop, Duration.ZERO, ofSeconds(5)));
                    }
                }));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + bound.join().localAddress().getPort() + path))
                .timeout(ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private Socket asks(String path) throws Exception {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), bound.join().localAddress().getPort());
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(UTF_8));
        return socket;
    }

    private void until(Future<Void> condition) throws Exception {
        executor.toCompletableFuture(condition).get(20, TimeUnit.SECONDS);
    }

    @Test
    void aNoteLives() throws Exception {
        JdbcStore store = executor.blockOn(JdbcStore.open(url, 4));
        serve(store);
        String tea = "{\"title\":\"tea\",\"text\":\"grün\"}";
        var made = send(
                request("/notes").header("content-type", "application/json").POST(BodyPublishers.ofString(tea)));
        assertEquals(201, made.statusCode());
        String path = made.headers().firstValue("location").orElseThrow();
        assertEquals(made.body(), send(request(path)).body());
        assertEquals(304, send(request(path).header("if-none-match", "\"1\"")).statusCode());
        assertEquals(
                200,
                send(request(path).header("if-match", "\"1\"").PUT(BodyPublishers.ofString(tea)))
                        .statusCode());
        assertEquals(
                412, send(request(path).header("if-match", "\"1\"").DELETE()).statusCode());
        assertEquals(
                204, send(request(path).header("if-match", "\"2\"").DELETE()).statusCode());
        assertEquals(404, send(request(path)).statusCode());
        assertEquals("ready\n", send(request("/ready")).body());
        assertEquals(
                0,
                send(request("/health").method("HEAD", BodyPublishers.noBody()))
                        .body()
                        .length());
        running.join().ask("done");
        report.get(20, TimeUnit.SECONDS);
        executor.blockOn(store.closeAsync());
    }

    @Test
    void manyChangeOneNoteAndNoChangeIsLost() throws Exception {
        JdbcStore store = executor.blockOn(JdbcStore.open(url, 4));
        serve(store);
        executor.blockOn(store.add(new Draft("count", "0"), null));
        int changes = 100;
        List<CompletableFuture<Void>> all = IntStream.range(0, 4)
                .mapToObj(_ -> CompletableFuture.runAsync(
                        () -> {
                            try {
                                for (int done = 0; done < changes / 4; ) {
                                    var seen = send(request("/notes/1"));
                                    int count =
                                            Integer.parseInt(seen.body().replaceAll(".*\"text\":\"(\\d+)\".*", "$1"));
                                    var put = send(request("/notes/1")
                                            .header(
                                                    "if-match",
                                                    seen.headers()
                                                            .firstValue("etag")
                                                            .orElseThrow())
                                            .PUT(BodyPublishers.ofString(
                                                    "{\"title\":\"count\",\"text\":\"" + (count + 1) + "\"}")));
                                    done += put.statusCode() == 200 ? 1 : 0;
                                }
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        Thread::startVirtualThread))
                .toList();
        for (var each : all) {
            each.get(40, TimeUnit.SECONDS);
        }
        assertEquals("100", executor.blockOn(store.find(1)).orElseThrow().text());
        executor.blockOn(store.closeAsync());
    }

    /** A store whose every question is a statement of hours, or none of whose answers ever comes. */
    private record Statement(Pool pool, String sql) implements Store {
        @Override
        public Future<Optional<Note>> find(long id) {
            return async(() -> {
                await(PoolTest.run(pool, sql));
                return Optional.empty();
            });
        }

        @Override
        public Future<Note> add(Draft draft, String request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<List<Note>> list(long after, int limit, String word) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Change> replace(long id, Long version, Draft draft) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Change> remove(long id, Long version) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> check() {
            return async(() -> {});
        }
    }

    private Future<Void> untilCounted(int status, int times) {
        return async(() -> {
            while (service.resultNow().metrics.count(status) != times) {
                await(sleep(ofMillis(1)));
            }
        });
    }

    @Test
    void aClientThatGoesAwayTakesItsStatementAlong() throws Exception {
        Pool pool = new Pool(url, 2);
        serve(new Statement(pool, PoolTest.FOR_HOURS));
        for (int i = 1; i <= 5; i++) {
            Socket socket = asks("/notes/1");
            until(PoolTest.untilBusy(pool, 1));
            socket.close();
            until(PoolTest.untilBusy(pool, 0));
            until(untilCounted(499, i));
        }
        assertEquals(0, pool.idle(), "what was cancelled is not used again");
        executor.blockOn(pool.closeAsync());
    }

    @Test
    void aStatementOfHoursIsA503AndItsConnectionComesFree() throws Exception {
        patience = ofSeconds(1);
        Pool pool = new Pool(url, 2);
        serve(new Statement(pool, PoolTest.FOR_HOURS));
        var late = send(request("/notes/1"));
        assertEquals(503, late.statusCode());
        assertTrue(late.body().contains("it took too long"), late.body());
        until(PoolTest.untilBusy(pool, 0));
        executor.blockOn(pool.closeAsync());
    }

    @Test
    void aStoreThatFailsIsA500ThatTellsNothing() throws Exception {
        Pool pool = new Pool(url, 2);
        serve(new Statement(pool, "SELECT secret FROM nowhere"));
        for (int i = 0; i < 5; i++) {
            var failed = send(request("/notes/1"));
            assertEquals(500, failed.statusCode());
            assertEquals(
                    "{\"type\":\"about:blank\",\"title\":\"answered 500\",\"status\":500,\"wrong\":[]}", failed.body());
        }
        until(PoolTest.untilBusy(pool, 0));
        assertEquals(0, pool.idle());
        executor.blockOn(pool.closeAsync());
    }

    @Test
    void whoIsBeingServedIsServedToTheEnd() throws Exception {
        var slow = new MemoryStore();
        slow.takes = ofMillis(300);
        serve(slow);
        var asked = client.sendAsync(request("/notes").build(), BodyHandlers.ofString());
        until(async(() -> {
            while (slow.running == 0) {
                await(sleep(ofMillis(1)));
            }
        }));
        running.join().ask("the test is over");
        assertEquals(200, asked.get(20, TimeUnit.SECONDS).statusCode());
        assertTrue(report.get(20, TimeUnit.SECONDS).isClean());
    }
}
