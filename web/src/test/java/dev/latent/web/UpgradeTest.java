package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.runtime.Latent;
import dev.latent.web.http.Handler;
import dev.latent.web.http.Headers;
import dev.latent.web.http.HttpException;
import dev.latent.web.http.Request;
import dev.latent.web.http.Response;
import dev.latent.web.http.Upgrade;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets that are decided of by their request. */
@Timeout(60)
class UpgradeTest {
    private static URI at(WebServer server, String path) {
        return URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + path);
    }

    /** Tells the path's part, a cookie and the subprotocol, to those who have the cookie. */
    private static Handler telling(String... protocols) {
        return request -> async(() -> {
            var upgrade = WebSocketUpgrade.of(request).protocols(protocols);
            await(sleep(Duration.ofMillis(1)));
            String who = request.cookie("who");
            if (who == null) {
                throw HttpException.of(401, "who are you?");
            }
            String room = request.pathParameter("room");
            return upgrade.onUpgrade(socket -> async(() -> {
                await(socket.send(room + " " + who + " " + socket.subprotocol()));
                await(socket.receive());
            }));
        });
    }

    @Test
    void aHandlerSeesTheRequestAndMayRefuse() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(), WebServer.at("127.0.0.1", 0).get("/rooms/{room}", telling("v2", "v1")), server -> {
                    String[][] cases = {
                        {"", "null"}, {"v1", "v1"}, {"v1 v2", "v2"}, {"v3 v1", "v1"}, {"v3", "null"},
                    };
                    for (String[] c : cases) {
                        String[] offered = c[0].isEmpty() ? new String[0] : c[0].split(" ");
                        try (var socket = await(WebSocketClient.to(at(server, "/rooms/tea%20time"))
                                .header("Cookie", "who=ann")
                                .subprotocols(offered)
                                .connect())) {
                            assertEquals(c[1], String.valueOf(socket.subprotocol()));
                            assertEquals(new Message.Text("tea time ann " + c[1]), await(socket.receive()));
                        }
                    }
                    try {
                        await(WebSocket.connect(at(server, "/rooms/x")));
                        throw new AssertionError("it was let in");
                    } catch (WebSocketRefused e) {
                        assertEquals(401, e.status());
                    }
                    assertEquals(
                            "426",
                            await(Raw.status(server, "GET /rooms/x HTTP/1.1\r\nHost: h\r\nCookie: who=x\r\n\r\n")));
                });
        assertEquals(List.of(), reported);
    }

    /** The JDK's client fails where it gets none of those that it asked for. */
    @Test
    void subprotocolsWithTheJdksClient() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            List<String> reported = Raw.with(
                    Latent.system(),
                    WebServer.at("127.0.0.1", 0).get("/rooms/{room}", telling("chat.v2", "chat.v1")),
                    server -> {
                        CompletableFuture<String> heard = new CompletableFuture<>();
                        var socket = await(Futures.fromCompletionStage(() -> client.newWebSocketBuilder()
                                .header("cookie", "who=bob")
                                .subprotocols("other", "chat.v1")
                                .buildAsync(at(server, "/rooms/a"), new java.net.http.WebSocket.Listener() {
                                    @Override
                                    public CompletionStage<?> onText(
                                            java.net.http.WebSocket webSocket, CharSequence data, boolean last) {
                                        heard.complete(data.toString());
                                        return null;
                                    }
                                })));
                        assertEquals("chat.v1", socket.getSubprotocol());
                        assertEquals("a bob chat.v1", await(Futures.observe(heard)));
                        socket.abort();
                    });
            assertEquals(List.of(), reported);
        }
    }

    /** One that was not offered is no answer to the handshake. */
    @Test
    void aServerThatChoosesWhatWasNotOffered() throws Exception {
        Raw.with(
                Latent.system(),
                WebServer.at("127.0.0.1", 0).get("/x", request -> {
                    Request lies = Request.builder("GET", "/x")
                            .headers(request.headers().with("sec-websocket-protocol", "forged"))
                            .build();
                    return Futures.ready(
                            WebSocketUpgrade.of(lies).protocols("forged").onUpgrade(Raw::echo));
                }),
                server -> {
                    for (String[] offered : new String[][] {{}, {"other"}}) {
                        try {
                            await(WebSocketClient.to(at(server, "/x"))
                                    .subprotocols(offered)
                                    .connect());
                            throw new AssertionError("it was taken");
                        } catch (WebSocketRefused e) {
                            assertEquals(101, e.status());
                        }
                    }
                });
    }

    /** What decides of origins is user's code, and what it throws is answered. */
    @Test
    void originsThatThrow() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(),
                WebServer.at("127.0.0.1", 0)
                        .origins(origin -> {
                            throw new IllegalStateException("on purpose");
                        })
                        .webSocket("/ws", Raw::echo),
                server -> {
                    assertEquals("101", await(Raw.status(server, Raw.upgrade("h") + "\r\n")));
                    assertEquals("500", await(Raw.status(server, Raw.upgrade("h") + "Origin: http://h\r\n\r\n")));
                });
        assertEquals(1, reported.size(), reported.toString());
    }

    /** Frames that came with the handshake are the socket's, though its handler takes its time to decide. */
    @Test
    void framesThatWereSentAhead() throws Exception {
        List<String> reported = Raw.with(
                Latent.system(),
                WebServer.at("127.0.0.1", 0)
                        .get(
                                "/ws",
                                request -> async(() -> {
                                    await(sleep(Duration.ofMillis(20)));
                                    return WebSocketUpgrade.of(request).onUpgrade(Raw::echo);
                                })),
                server -> {
                    byte[] frame = dev.latent.web.Bytes.frame(0x81, "early".getBytes(UTF_8));
                    try (var stream = await(Raw.open(server, Raw.upgrade("h") + "\r\n", frame))) {
                        assertTrue(await(Raw.head(stream)).startsWith("HTTP/1.1 101 "));
                        var answer = ByteBuffer.allocate(7);
                        while (answer.hasRemaining()) {
                            await(stream.read(answer));
                        }
                        assertEquals("early", new String(answer.array(), 2, 5, UTF_8));
                    }
                });
        assertEquals(List.of(), reported);
    }

    /** Whose name can't be told fails, is reported, and is ended like any other. */
    @Test
    void aProtocolWhoseToStringThrows() throws Exception {
        List<String> ended = new CopyOnWriteArrayList<>();
        Upgrade upgrade = (stream, early, budget) -> new Upgrade.Upgraded() {
            @Override
            public Future<Void> serve() {
                return async(() -> {
                    throw new IllegalStateException("on purpose");
                });
            }

            @Override
            public Future<Void> end(@Nullable Throwable failure) {
                return async(() -> {
                    ended.add("" + failure);
                });
            }

            @Override
            public boolean isFailure(Throwable failure) {
                return true;
            }

            @Override
            public Future<Void> goodbye() {
                return Futures.done();
            }

            @Override
            public void cut() {}

            @Override
            public String toString() {
                throw new IllegalStateException("no name");
            }
        };
        List<String> reported = Raw.with(
                Latent.system(),
                WebServer.at("127.0.0.1", 0).get("/up", _ -> Futures.ready(Response.upgrade(Headers.NONE, upgrade))),
                server -> {
                    try (var stream = await(Raw.open(server, "GET /up HTTP/1.1\r\nHost: h\r\n\r\n"))) {
                        await(Raw.rest(stream));
                    }
                });
        assertEquals(1, reported.size(), reported.toString());
        assertTrue(reported.getFirst().contains("on purpose"), reported.toString());
        assertEquals(List.of("java.lang.IllegalStateException: on purpose"), ended);
    }
}
