package dev.latent.examples.chat;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.settle;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Outcome;
import dev.latent.runtime.Latent;
import dev.latent.web.Message;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketClosed;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat with threads speaks the chat's protocol, as far as it goes. */
class ThreadedChatTest {
    private static Future<String> hear(WebSocket socket) {
        return async(() -> ((Message.Text) await(socket.receive())).text());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void joinTalkAndLeave(boolean isVirtual) throws Exception {
        var threads = isVirtual
                ? Thread.ofVirtual().factory()
                : Thread.ofPlatform().daemon().factory();
        try (ThreadedChat chat = new ThreadedChat(threads)) {
            URI uri = URI.create("ws://127.0.0.1:" + chat.listen("127.0.0.1", 0) + "/chat");
            Latent.blockOn(timeout(Duration.ofSeconds(20), async(() -> {
                try (WebSocket ada = await(WebSocket.connect(uri));
                        WebSocket bob = await(WebSocket.connect(uri))) {
                    for (WebSocket each : new WebSocket[] {ada, bob}) {
                        await(each.send("{\"join\":\"lobby\",\"nick\":\"" + (each == ada ? "Ada" : "Bob") + "\"}"));
                        assertEquals("{\"welcome\":\"lobby\"}", await(hear(each)));
                    }
                    await(bob.send("{\"say\":\"" + "x".repeat(1_000) + "\"}"));
                    assertTrue(await(hear(bob)).startsWith("{\"nick\":\"Bob\",\"say\":\"xxx"));
                    await(ada.send("{\"say\":\"hello\"}"));
                    String heard = await(hear(bob));
                    assertTrue(heard.startsWith("{\"nick\":\"Ada\",\"say\":\"hello\",\"at\":"), heard);
                    await(ada.send("{\"leave\":\"please\"}"));
                    Outcome<Message> end = await(settle(ada.receive()));
                    while (end instanceof Outcome.Ok<Message>) {
                        end = await(settle(ada.receive()));
                    }
                    var closed = assertInstanceOf(
                            WebSocketClosed.class,
                            assertInstanceOf(Outcome.Failed.class, end).cause());
                    assertEquals(WebSocketClosed.NORMAL, closed.code());
                }
            })));
        }
    }
}
