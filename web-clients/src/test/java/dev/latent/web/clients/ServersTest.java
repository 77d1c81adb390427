package dev.latent.web.clients;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.select;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.interop.http.Http;
import dev.latent.io.AsyncBufReader;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import dev.latent.web.Message;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketClient;
import dev.latent.web.WebSocketClosed;
import dev.latent.web.WebSocketRefused;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our clients against servers of Python and Node; what each serves stands in its program. */
@Timeout(120)
class ServersTest {
    private static WebSocketClient client(String server, String path) {
        return WebSocketClient.to(URI.create("ws://" + server + path)).limits(Service.LIMITS);
    }

    /** Texts and bytes by turns, of all lengths up to some kB, the next one sent before the last one's echo has come. */
    private static Future<Void> echoes(WebSocketClient client, int count) {
        return async(() -> {
            try (WebSocket socket = await(client.connect())) {
                await(socket.send(""));
                for (int i = 0; i < count; i++) {
                    int length = i * i % 3001;
                    String text = "✓".repeat(length);
                    byte[] bytes = Service.pattern(length);
                    await(i % 2 == 0 ? socket.send(text) : socket.send(bytes));
                    switch (await(socket.receive())) {
                        case Message.Text(var echo) ->
                            assertEquals(i == 0 ? "" : "✓".repeat((i - 1) * (i - 1) % 3001), echo);
                        case Message.Binary(var echo) ->
                            assertArrayEquals(Service.pattern((i - 1) * (i - 1) % 3001), echo);
                    }
                }
                await(socket.receive());
                await(socket.close(4000, "enough ✓"));
            }
        });
    }

    /** What both WebSocket servers know. */
    private static Future<Void> webSockets(String server) {
        return async(() -> {
            await(echoes(client(server, "/plain"), 300));
            await(echoes(client(server, "/compressed").compression(Service.COMPRESSION), 300));
            await(echoes(client(server, "/fragments").subprotocols("v0.echo", "v1.echo"), 300));
            await(echoes(client(server, "/fragments").compression(Service.COMPRESSION), 300));

            try (var socket = await(
                    client(server, "/large").compression(Service.COMPRESSION).connect())) {
                byte[] large = Service.pattern(10_000_000);
                await(socket.send(large));
                assertArrayEquals(large, ((Message.Binary) await(socket.receive())).bytes());
            }
            try (var socket = await(client(server, "/pings").connect())) {
                assertEquals(new Message.Text("ten pings"), await(socket.receive()));
                await(select(socket.receive(), async(() -> {
                    for (int i = 0; i < 10; i++) {
                        await(socket.roundTrip());
                    }
                })));
            }
            for (int code : new int[] {1000, 1011, 3000, 4999}) {
                try (var socket = await(client(server, "/close/" + code).connect())) {
                    var end = await(async(() -> {
                        try {
                            await(socket.receive());
                            return null;
                        } catch (WebSocketClosed e) {
                            return e.code() + " " + e.reason();
                        }
                    }));
                    assertEquals(code + " as you like it ✓", end);
                }
            }
            WebSocketClient secret = client(server, "/secret");
            try (var _ = await(secret.connect())) {
                throw new AssertionError("not refused");
            } catch (WebSocketRefused e) {
                assertEquals(401, e.status());
            }
            await(echoes(secret.header("Authorization", "Bearer the word"), 10));
        });
    }

    @Test
    void websocketsOfPython() throws Exception {
        try (Program server = Program.python("websockets_server.py")) {
            String at = "127.0.0.1:" + server.next("port");
            Latent.blockOn(webSockets(at));
            server.endInput();
            assertEquals("""
                    texts: 610
                    bytes: 10810237
                    pings answered: 10
                    ends: /compressed None 4000 enough ✓, /fragments None 4000 enough ✓, /fragments v1.echo 4000 enough ✓, /large None 1000, \
                    /pings None 1000, /plain None 4000 enough ✓, /secret None 4000 enough ✓
                    """, server.text());
        }
    }

    @Test
    void wsOfNode() throws Exception {
        try (Program server = Program.node("ws_server.js")) {
            String at = "127.0.0.1:" + server.next("port");
            Latent.blockOn(webSockets(at));
            server.endInput();
            assertEquals("""
                    texts: 610
                    bytes: 10810237
                    pongs: 10
                    ends: /close/1000  1000, /close/1011  1011, /close/3000  3000, /close/4999  4999, /compressed  4000 enough ✓, /fragments  4000 enough ✓, \
                    /fragments v1.echo 4000 enough ✓, /large  1000, /pings  1000, /plain  4000 enough ✓, /secret  4000 enough ✓
                    """, server.text());
        }
    }

    @Test
    void aiohttp() throws Exception {
        try (Program server = Program.python("aiohttp_server.py");
                HttpClient http = HttpClient.newHttpClient()) {
            String at = "127.0.0.1:" + server.next("port");
            Latent.blockOn(async(() -> {
                await(echoes(client(at, "/echo"), 300));
                await(echoes(
                        client(at, "/echo").compression(Service.COMPRESSION).subprotocols("v1.echo"), 300));
                await(uploads(http, at));
                await(downloads(http, at));
            }));
            server.endInput();
            assertEquals("""
                    body bytes: 10000006
                    bytes: 405036
                    closed 4000: 2
                    texts: 302
                    trickles left: 5
                    """, server.text());
        }
    }

    private static HttpRequest.Builder request(String server, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + server + path));
    }

    /** A stream as a body, of a length that is told or not. */
    private static Future<Void> uploads(HttpClient http, String server) {
        return async(() -> {
            byte[] all = Service.pattern(5_000_003);
            var spawner = context().spawner();
            for (long length : new long[] {-1, all.length}) {
                var body = length < 0
                        ? Http.body(spawner, () -> pieces(all))
                        : Http.body(spawner, () -> pieces(all), length);
                var answer = await(
                        Http.send(http, request(server, "/body").POST(body).build(), BodyHandlers.ofString()));
                assertEquals(Service.told(all), answer.body());
            }
        });
    }

    private static AsyncStream<ByteBuffer> pieces(byte[] all) {
        return AsyncStream.generate(out -> {
            for (int from = 0; from < all.length; from += 30_011) {
                await(out.emit(ByteBuffer.wrap(all, from, Math.min(30_011, all.length - from))));
            }
        });
    }

    private static Future<Void> downloads(HttpClient http, String server) {
        return async(() -> {
            var whole = await(Http.send(http, request(server, "/bytes/3000001").build()));
            try (var body = whole.body()) {
                assertArrayEquals(
                        Service.pattern(3_000_001),
                        await(AsyncBufReader.of(body).readAll(4_000_000)));
            }
            for (int i = 0; i < 5; i++) {
                var endless = await(Http.send(http, request(server, "/trickle").build()));
                try (var body = endless.body()) {
                    assertEquals(
                            new Item<>("tick"), await(AsyncBufReader.of(body).readLine()));
                }
            }
        });
    }
}
