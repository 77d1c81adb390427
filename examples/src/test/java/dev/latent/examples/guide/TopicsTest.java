package dev.latent.examples.guide;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Releasable;
import dev.latent.runtime.Latent;
import dev.latent.web.Broadcast;
import dev.latent.web.Message;
import dev.latent.web.PreparedMessage;
import dev.latent.web.WebServer;
import dev.latent.web.WebSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The exercise of the guide's chapter on WebSockets, solved: topics by name. */
class TopicsTest {
    private static final class Topics {
        private final ConcurrentHashMap<String, Broadcast> topics = new ConcurrentHashMap<>();

        /** One topic that a socket hears, until this is closed. */
        record Subscription(Topics all, String topic, Broadcast.Member member) implements Releasable {
            long missed() {
                return member.missed();
            }

            @Override
            public void close() {
                member.close();
                all.topics.computeIfPresent(topic, (_, broadcast) -> broadcast.members() == 0 ? null : broadcast);
            }
        }

        Subscription subscribe(WebSocket socket, String topic) {
            Broadcast.Member[] joined = new Broadcast.Member[1];
            topics.compute(topic, (_, known) -> { // under the map's lock, so that no topic goes while somebody comes
                Broadcast broadcast = known == null ? Broadcast.dropOldest(64) : known;
                joined[0] = broadcast.join(socket);
                return broadcast;
            });
            return new Subscription(this, topic, joined[0]);
        }

        Future<Void> publish(String topic, String text) {
            Broadcast broadcast = topics.get(topic);
            return broadcast == null ? Futures.done() : broadcast.send(PreparedMessage.text(topic + ": " + text));
        }
    }

    private final Topics topics = new Topics();

    /** {@code +tea} subscribes, {@code -tea} leaves, {@code tea assam} publishes, {@code ?} asks how much was missed. */
    private Future<Void> serve(WebSocket socket) {
        return async(() -> {
            var mine = new ConcurrentHashMap<String, Topics.Subscription>();
            try {
                while (true) {
                    String wish = ((Message.Text) await(socket.receive())).text();
                    String topic = wish.substring(1);
                    switch (wish.charAt(0)) {
                        case '+' -> {
                            mine.computeIfAbsent(topic, name -> topics.subscribe(socket, name));
                            await(socket.send("you hear " + topic));
                        }
                        case '-' -> {
                            Topics.Subscription left = mine.remove(topic);
                            if (left != null) {
                                left.close();
                            }
                            await(socket.send("you hear no " + topic));
                        }
                        case '?' ->
                            await(socket.send("missed "
                                    + mine.values().stream()
                                            .mapToLong(Topics.Subscription::missed)
                                            .sum()));
                        default -> {
                            String[] parts = wish.split(" ", 2);
                            await(topics.publish(parts[0], parts[1]));
                        }
                    }
                }
            } finally {
                mine.values().forEach(Topics.Subscription::close);
            }
        });
    }

    private static Future<String> ask(WebSocket socket, String wish) {
        return async(() -> {
            await(socket.send(wish));
            return await(hear(socket));
        });
    }

    private static Future<String> hear(WebSocket socket) {
        return async(() -> ((Message.Text) await(socket.receive())).text());
    }

    @Test
    void whoHearsATopicAndWhoDoesNot() throws Exception {
        List<String> heard = new ArrayList<>();
        Latent.blockOn(timeout(Duration.ofSeconds(20), async(() -> {
            try (var server = await(WebServer.at("127.0.0.1", 0)
                            .webSocket("/", this::serve)
                            .bind());
                    var _ = spawn(server.serve())) {
                var uri = URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/");
                try (var ada = await(WebSocket.connect(uri));
                        var bob = await(WebSocket.connect(uri))) {
                    heard.add(await(ask(ada, "+tea")));
                    heard.add(await(ask(ada, "+rum")));
                    heard.add(await(ask(bob, "+tea")));
                    await(bob.send("rum overproof"));
                    heard.add(await(hear(ada)));
                    heard.add(await(ask(bob, "tea assam")));
                    heard.add(await(hear(ada)));
                    heard.add(await(ask(ada, "-tea")));
                    heard.add(await(ask(bob, "tea darjeeling")));
                    heard.add(await(ask(ada, "?")));
                    assertEquals(2, topics.topics.size());
                }
                await(server.drain(Duration.ofSeconds(5)));
            }
        })));
        assertEquals(
                List.of(
                        "you hear tea",
                        "you hear rum",
                        "you hear tea",
                        "rum: overproof",
                        "tea: assam",
                        "tea: assam",
                        "you hear no tea",
                        "tea: darjeeling",
                        "missed 0"),
                heard);
        assertEquals(0, topics.topics.size());
    }
}
