package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.settle;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Outcome;
import dev.latent.runtime.Latent;
import dev.latent.web.Message;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketClosed;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The whole chat, over sockets. */
class ChatTest {
    private final Chat chat = new Chat(Duration.ofMillis(200));
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final CompletableFuture<InetSocketAddress> listening = new CompletableFuture<>();

    private void run(Future<Void> people) throws Exception {
        Future<Void> visit = async(() -> {
            try {
                await(people);
            } finally {
                stop.complete(null);
            }
        });
        Latent.blockOn(timeout(
                Duration.ofSeconds(30),
                join(ChatServer.serve(chat, List.of("127.0.0.1"), 0, stop, listening::complete), visit)));
    }

    private Future<WebSocket> connect() {
        return async(() -> {
            InetSocketAddress address = await(Futures.observe(listening));
            return await(WebSocket.connect(URI.create("ws://127.0.0.1:" + address.getPort() + "/chat")));
        });
    }

    private static Future<Void> hears(WebSocket socket, String expected) {
        return async(() -> {
            String text = ((Message.Text) await(socket.receive())).text();
            assertEquals(expected, text.replaceAll(",\"at\":\\d{16},\"seq\":\\d{16}", ""));
        });
    }

    @Test
    void joinTalkAndLeave() throws Exception {
        run(async(() -> {
            try (WebSocket ada = await(connect());
                    WebSocket bob = await(connect())) {
                await(ada.send("{\"join\":\"lobby\",\"nick\":\"Ada\"}"));
                await(hears(
                        ada,
                        "{\"welcome\":\"lobby\",\"nick\":\"Ada\",\"size\":1,\"members\":[\"Ada\"],\"history\":[]}"));
                await(hears(ada, "{\"joined\":\"Ada\"}"));

                await(bob.send("{\"say\":\"anyone?\"}"));
                await(hears(bob, "{\"error\":\"outside\",\"why\":\"join a room first\"}"));
                await(bob.send("{\"join\":\"lobby\",\"nick\":\"Ada\"}"));
                await(hears(bob, "{\"error\":\"taken\",\"why\":\"that name is taken\"}"));
                await(bob.send("{\"join\":\"lobby\",\"nick\":\"Bob\"}"));
                await(
                        hears(
                                bob,
                                "{\"welcome\":\"lobby\",\"nick\":\"Bob\",\"size\":2,\"members\":[\"Ada\",\"Bob\"],\"history\":[]}"));
                await(hears(bob, "{\"joined\":\"Bob\"}"));
                await(hears(ada, "{\"joined\":\"Bob\"}"));

                await(bob.send("{\"say\":\"hello\"}"));
                await(hears(ada, "{\"nick\":\"Bob\",\"say\":\"hello\"}"));
                await(hears(bob, "{\"nick\":\"Bob\",\"say\":\"hello\"}"));

                await(bob.send("{\"nick\":\"ada\"}"));
                await(hears(bob, "{\"error\":\"taken\",\"why\":\"that name is taken\"}"));
                await(bob.send("{\"nick\":\"Bobby\"}"));
                await(hears(bob, "{\"renamed\":\"Bob\",\"nick\":\"Bobby\"}"));
                await(hears(ada, "{\"renamed\":\"Bob\",\"nick\":\"Bobby\"}"));
                await(bob.send("{\"rooms\":\"please\"}"));
                await(hears(bob, "{\"rooms\":[{\"room\":\"lobby\",\"size\":2}]}"));

                await(bob.send("{\"join\":\"attic\",\"nick\":\"Bob\"}"));
                await(hears(
                        bob,
                        "{\"welcome\":\"attic\",\"nick\":\"Bob\",\"size\":1,\"members\":[\"Bob\"],\"history\":[]}"));
                await(hears(ada, "{\"left\":\"Bobby\"}"));
                assertEquals(2, chat.rooms());

                await(hears(bob, "{\"joined\":\"Bob\"}"));
                await(bob.send("{\"join\":\"LOBBY\",\"nick\":\"Bob\"}"));
                await(hears(
                        bob,
                        "{\"welcome\":\"lobby\",\"nick\":\"Bob\",\"size\":2,\"members\":[\"Ada\",\"Bob\"],"
                                + "\"history\":[{\"nick\":\"Bob\",\"say\":\"hello\"}]}"));

                await(hears(ada, "{\"joined\":\"Bob\"}"));

                await(ada.send("{\"leave\":\"please\"}"));
                WebSocketClosed closed = assertClosed(await(settle(ada.receive())));
                assertEquals(WebSocketClosed.NORMAL, closed.code());
            }
        }));
        assertEquals(0, chat.rooms());
    }

