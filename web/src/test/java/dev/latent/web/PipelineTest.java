package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.channel.Oneshot;
import dev.latent.io.OpenFile;
import dev.latent.io.TcpStream;
import dev.latent.runtime.LocalExecutor;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.stream.AsyncStream;
import dev.latent.web.http.Handler;
import dev.latent.web.http.Headers;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that were sent ahead: answered in their order by as few writes as may be, and no answer waits for anybody. */
@Timeout(60)
class PipelineTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final LocalExecutor executor = new LocalExecutor();
    private final List<String> log = new ArrayList<>();
    private final Oneshot<Response> later = Oneshot.create();

    @AfterEach
    void nothingIsLeft() {
        executor.close();
    }

    /** One connection of a server. */
    private record Served(LocalExecutor executor, WebServer server, JoinHandle<Void> task) implements AutoCloseable {
        @Override
        public void close() {
            task.close();
            server.close();
            executor.runUntilStalled();
        }
    }

    private WebServerBuilder all() {
        return WebServer.at("127.0.0.1", 0)
                .get("/now/{n}", request -> Futures.ready(Response.text("<" + request.pathParameter("n") + ">")))
                .get("/none", _ -> Futures.ready(Response.of(204)))
                .get("/later", _ -> waits())
                .get("/big", _ -> Futures.ready(Response.bytes("a/b", new byte[100_000])))
                .get("/middle", _ -> Futures.ready(Response.bytes("a/b", new byte[20_000])))
                .get(
                        "/stream",
                        _ -> Futures.ready(
                                Response.stream("a/b", AsyncStream.of("s", "t").map(PipelineTest::bytes), 2)))
                .put(
                        "/body",
                        request ->
                                async(() -> Response.text(await(request.body().text()))))
                .webSocket("/ws", Raw::echo);
    }

    private Future<Response> waits() {
        return async(() -> {
            log.add("begins");
            try {
                return await(later.receive());
            } finally {
                log.add("ends");
            }
        });
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private Served serve(WebServerBuilder builder, Valve client) throws Exception {
        WebServer server = executor.blockOn(builder.bind());
        var connection = new ServerConnection(server, client);
        server.connections.add(connection);
        return new Served(executor, server, executor.spawn(ServerConnection.run(connection)));
    }

    /** {@return what the client was told to all of {@code said}, without the dates} */
    private String told(Valve client, String said) throws Exception {
        return told(client, all(), said);
    }

    private String told(Valve client, WebServerBuilder builder, String said) throws Exception {
        try (var _ = serve(builder, client)) {
            client.say(said.getBytes(ISO_8859_1));
            executor.runUntilStalled();
        }
        return text(client);
    }

    private static String text(Valve client) {
        return client.taken.toString(ISO_8859_1).replaceAll("\r\ndate: [^\r]*", "");
    }

    private static String ask(String path, String... more) {
        return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + String.join("", more) + "\r\n";
    }

    private static String answer(String body) {
        return "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private static String put(String body) {
        return "PUT /body HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    // ---- few writes -------------------------------------------------------------------------------------------------

    @Test
    void oneWriteForAllThatIsThere() throws Exception {
        Valve client = new Valve(Valve.ALL);
        var said = new StringBuilder();
        var answers = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            said.append(ask("/now/" + i));
            answers.append(answer("<" + i + ">"));
        }
        assertEquals(answers.toString(), told(client, said.toString()));
        assertEquals(1, client.writes);
    }

    @Test
    void oneWriteForEachWhereNothingIsAhead() throws Exception {
        Valve client = new Valve(Valve.ALL);
        try (var _ = serve(all(), client)) {
            for (int i = 1; i <= 5; i++) {
                client.say((ask("/now/" + i) + "GET /now/")
                        .getBytes(ISO_8859_1)); // half of the next one is no reason to wait
                executor.runUntilStalled();
                assertEquals(i, client.writes);
                client.say(("0 HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(ISO_8859_1));
                executor.runUntilStalled();
                assertEquals(answer("<" + i + ">") + answer("<0>"), text(client));
                client.taken.reset();
                client.writes = i;
            }
        }
    }

    /** Bodies of requests, answers without a body, one that closes, and one behind that. */
    @Test
    void whatIsNotToBeMixedUp() throws Exception {
        Valve client = new Valve(Valve.ALL);
        String said = ask("/now/1")
                + put("one")
                + ask("/now/2").replace("GET", "HEAD")
                + ask("/none")
                + ask("/nowhere")
                + put("x".repeat(3000))
                + ask("/now/3", "Connection: close\r\n")
                + ask("/later");
        String told = answer("<1>")
                + answer("one")
                + answer("<2>").replace("<2>", "")
                + "HTTP/1.1 204 No Content\r\n\r\n"
                + "HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n\r\n"
                + answer("x".repeat(3000))
                + answer("<3>").replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
        assertEquals(told, told(client, said));
        assertEquals(List.of(), log);
        assertTrue(client.writes <= 2, client.writes + " writes");
    }

    /** A handler may hand on what another server has said of its own connection. */
    @Test
    void aConnectionThatEndsSaysSo() throws Exception {
        WebServerBuilder builder =
                all().get("/kept", _ -> Futures.ready(Response.text("x").header("connection", "keep-alive")));
        for (String said : new String[] {
            ask("/kept", "Connection: close\r\n"),
            ask("/kept").replace("HTTP/1.1", "HTTP/1.0"),
            ask("/kept", "Expect: 100-continue\r\n", "Content-Length: 1\r\n")
        }) {
            Valve client = new Valve(Valve.ALL);
            try (var _ = serve(builder, client)) {
                client.say((ask("/kept") + said + ask("/later")).getBytes(ISO_8859_1));
                executor.runUntilStalled();
            }
            String kept = answer("x")
                    .replace("\r\n\r\n", "\r\nconnection: keep-alive\r\n\r\n")
                    .replaceAll("(content-length: 1\r\n)(connection: keep-alive\r\n)", "$2$1");
            assertEquals(kept + kept.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"), text(client), said);
        }
    }

    /** What can't be sent is the handler's failure: it is answered, and so are the others. */
    @Test
    void whatCanNotBeSentIsAFailureOfItsHandler() throws Exception {
        List<Handler> bad = List.of(
                _ -> Futures.ready(Response.bytes("a/b", nothing())),
                _ -> Futures.ready(Response.stream("a/b", nothing())),
                _ -> Futures.ready(Response.file("a/b", nothing(), 0, 1)),
                _ -> Futures.ready(Response.file("a/b", untouched(), -1, 1)),
                _ -> Futures.ready(Response.file("a/b", untouched(), 0, -1)),
                _ -> Futures.ready(Response.text("x").content(nothing())),
                _ -> Futures.ready(nothing()),
                _ -> nothing());
        for (Handler each : bad) {
            Valve client = new Valve(Valve.ALL);
            try (var _ = serve(all().get("/bad", each), client)) {
                client.say((ask("/now/1") + ask("/bad") + ask("/now/2")).getBytes(ISO_8859_1));
                executor.runUntilStalled();
            }
            String failed =
                    "HTTP/1.1 500 Internal Server Error\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n\r\n";
            assertEquals(answer("<1>") + failed + answer("<2>"), text(client), "bad " + bad.indexOf(each));
        }
    }

    private static OpenFile untouched() {
        return (OpenFile) Proxy.newProxyInstance(
                OpenFile.class.getClassLoader(), new Class<?>[] {OpenFile.class}, (_, method, _) -> {
                    throw new AssertionError(method);
                });
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    @Test
    void whatIsNoRequestIsAnsweredBehindThoseThatAre() throws Exception {
        Valve client = new Valve(Valve.ALL);
        String bad =
                "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        assertEquals(
                answer("<1>") + bad,
                told(client, ask("/now/1") + "GET /now/2 HTTP/1.1\r\nHost : h\r\n\r\n" + ask("/now/3")));
        client = new Valve(Valve.ALL);
        assertEquals(answer("<1>") + bad, told(client, ask("/now/1") + "\0" + ask("/now/3")));
    }

    /** Others have their turn, and memory its bound. */
    @Test
    void notWithoutABound() throws Exception {
        Valve client = new Valve(Valve.ALL);
        assertEquals(answer("<1>").repeat(320), told(client, ask("/now/1").repeat(320)));
        assertTrue(client.writes >= 10 && client.writes <= 20, client.writes + " writes");
        client = new Valve(Valve.ALL);
        String body = "x".repeat(5000);
        assertEquals(answer(body).repeat(10), told(client, put(body).repeat(10)));
        assertTrue(client.writes >= 2, client.writes + " writes");
    }

    // ---- no answer waits --------------------------------------------------------------------------------------------

    @Test
    void noAnswerWaitsForAHandler() throws Exception {
        Valve client = new Valve(Valve.ALL);
        try (var _ = serve(all(), client)) {
            client.say((ask("/now/1") + ask("/now/2") + ask("/later") + ask("/now/3")).getBytes(ISO_8859_1));
            executor.runUntilStalled();
            assertEquals(List.of("begins"), log);
            assertEquals(answer("<1>") + answer("<2>"), text(client));
            assertEquals(1, client.writes);
            assertTrue(later.send(Response.text("late")));
            executor.runUntilStalled();
            assertEquals(answer("<1>") + answer("<2>") + answer("late") + answer("<3>"), text(client));
            assertEquals(2, client.writes);
        }
    }

    @Test
    void aHandlerThatWaitsIsDroppedAndTheOthersAreAnswered() throws Exception {
        for (boolean leaves : new boolean[] {true, false}) {
            log.clear();
            Valve client = new Valve(Valve.ALL);
            try (var served = serve(all(), client)) {
                client.say((ask("/now/1") + ask("/later") + ask("/now/2")).getBytes(ISO_8859_1));
                executor.runUntilStalled();
                if (leaves) {
                    client.leave();
                } else {
                    served.task.close();
                }
                executor.runUntilStalled();
                assertEquals(List.of("begins", "ends"), log);
                assertEquals(answer("<1>"), text(client));
                assertEquals(0, served.server.connections());
            }
        }
    }

    /** A body that nobody reads may look like the next request: it is none, and nothing waits for its end. */
    @Test
    void noAnswerWaitsForTheRestOfABody() throws Exception {
        WebServerBuilder builder = all().post("/unread", _ -> Futures.ready(Response.text("unread")));
        String body = "\r\n" + ask("/now/9");
        for (int left : new int[] {0, 1, 50}) {
            Valve client = new Valve(Valve.ALL);
            try (var _ = serve(builder, client)) {
                client.say(("POST /unread HTTP/1.1\r\nHost: h\r\nContent-Length: " + (body.length() + left) + "\r\n\r\n"
                                + body)
                        .getBytes(ISO_8859_1));
                executor.runUntilStalled();
                assertEquals(answer("unread"), text(client), left + " bytes to come");
                client.say(("x".repeat(left) + ask("/now/2")).getBytes(ISO_8859_1));
                executor.runUntilStalled();
                assertEquals(answer("unread") + answer("<2>"), text(client), left + " bytes to come");
            }
        }
    }

    @Test
    void whoIsToldToGoOnHasItsAnswersBefore() throws Exception {
        Valve client = new Valve(Valve.ALL);
        try (var _ = serve(all(), client)) {
            client.say((ask("/now/1") + put("body").replace("\r\n\r\nbody", "\r\nExpect: 100-continue\r\n\r\n"))
                    .getBytes(ISO_8859_1));
            executor.runUntilStalled();
            assertEquals(answer("<1>") + "HTTP/1.1 100 Continue\r\n\r\n", text(client));
            client.say(("body" + ask("/now/2")).getBytes(ISO_8859_1));
            executor.runUntilStalled();
            assertEquals(
                    answer("<1>") + "HTTP/1.1 100 Continue\r\n\r\n" + answer("body") + answer("<2>"), text(client));
        }
    }

    @Test
    void largeOnesStreamsAndAnotherProtocol() throws Exception {
        Valve client = new Valve(Valve.ALL);
        String asked = ask("/now/1")
                + ask("/stream")
                + ask("/now/2")
                + ask("/big")
                + ask("/now/3")
                + ask("/middle")
                + ask("/now/4")
                + Raw.upgrade("h")
                + "\r\n"
                + new String(Bytes.frame(0x81, new byte[] {'w'}), ISO_8859_1);
        String told = told(client, asked);
        String large = "HTTP/1.1 200 OK\r\ncontent-type: a/b\r\ncontent-length: ";
        String expected = answer("<1>")
                + large + "2\r\n\r\nst"
                + answer("<2>")
                + large + "100000\r\n\r\n" + "\0".repeat(100_000)
                + answer("<3>")
                + large + "20000\r\n\r\n" + "\0".repeat(20_000)
                + answer("<4>")
                + "HTTP/1.1 101 Switching Protocols\r\n";
        assertEquals(expected, told.substring(0, expected.length()));
        assertTrue(told.contains("\r\n\r\n\u0081\u0001w"), told.substring(expected.length()));
    }

    /** A slow client gets all of it in its order, whatever has become ready meanwhile. */
    @Test
    void aSlowClient() throws Exception {
        for (int step : new int[] {1, 7, 100, 300}) {
            for (boolean early : new boolean[] {true, false}) {
                log.clear();
                Oneshot<Response> gate = Oneshot.create();
                Valve client = new Valve(0);
                String told = answer("<1>") + answer("<2>") + answer("late") + answer("<3>");
                try (var _ = serve(all().get("/gate", _ -> gate.receive()), client)) {
                    client.say((ask("/now/1") + ask("/now/2") + ask("/gate") + ask("/now/3")).getBytes(ISO_8859_1));
                    for (int taken = 0; taken < 4 * 200; taken += step) {
                        executor.runUntilStalled();
                        if (early == taken < 100) {
                            gate.send(Response.text("late"));
                        }
                        client.open(step);
                    }
                    executor.runUntilStalled();
                }
                assertEquals(told, text(client), "by " + step + ", early " + early);
            }
        }
    }

    /** What is left of a body is not for the protocol behind it, whatever that takes in. */
    @Test
    void noOtherProtocolBeginsWithinABody() throws Exception {
        WebServerBuilder builder = all().post(
                        "/up",
                        _ -> Futures.ready(Response.upgrade(Headers.NONE.plus("upgrade", "x"), (_, early, _) -> {
                            log.add("begun with " + (early == null ? 0 : early.remaining()));
                            throw new IllegalStateException("on purpose");
                        })));
        String bad = "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n\r\n";
        String up = ask("/up", "Connection: upgrade\r\n", "Upgrade: x\r\n").replace("GET", "POST");
        for (String body : new String[] {
            "Content-Length: 4\r\n\r\nbody", "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"
        }) {
            Valve client = new Valve(Valve.ALL);
            String asked = ask("/now/1") + up.substring(0, up.length() - 2) + body + ask("/now/2");
            assertEquals(answer("<1>") + bad + answer("<2>"), told(client, builder, asked));
            assertEquals(List.of(), log);
        }
        Valve client = new Valve(Valve.ALL);
        assertEquals(
                answer("<1>") + "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n",
                told(client, builder, ask("/now/1") + up + "early"));
        assertEquals(List.of("begun with 5"), log);
    }

    /** Who is being drained has the answers that are held back, and that of the handler that runs; who asks behind it learns that it is over. */
    @Test
    void aDrainWhileHandlersRun() throws Exception {
        for (int room : new int[] {Valve.ALL, 0, 100}) {
            log.clear();
            Oneshot<Response> gate = Oneshot.create();
            Valve client = new Valve(room);
            try (var served = serve(all().get("/gate", _ -> gate.receive()), client)) {
                client.say((ask("/now/1") + ask("/now/2") + ask("/gate") + ask("/now/3")).getBytes(ISO_8859_1));
                executor.runUntilStalled();
                JoinHandle<Void> draining = executor.spawn(served.server.drain(LONG));
                executor.runUntilStalled();
                assertEquals(1, served.server.connections());
                gate.send(Response.text("late"));
                executor.runUntilStalled();
                client.open(Valve.ALL);
                executor.runUntilStalled();
                client.leave();
                executor.runUntilStalled();
                assertEquals(
                        answer("<1>")
                                + answer("<2>")
                                + answer("late").replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"),
                        text(client),
                        "room for " + room);
                assertEquals(0, served.server.connections());
                assertTrue(draining.isFinished());
            }
        }
    }

    // ---- however it is cut ------------------------------------------------------------------------------------------

    @Test
    void cutAtEveryByte() throws Exception {
        String asked = "\r\n" + ask("/now/1") + put("ab") + "\r\n"
                + ask("/now/2", "X: y\r\n").replace("GET", "HEAD")
                + "PUT /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ncd\r\n0\r\n\r\n"
                + ask("/now/3", "Connection: close\r\n");
        String whole = told(new Valve(Valve.ALL), asked);
        assertTrue(whole.endsWith("<3>"), whole);
        for (int a = 1; a < asked.length(); a++) {
            for (int b = a; b < asked.length(); b += 1 + (a + b) % 13) {
                Valve client = new Valve(Valve.ALL);
                try (var _ = serve(all(), client)) {
                    for (String piece :
                            new String[] {asked.substring(0, a), asked.substring(a, b), asked.substring(b)}) {
                        if (!piece.isEmpty()) {
                            client.say(piece.getBytes(ISO_8859_1));
                            executor.runUntilStalled();
                        }
                    }
                }
                assertEquals(whole, text(client), "cut at " + a + " and " + b);
            }
        }
    }

    /** Whatever is asked for, however it is cut and taken, and whenever handlers are ready: each has its answer, which is the one it has alone. */
    @Test
    void whateverIsSentAhead() throws Exception {
        List<Oneshot<Response>> gates = new ArrayList<>();
        WebServerBuilder builder = all().get("/gate", _ -> {
                    Oneshot<Response> gate = Oneshot.create();
                    gates.add(gate);
                    return gate.receive();
                })
                .get(
                        "/chunks",
                        _ -> Futures.ready(
                                Response.stream("a/b", AsyncStream.of("s", "t").map(PipelineTest::bytes))))
                .post("/unread", _ -> Futures.ready(Response.text("unread")));
        String post = "POST /unread HTTP/1.1\r\nHost: h\r\n";
        String[][] kinds = {
            {ask("/now/1"), null},
            {"\r\n" + ask("/now/2").replace("GET", "HEAD"), null},
            {ask("/none"), null},
            {ask("/nowhere"), null},
            {ask("/gate"), answer("late")},
            {ask("/stream"), null},
            {ask("/chunks"), null},
            {ask("/chunks").replace("GET", "HEAD"), null},
            {ask("/middle"), null},
            {put("ab"), null},
            {put("x".repeat(3000)), null},
            {put("ab").replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"), null},
            {post + "Content-Length: 2000\r\n\r\n" + "y".repeat(2000), null},
            {post + "Transfer-Encoding: chunked\r\n\r\n2\r\ncd\r\n0\r\n\r\n", null},
            {
                ask("/now/3").replace("HTTP/1.1", "HTTP/1.0").replace("\r\n\r\n", "\r\nConnection: keep-alive\r\n\r\n"),
                null
            },
        };
        for (String[] kind : kinds) {
            if (kind[1] == null) {
                Valve alone = new Valve(Valve.ALL);
                kind[1] = told(alone, builder, kind[0]);
                assertTrue(kind[1].startsWith("HTTP/1.1 "), kind[0]);
            }
        }
        long first = Long.getLong("latent.seed", System.nanoTime());
        for (long seed = first; seed < first + 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            var said = new StringBuilder();
            var expected = new StringBuilder();
            for (int i = random.nextInt(1, 30); i > 0 && said.length() < 40_000; i--) {
                String[] kind = kinds[random.nextInt(kinds.length)];
                said.append(kind[0]);
                expected.append(kind[1]);
            }
            boolean closes = random.nextBoolean();
            if (closes) {
                said.append(ask("/now/9", "Connection: close\r\n")).append(ask("/now/never"));
                expected.append(answer("<9>").replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
            }
            gates.clear();
            Valve client = new Valve(random.nextBoolean() ? Valve.ALL : 0);
            int size = 1 << random.nextInt(17);
            try (var served = serve(builder, client)) {
                int at = 0;
                for (int step = 0; step < 100_000; step++) {
                    int what = random.nextInt(4);
                    if (what == 0 && at < said.length()) {
                        int end = Math.min(said.length(), at + random.nextInt(1, size + 1));
                        client.say(said.substring(at, end).getBytes(ISO_8859_1));
                        at = end;
                    } else if (what == 1) {
                        gates.forEach(gate -> gate.send(Response.text("late")));
                        gates.clear();
                    } else if (what == 2) {
                        client.open(random.nextInt(1, size + 1));
                    }
                    if (what == 3 || random.nextBoolean()) {
                        executor.runUntilStalled();
                    }
                    if (step > 20_000) { // it would take for ever
                        size = 1 << 16;
                    }
                    if (client.taken.size() >= expected.length()
                            && at == said.length()
                            && text(client).length() >= expected.length()) {
                        break;
                    }
                }
                client.open(Valve.ALL);
                executor.runUntilStalled();
                assertEquals(expected.toString(), text(client), "seed " + seed);
                client.leave();
                executor.runUntilStalled();
                assertEquals(0, served.server.connections(), "seed " + seed);
            }
        }
    }

    // ---- two workers ------------------------------------------------------------------------------------------------

    @Test
    void onTwoWorkers() throws Exception {
        long seed = Long.getLong("latent.seed", System.nanoTime());
        try (WorkStealingExecutor workers = WorkStealingExecutor.create(2)) {
            workers.blockOn(timeout(LONG, async(() -> {
                try (var server = await(WebServer.at("127.0.0.1", 0)
                        .get("/{n}", PipelineTest::sometimesWaits)
                        .bind())) {
                    try (var _ = spawn(server.serve())) {
                        List<JoinHandle<Void>> clients = new ArrayList<>();
                        for (int i = 0; i < 8; i++) {
                            clients.add(spawn(client(server, new SplittableRandom(seed + i), seed)));
                        }
                        for (JoinHandle<Void> client : clients) {
                            await(client);
                        }
                    }
                }
            })));
        }
    }

    private static Future<Response> sometimesWaits(Request request) {
        String n = request.pathParameter("n");
        return n.endsWith("7")
                ? async(() -> {
                    await(dev.latent.Async.yieldNow());
                    return Response.text(n);
                })
                : Futures.ready(Response.text(n));
    }

    private static Future<Void> client(WebServer server, SplittableRandom random, long seed) {
        return async(() -> {
            int n = 0;
            try (TcpStream stream =
                    await(TcpStream.connect("127.0.0.1", server.localAddress().getPort()))) {
                for (int round = 0; round < 100; round++) {
                    int ahead = 1 + random.nextInt(40);
                    var said = new StringBuilder();
                    var told = new StringBuilder();
                    for (int i = 0; i < ahead; i++, n++) {
                        said.append(ask("/" + n));
                        told.append(answer("" + n));
                    }
                    await(stream.write(bytes(said.toString())));
                    var heard = new StringBuilder();
                    var piece = ByteBuffer.allocate(10_000);
                    while (text(heard).length() < told.length()) {
                        assertTrue(await(stream.read(piece.clear())) > 0, "seed " + seed);
                        heard.append(new String(piece.array(), 0, piece.position(), ISO_8859_1));
                    }
                    assertEquals(told.toString(), text(heard), "seed " + seed);
                }
            }
        });
    }

    private static String text(CharSequence heard) {
        return heard.toString().replaceAll("\r\ndate: [^\r]*(?=\r)", "");
    }
}
