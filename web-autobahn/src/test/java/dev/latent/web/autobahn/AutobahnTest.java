package dev.latent.web.autobahn;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.runtime.LocalExecutor;
import dev.latent.web.Compression;
import dev.latent.web.Message;
import dev.latent.web.WebServer;
import dev.latent.web.WebSocket;
import dev.latent.web.WebSocketLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;
import org.junit.jupiter.api.Test;

/**
 * Autobahn's fuzzing client against an echo server of ours, in this JVM by Jython: it is there on every machine. Its runner fails as it ends, so what counts are the
 * reports that it has written. The cases of compression (12, 13) came after it, and the long ones (9) are left out; module {@code web-clients} runs them all, where Python is.
 */
class AutobahnTest {
    private static final Path REPORTS = Path.of("target", "autobahntestsuite-reports");
    private static final Pattern RESULT = Pattern.compile("\"(behavior|behaviorClose|id)\": \"([^\"]*)\"");
    private static final int CASES = 246;
    private static final Set<String> FINE = Set.of("OK", "INFORMATIONAL");

    private static Future<Void> echo(WebSocket socket) {
        return async(() -> {
            while (true) {
                switch (await(socket.receive())) {
                    case Message.Text(var text) -> await(socket.send(text));
                    case Message.Binary(var bytes) -> await(socket.send(bytes));
                }
            }
        });
    }

    @Test
    void everyCaseIsAnsweredAsTheRfcSays() throws Exception {
        CompletableFuture<WebServer> bound = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try (var executor = new LocalExecutor()) {
                executor.blockOn(async(() -> {
                    var server = await(WebServer.at("127.0.0.1", 0)
                            .webSocket("/", AutobahnTest::echo)
                            .origins(_ -> true)
                            .compression(Compression.create())
                            .limits(new WebSocketLimits(1 << 24, 1 << 24, Duration.ofSeconds(1)))
                            .bind());
                    bound.complete(server);
                    await(server.serve());
                }));
            } catch (Throwable t) {
                bound.completeExceptionally(t);
            }
        });
        WebServer server = bound.get();
        String url = "ws://127.0.0.1:" + server.localAddress().getPort();
        try {
            AutobahnTestSuite.runFuzzingClient("latent", url, Map.of("version", 18), List.of("*"), List.of("9.*"));
        } catch (RuntimeException e) {
            System.out.println("Autobahn's runner ended with " + e);
        }
        server.close();
        thread.join();

        Map<String, String> results = new TreeMap<>();
        try (var files = Files.list(REPORTS)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                String json = Files.readString(file);
                Map<String, String> fields = new TreeMap<>();
                for (Matcher m = RESULT.matcher(json); m.find(); ) {
                    fields.putIfAbsent(m.group(1), m.group(2));
                }
                if (fields.containsKey("id")) {
                    results.put(fields.get("id"), fields.get("behavior") + "/" + fields.get("behaviorClose"));
                }
            }
        }
        System.out.println("Autobahn: " + results.size() + " cases");
        Map<String, String> bad = new TreeMap<>(results);
        bad.values().removeIf(v -> FINE.contains(v.split("/")[0]) && FINE.contains(v.split("/")[1]));
        assertEquals(Map.of(), bad);
        assertTrue(results.size() >= CASES, results.size() + " cases were run");
    }
}
