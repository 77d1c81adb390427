package dev.latent.web.clients;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import dev.latent.web.Message;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketClient;
import dev.latent.web.WebSocketClosed;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * All of Autobahn's cases against a server and a client of ours, those of compression too; {@code -Dlatent.autobahn=1000} sends as many messages in each of these as Autobahn does,
 * which takes some minutes.
 */
@Timeout(1_000)
class AutobahnTest {
    private static final int MESSAGES = Integer.getInteger("latent.autobahn", 25);
    private static final int CASES = 517;
    private static final int AT_ONCE = 4;

    @Test
    void theServerAnswersEveryCase() throws Exception {
        try (Service service = Service.start();
                Program autobahn = Program.python(
                        "autobahn.py",
                        "client",
                        "ws://127.0.0.1:" + service.port() + "/echo",
                        AT_ONCE,
                        MESSAGES,
                        "*")) {
            check(autobahn.facts());
        }
    }

    /** A server that answers other bytes: were that not found, the other tests would say nothing. */
    @Test
    void aServerThatLiesIsFound() throws Exception {
        try (Service service = Service.start();
                Program autobahn = Program.python(
                        "autobahn.py",
                        "client",
                        "ws://127.0.0.1:" + service.port() + "/lie",
                        AT_ONCE,
                        MESSAGES,
                        "1.1.2",
                        "12.1.4",
                        "12.2.4",
                        "12.4.1",
                        "13.3.4")) {
            Map<String, String> found = autobahn.facts();
            assertEquals(5, found.size());
            assertTrue(found.values().stream().allMatch(result -> result.startsWith("FAILED")), found.toString());
        }
    }

    @Test
    void theClientAnswersEveryCase() throws Exception {
        try (Program autobahn = Program.python("autobahn.py", "server", MESSAGES, "*")) {
            String server = "ws://127.0.0.1:" + autobahn.next("port");
            Latent.blockOn(async(() -> {
                int cases;
                try (WebSocket socket = await(client(server + "/getCaseCount").connect())) {
                    cases = Integer.parseInt(((Message.Text) await(socket.receive())).text());
                }
                await(AsyncStream.from(IntStream.rangeClosed(1, cases).iterator())
                        .forEachConcurrent(
                                AT_ONCE, i -> await(answered(client(server + "/runCase?agent=latent&case=" + i)))));
                await(answered(client(server + "/updateReports?agent=latent")));
            }));
            check(autobahn.facts());
        }
    }

    private static WebSocketClient client(String uri) {
        return WebSocketClient.to(URI.create(uri)).limits(Service.LIMITS).compression(Service.COMPRESSION);
    }

    private static Future<Void> answered(WebSocketClient client) {
        return async(() -> {
            try (WebSocket socket = await(client.connect())) {
                while (true) {
                    switch (await(socket.receive())) {
                        case Message.Text(var text) -> await(socket.send(text));
                        case Message.Binary(var bytes) -> await(socket.send(bytes));
                    }
                }
            } catch (WebSocketClosed e) {
                // the case has ended
            }
        });
    }

    private static void check(Map<String, String> results) {
        Map<String, String> bad = new TreeMap<>(results);
        bad.values().removeIf(result -> result.matches("(OK|NON-STRICT|INFORMATIONAL) (OK|INFORMATIONAL)"));
        assertEquals(Map.of(), bad);
        assertEquals(CASES, results.size());
    }
}
