package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Futures;
import dev.latent.runtime.Latent;
import dev.latent.web.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import merge.databases.Embedded;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real five, over HTTP, asked themselves what they do. */
@Timeout(120)
class DatabasesTest {
    private static final int CONNECTIONS = 3;
    private static final String ALL_SLOW = "slow=postgres:60000,mariadb:60000,redis:60000,sqlite:60000,h2:60000";

    @TempDir
    static Path temp;

    private static Databases databases;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Thread thread;
    private int port;
    private final CompletableFuture<Void> stop = new CompletableFuture<>();

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the databases are for Linux on x86-64");
        databases = Databases.start(Settings.of(Map.of()));
    }

    @AfterAll
    static void end() {
        if (databases != null) {
            databases.close();
        }
    }

    @BeforeEach
    void serve() throws Exception {
        serve(kind -> ofSeconds(kind == Kind.REDIS ? 2 : 3)); // long enough for a machine that is busy
    }

    private interface Deadlines {
        Duration of(Kind kind);
    }

    private void serve(Deadlines deadlines) throws Exception {
        Map<Kind, Duration> times = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            times.put(kind, deadlines.of(kind));
        }
        Settings settings = new Settings(databases.urls(), times, CONNECTIONS, 4);
        CompletableFuture<Integer> bound = new CompletableFuture<>();
        thread = Thread.ofPlatform().start(() -> {
            try {
                Latent.blockOn(async(() -> {
                    try (var sources = await(Sources.open(settings));
                            var server = await(WebServer.at("127.0.0.1", 0)
                                    .any("/{path...}", new Service(sources).routes())
                                    .bind())) {
                        bound.complete(server.localAddress().getPort());
                        await(join(server.serve(), async(() -> {
                            await(Futures.observe(stop));
                            await(server.drain(ofSeconds(1)));
                        })));
                    }
                }));
            } catch (Exception e) {
                bound.completeExceptionally(e);
            }
        });
        port = bound.get(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        stop.complete(null);
        client.shutdownNow();
        thread.join(20_000);
        assertFalse(thread.isAlive(), "the service does not end");
    }

    private HttpResponse<String> get(String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(ofSeconds(30))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws Exception {
        return JsonMapper.shared().readTree(get(path).body());
    }

    /** {@return what each database says it works on, by name} */
    private Map<String, JsonNode> states() throws Exception {
        Map<String, JsonNode> states = new HashMap<>();
        json("/databases").forEach(each -> states.put(each.get("database").asString(), each));
        return states;
    }

    private void until(String what, Predicate<Map<String, JsonNode>> condition) throws Exception {
        long end = System.nanoTime() + ofSeconds(30).toNanos();
        Map<String, JsonNode> states = states();
        while (!condition.test(states)) {
            assertTrue(System.nanoTime() < end, what + ": " + states);
            Thread.sleep(20);
            states = states();
        }
    }

    private static int working(JsonNode state) {
        return state.get("working").isInt() ? state.get("working").asInt() : -1;
    }

    private Socket asks(String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(UTF_8));
        return socket;
    }

    private void allIsGivenBack() throws Exception {
        until("given back", states -> states.values().stream()
                .allMatch(state -> working(state) == 0
                        && state.get("connections").asInt() == 0
                        && state.get("waiting").asInt() == 0));
    }

    @Test
    void aPageComesFromAllFive() throws Exception {
        var answer = get("/products/7");
        assertEquals(200, answer.statusCode());
        JsonNode page = JsonMapper.shared().readTree(answer.body());
        assertTrue(page.get("isComplete").asBoolean(), page.toString());
        JsonNode parts = page.get("parts");
        assertEquals("product 7", parts.at("/product/name").asString());
        assertEquals(699, parts.at("/product/cents").asInt());
        assertEquals(14, parts.at("/stock/Porto").asInt());
        assertEquals(217, parts.at("/views/ever").asInt());
        assertEquals(3, parts.at("/reviews/reviews").asInt());
        assertEquals(8, parts.at("/delivery/days").asInt());
        assertEquals(404, get("/products/501").statusCode());
        assertEquals(404, get("/products/x").statusCode());
        assertEquals(400, get("/products/7?slow=oracle").statusCode());
        allIsGivenBack();
    }

    @Test
    void aClientThatGoesAwayHasAllFiveStop() throws Exception {
        try (Socket _ = asks("/products/7?" + ALL_SLOW)) {
            until("at work", states -> states.values().stream().allMatch(state -> working(state) == 1));
        }
        allIsGivenBack();
        states().values()
                .forEach(state -> assertEquals(1, state.get("cancelled").asInt(), state.toString()));
        assertTrue(json("/products/7").get("isComplete").asBoolean());
    }

    @Test
    void manyThatGoAwayLeaveNothingBehind() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<Socket> sockets = Stream.generate(() -> {
                        try {
                            return asks("/products/7?" + ALL_SLOW);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    })
                    .limit(6)
                    .toList();
            if (round > 0) { // in the first they go at whatever moment it is
                until("at work", states -> states.values().stream()
                        .allMatch(state -> state.get("connections").asInt() == CONNECTIONS && working(state) >= 1));
            }
            for (Socket socket : sockets) {
                socket.close();
            }
            allIsGivenBack();
        }
        for (int i = 1; i < 30; i++) { // each gets its own answer, not that of one before
            JsonNode page = json("/products/" + i);
            assertTrue(page.get("isComplete").asBoolean(), page.toString());
            assertEquals("product " + i, page.at("/parts/product/name").asString());
            assertEquals(i * 31, page.at("/parts/views/ever").asInt());
        }
    }

    @Test
    void whatIsTooSlowIsMissingAndStops() throws Exception {
        for (Kind kind : Kind.values()) {
            JsonNode page = json("/products/7?slow=" + kind + ":60000");
            assertFalse(page.get("isComplete").asBoolean());
            assertEquals(1, page.get("missing").size(), page.toString());
            assertEquals(kind.toString(), page.at("/missing/0/database").asString());
            assertTrue(page.at("/missing/0/why").asString().startsWith("no answer within "), page.toString());
            assertEquals(4, page.get("parts").size());
        }
        allIsGivenBack();
    }

    /** Stopped by the system, it accepts connections and says nothing, as a machine that hangs. */
    @Test
    void aDatabaseThatHangsCostsItsPartOnly() throws Exception {
        assertTrue(json("/products/7").get("isComplete").asBoolean());
        long pid = processOf("postgres");
        signal("STOP", pid);
        try {
            for (int i = 0; i < 3 * CONNECTIONS; i++) {
                try (Socket _ = asks("/products/7")) {
                    Thread.sleep(5);
                }
            }
            // Those who went away are still being ended, by the others too.
            until("the others have given back", states -> states.entrySet().stream()
                    .filter(state -> !state.getKey().equals("postgres"))
                    .allMatch(state -> state.getValue().get("connections").asInt() == 0));
            JsonNode page = json("/products/8");
            assertEquals("postgres", page.at("/missing/0/database").asString());
            assertEquals(4, page.get("parts").size(), page.toString());
            for (String quick : List.of("mariadb", "redis", "sqlite", "h2")) {
                assertTrue(page.at("/millis/" + quick).asDouble() < 2_500, page.toString());
            }
            assertTrue(states().get("postgres").get("connections").asInt() <= CONNECTIONS);
        } finally {
            signal("CONT", pid);
        }
        allIsGivenBack();
        assertTrue(json("/products/9").get("isComplete").asBoolean());
    }

    private static long processOf(String name) throws IOException {
        try (var lines = Files.lines(databases.folder().resolve("left"))) {
            for (String line : lines.skip(1).toList()) {
                if (line.startsWith("folder")) {
                    continue;
                }
                long pid = Long.parseLong(line.split(" ")[0]);
                String command = ProcessHandle.of(pid)
                        .flatMap(process -> process.info().command())
                        .orElse("");
                if (command.endsWith("bin/" + name)) {
                    return pid;
                }
            }
        }
        throw new AssertionError("no process of " + name);
    }

    /** To a server with its children, of which each serves a connection. */
    private static void signal(String name, long pid) throws Exception {
        String all = Stream.concat(
                        Stream.of(pid),
                        ProcessHandle.of(pid).orElseThrow().descendants().map(ProcessHandle::pid))
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
        assertEquals(
                0,
                new ProcessBuilder("sh", "-c", "kill -" + name + " " + all)
                        .inheritIO()
                        .start()
                        .waitFor());
    }

    @Test
    void twoAreOpenAtOnceAndClosingLeavesNothing() throws Exception {
        Path folder;
        try (Embedded second = Embedded.start(EnumSet.of(Embedded.Which.REDIS, Embedded.Which.H2), _ -> {})) {
            folder = second.folder();
            assertTrue(Files.isDirectory(folder));
            assertTrue(second.url(Embedded.Which.REDIS).startsWith("redis://"));
        }
        assertFalse(Files.exists(folder));
        assertTrue(Files.isDirectory(databases.folder()));
    }
}