    @Test
    void whoComesBackIsToldWhatWasMissedAndTheLostConnectionGoes() throws Exception {
        run(async(() -> {
            try (WebSocket lost = await(connect());
                    WebSocket back = await(connect());
                    WebSocket bob = await(connect())) {
                await(lost.send("{\"join\":\"lobby\",\"nick\":\"Ada\",\"me\":\"secret\"}"));
                await(bob.send("{\"join\":\"lobby\",\"nick\":\"Bob\"}"));
                await(lost.send("{\"say\":\"one\",\"n\":\"1\"}"));
                String one = await(until(lost, "\"say\""));
                assertTrue(one.endsWith(",\"by\":\"" + Protocol.publicOf("secret") + "\",\"n\":1}"), one);
                String seen = one.replaceAll(".*\"seq\":(\\d+).*", "$1");
                await(until(bob, "\"say\""));
                await(bob.send("{\"say\":\"two\"}"));
                await(until(bob, "\"two\""));
                await(back.send("{\"join\":\"lobby\",\"nick\":\"Ada\",\"me\":\"secret\",\"log\":\"memory\",\"seen\":\""
                        + seen + "\"}"));
                String welcome = await(until(back, "\"welcome\""));
                assertTrue(welcome.contains("\"size\":2,"), welcome);
                assertTrue(welcome.contains("\"history\":[{\"nick\":\"Bob\",\"say\":\"two\","), welcome);
                assertTrue(
                        welcome.endsWith(",\"log\":\"memory\",\"you\":\"" + Protocol.publicOf("secret") + "\"}"),
                        welcome);
                Outcome<Message> end = await(settle(lost.receive()));
                while (end instanceof Outcome.Ok<Message>) {
                    end = await(settle(lost.receive()));
                }
                assertEquals(Chat.Goodbye.ELSEWHERE.code, assertClosed(end).code());
                await(bob.send("{\"say\":\"three\"}"));
                assertTrue(await(until(back, "\"say\"")).contains("\"three\""));
            }
        }));
    }

    private static Future<String> until(WebSocket socket, String part) {
        return async(() -> {
            while (true) {
                String text = ((Message.Text) await(socket.receive())).text();
                if (text.contains(part)) {
                    return text;
                }
            }
        });
    }

    @Test
    void aDrainSaysGoodbye() throws Exception {
        run(async(() -> {
            try (WebSocket ada = await(connect())) {
                await(ada.send("{\"join\":\"lobby\",\"nick\":\"Ada\"}"));
                await(ada.receive());
                await(ada.receive());
                stop.complete(null);
                WebSocketClosed closed = assertClosed(await(settle(ada.receive())));
                assertEquals(WebSocketClosed.GOING_AWAY, closed.code());
            }
        }));
        assertEquals(0, chat.rooms());
    }

    @Test
    void whoReadsNothingIsClosedAndHoldsNobodyUpForLong() throws Exception {
        int lines = 4_000;
        String say = "{\"say\":\"" + "x".repeat(3_000) + "\"}";
        run(async(() -> {
            try (WebSocket ada = await(connect());
                    WebSocket mute = await(connect())) {
                await(ada.send("{\"join\":\"lobby\",\"nick\":\"Ada\"}"));
                await(mute.send("{\"join\":\"lobby\",\"nick\":\"Mute\"}"));
                await(join(speak(ada, say, lines), hear(ada, lines)));
                assertEquals(1, chat.rooms());
            }
        }));
        assertEquals(0, chat.rooms());
    }

    private static Future<Void> speak(WebSocket socket, String line, int times) {
        return async(() -> {
            for (int i = 0; i < times; i++) {
                await(socket.send(line));
            }
        });
    }

    /** Until that many lines were said, and somebody has left. */
    private static Future<Void> hear(WebSocket socket, int lines) {
        return async(() -> {
            int heard = 0;
            boolean left = false;
            while (heard < lines || !left) {
                String text = ((Message.Text) await(socket.receive())).text();
                if (text.startsWith("{\"nick\"")) {
                    heard++;
                }
                left |= text.equals("{\"left\":\"Mute\"}");
            }
        });
    }

    private static WebSocketClosed assertClosed(Outcome<Message> outcome) {
        return assertThrows(WebSocketClosed.class, () -> {
            if (outcome instanceof Outcome.Failed<Message>(var cause)) {
                throw cause;
            }
        });
    }
}
