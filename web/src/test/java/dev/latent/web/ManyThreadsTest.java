package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.runtime.WorkStealingExecutor;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A room on several workers, where everybody sends to everybody; and the JDK's own client as a peer. */
@Timeout(60)
class ManyThreadsTest {
    private static final int CLIENTS = 20;
    private static final int EACH = 50;

    private final ConcurrentLinkedQueue<WebSocket> room = new ConcurrentLinkedQueue<>();

    private Future<Void> chat(WebSocket socket) {
        return async(() -> {
            room.add(socket);
            try {
                while (true) {
                    var text = ((Message.Text) await(socket.receive())).text();
                    var shared = PreparedMessage.text(text);
                    for (var other : room) {
                        await(other.send(shared));
                    }
                }
            } finally {
                room.remove(socket);
            }
        });
    }

    private Future<Integer> talk(URI uri) {
        return async(() -> {
            int got = 0;
            try (var socket = await(WebSocket.connect(uri))) {
                while (room.size() < CLIENTS) {
                    await(dev.latent.Async.sleep(Duration.ofMillis(2)));
                }
                var sender = spawn(async(() -> {
                    for (int i = 0; i < EACH; i++) {
                        await(socket.send("message " + i));
                    }
                }));
                while (got < CLIENTS * EACH) {
                    assertTrue(((Message.Text) await(socket.receive())).text().startsWith("message "));
                    got++;
                }
                await(sender);
            }
            return got;
        });
    }

    @Test
    void everybodyHearsEverybody() throws Exception {
        try (var pool = WorkStealingExecutor.create(4)) {
            pool.blockOn(timeout(Duration.ofSeconds(40), async(() -> {
                try (var server = await(WebServer.at("127.0.0.1", 0)
                                .webSocket("/", this::chat)
                                .bind());
                        var _ = spawn(server.serve())) {
                    var uri =
                            URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/");
                    List<JoinHandle<Integer>> talks = new ArrayList<>();
                    for (int i = 0; i < CLIENTS; i++) {
                        talks.add(spawn(talk(uri)));
                    }
                    for (var t : talks) {
                        assertEquals(CLIENTS * EACH, await(t));
                    }
                    await(server.drain(Duration.ofSeconds(5)));
                    assertEquals(0, server.connections());
                }
            })));
        }
    }

    @Test
    void theClientOfTheJdk() throws Exception {
        CompletableFuture<WebServer> bound = new CompletableFuture<>();
        try (var pool = WorkStealingExecutor.create(2)) {
            var serving = pool.spawn(async(() -> {
                try (var server = await(
                        WebServer.at("127.0.0.1", 0).webSocket("/", this::chat).bind())) {
                    bound.complete(server);
                    await(server.serve());
                }
            }));
            var server = bound.get(10, TimeUnit.SECONDS);
            var uri = URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/");
            var closed = new CountDownLatch(1);
            var heard = new StringBuffer();
            try (var http = HttpClient.newHttpClient()) {
                var socket = http.newWebSocketBuilder()
                        .buildAsync(uri, new java.net.http.WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(
                                    java.net.http.WebSocket ws, CharSequence data, boolean last) {
                                heard.append(data);
                                if (last && heard.length() > 100_000) {
                                    ws.sendClose(1000, "enough");
                                }
                                ws.request(1);
                                return null;
                            }

                            @Override
                            public CompletionStage<?> onClose(java.net.http.WebSocket ws, int code, String reason) {
                                heard.append(code);
                                closed.countDown();
                                return null;
                            }
                        })
                        .get(10, TimeUnit.SECONDS);
                socket.sendText("hello ", false).get();
                socket.sendText("world", true).get();
                socket.sendText("é".repeat(100_000), true).get();
                assertTrue(closed.await(20, TimeUnit.SECONDS));
            }
            assertEquals("hello world" + "é".repeat(100_000) + "1000", heard.toString());
            server.close();
            pool.blockOn(serving);
        }
    }
}
