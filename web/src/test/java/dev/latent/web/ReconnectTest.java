package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.settle;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.Outcome;
import dev.latent.runtime.Latent;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A client that comes back. */
class ReconnectTest {
    private static final Duration SHORT = Duration.ofMillis(2);

    private static WebServerBuilder server(WebSocketHandler handler) {
        return WebServer.at("127.0.0.1", 0).webSocket("/ws", handler);
    }

    private static WebSocketClient client(WebServer server, String path) {
        return WebSocketClient.to(
                URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + path));
    }

    /** The server tells three numbers and goes away; who comes back says where to go on. */
    @Test
    void goesOnWhereItWas() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        List<String> heard = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        assertEquals(
                List.of(),
                Raw.with(
                        Latent.system(),
                        server(socket -> async(() -> {
                            connections.incrementAndGet();
                            int from = Integer.parseInt(((Message.Text) await(socket.receive())).text());
                            for (int i = from; i < from + 3; i++) {
                                await(socket.send("" + i));
                            }
                            await(socket.close(from < 6 ? 1012 : WebSocketClosed.NORMAL, "restarting"));
                        })),
                        server -> {
                            await(client(server, "/ws").stayConnected(SHORT, SHORT, session -> {
                                numbers.add(session.number());
                                if (session.number() == 1) {
                                    assertNull(session.lost());
                                } else {
                                    assertEquals(
                                            1012,
                                            assertInstanceOf(WebSocketClosed.class, session.lost())
                                                    .code());
                                }
                                await(session.socket().send("" + heard.size()));
                                while (true) {
                                    heard.add(((Message.Text)
                                                    await(session.socket().receive()))
                                            .text());
                                }
                            }));
                        }));
        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8"), heard);
        assertEquals(List.of(1, 2, 3), numbers);
        assertEquals(3, connections.get());
    }

    /** The first server is not there, the second goes away, the third is the end. */
    @Test
    void goesToTheNextServerInTurn() throws Exception {
        List<String> asked = new ArrayList<>();
        Raw.with(
                Latent.system(),
                server(socket -> async(() -> {
                    asked.add(((Message.Text) await(socket.receive())).text());
                    await(socket.close(asked.size() == 1 ? 1012 : WebSocketClosed.NORMAL, ""));
                })),
                server -> {
                    int port = server.localAddress().getPort();
                    WebSocketClient client = WebSocketClient.to(URI.create("ws://127.0.0.1:1/ws"))
                            .or(URI.create("ws://127.0.0.1:" + port + "/ws"))
                            .or(URI.create("ws://localhost:" + port + "/ws"));
                    assertEquals(
                            "WebSocketClient of ws://127.0.0.1:1/ws or ws://127.0.0.1:" + port
                                    + "/ws or ws://localhost:" + port + "/ws",
                            client.toString());
                    await(client.stayConnected(SHORT, SHORT, session -> {
                        await(session.socket().send("" + session.number()));
                        await(session.socket().receive());
                    }));
                });
        assertEquals(List.of("1", "2"), asked);
    }

    @Test
    void aSessionThatEndsIsTheEnd() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        Raw.with(
                Latent.system(),
                server(socket -> {
                    connections.incrementAndGet();
                    return Raw.echo(socket);
                }),
                server -> await(client(server, "/ws")
                        .stayConnected(session -> await(session.socket().send("x")))));
        assertEquals(1, connections.get());
    }

    @Test
    void whatWouldBeTheSameNextTimeIsThrownAtOnce() throws Exception {
        Raw.with(Latent.system(), server(Raw::echo), server -> {
            Outcome<Void> outcome =
                    await(settle(client(server, "/nothing").stayConnected(SHORT, SHORT, session -> {})));
            var refused = assertInstanceOf(
                    WebSocketRefused.class,
                    assertInstanceOf(Outcome.Failed.class, outcome).cause());
            assertEquals(404, refused.status());
        });
    }

    @Test
    void aFailureOfTheSessionIsThrownAsItIs() throws Exception {
        Raw.with(Latent.system(), server(Raw::echo), server -> {
            Outcome<Void> outcome = await(settle(client(server, "/ws").stayConnected(SHORT, SHORT, session -> {
                throw new IllegalStateException("mine");
            })));
            assertEquals(
                    "mine",
                    assertInstanceOf(Outcome.Failed.class, outcome).cause().getMessage());
        });
    }

    /** Nobody listens: it tries until it is dropped. */
    @Test
    void goesOnTryingUntilItIsDropped() throws Exception {
        Latent.blockOn(async(() -> {
            int port;
            try (var server = await(server(Raw::echo).bind())) {
                port = server.localAddress().getPort();
            }
            assertInstanceOf(
                    dev.latent.Timed.TooLate.class,
                    await(dev.latent.Async.withTimeout(
                            Duration.ofMillis(200),
                            WebSocketClient.to(URI.create("ws://127.0.0.1:" + port + "/ws"))
                                    .stayConnected(SHORT, SHORT, session -> {}))));
        }));
    }

    @Test
    void pausesAreChecked() {
        WebSocketClient client = WebSocketClient.to(URI.create("ws://localhost"));
        assertThrows(IllegalArgumentException.class, () -> client.stayConnected(Duration.ZERO, SHORT, session -> {}));
        assertThrows(
                IllegalArgumentException.class,
                () -> client.stayConnected(SHORT.multipliedBy(2), SHORT, session -> {}));
    }
}
