package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncRunnable;
import dev.latent.Future;
import dev.latent.io.FileInfo;
import dev.latent.io.TcpListener;
import dev.latent.io.spi.FileInMemory;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.stream.AsyncStream;
import dev.latent.web.http.Response;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.VirtualClock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who sends a byte now and then, or takes one, is given up, in virtual time. */
@Timeout(60)
class PaceTest {
    private static final byte[] KILO = new byte[1024];

    private final List<String> reported = new ArrayList<>();

    private void run(AsyncRunnable body) throws Exception {
        try (LocalExecutor executor = LocalExecutor.builder()
                .world(Latent.system()
                        .with(Clock.class, new VirtualClock())
                        .with(FailureHandler.class, (where, failure) -> reported.add(where + ": " + failure)))
                .build()) {
            executor.blockOn(async(body));
        }
        assertEquals(List.of(), reported);
    }

    private static WebServerBuilder builder() {
        return WebServer.at("127.0.0.1", 0)
                .requestTimeout(Duration.ofSeconds(10))
                .minRate(100)
                .maxBody(1 << 20)
                .post(
                        "/count",
                        request ->
                                async(() -> Response.text(await(request.body().bytes()).length + " bytes")))
                .get(
                        "/slow",
                        request -> async(() -> {
                            return Response.stream("text/plain", AsyncStream.generate(out -> {
                                for (int i = 0; i < 3; i++) {
                                    await(sleep(Duration.ofHours(1))); // the server's own time
                                    await(out.emit(ByteBuffer.wrap(KILO)));
                                }
                            }));
                        }))
                .get(
                        "/pieces",
                        request -> async(() -> Response.stream("text/plain", AsyncStream.generate(out -> {
                            while (true) {
                                await(out.emit(ByteBuffer.wrap(KILO.clone())));
                            }
                        }))))
                .get(
                        "/file",
                        request -> async(() -> Response.file(
                                "text/plain",
                                new FileInMemory(
                                        new FileInfo(Path.of("f"), FileInfo.Kind.FILE, 1 << 20, Instant.EPOCH),
                                        new byte[1 << 20]),
                                0,
                                1 << 20)));
    }

    /** {@return for how many seconds the server has had patience with {@code peer}, to which {@code each} happens each second} */
    private static Future<Long> seconds(WebServerBuilder builder, Valve peer, Runnable each) {
        return async(() -> {
            TcpListener listener = await(TcpListener.bind("127.0.0.1", 0));
            WebServer server = new WebServer(listener, builder.config());
            var connection = spawn(ServerConnection.run(new ServerConnection(server, peer)));
            Clock clock = context().capability(Clock.class);
            long start = clock.nanoTime();
            while (!connection.isFinished()
                    && clock.nanoTime() - start < Duration.ofDays(1).toNanos()) {
                each.run();
                await(sleep(Duration.ofSeconds(1)));
            }
            long took = Duration.ofNanos(clock.nanoTime() - start).toSeconds();
            await(connection.cancel());
            await(listener.closeAsync());
            return took;
        });
    }

    private static Valve asking(String head) {
        return asking(head, Valve.ALL);
    }

    private static Valve asking(String head, int room) {
        Valve peer = new Valve(room);
        peer.say((head + "\r\nHost: h\r\n\r\n").getBytes(ISO_8859_1));
        return peer;
    }

    @Test
    void aBodyThatComesByteByByte() throws Exception {
        run(() -> {
            Valve peer = asking("POST /count HTTP/1.1\r\nContent-Length: 100000");
            long took = await(seconds(builder(), peer, () -> peer.say(new byte[] {'x'})));
            assertTrue(peer.taken.toString(ISO_8859_1).startsWith("HTTP/1.1 408 "), peer.taken.toString(ISO_8859_1));
            assertTrue(took >= 10 && took <= 25, took + " s, of which 10 are for the answer to be read");
        });
    }

    @Test
    void aBodyThatComesInTimeIsTakenHoweverLongItIs() throws Exception {
        run(() -> {
            Valve peer = asking("POST /count HTTP/1.1\r\nConnection: close\r\nContent-Length: 200000");
            int[] sent = {0};
            long took = await(seconds(builder(), peer, () -> {
                if (sent[0] < 200_000) {
                    peer.say(new byte[200]);
                    sent[0] += 200;
                } else {
                    peer.leave();
                }
            }));
            assertTrue(peer.taken.toString(ISO_8859_1).endsWith("200000 bytes"), peer.taken.toString(ISO_8859_1));
            assertTrue(took >= 999, took + " s");
        });
    }

    @Test
    void whoWantsNoPaceHasNone() throws Exception {
        run(() -> {
            Valve peer = asking("POST /count HTTP/1.1\r\nConnection: close\r\nContent-Length: 100");
            int[] sent = {0};
            await(seconds(builder().minRate(0), peer, () -> {
                if (sent[0]++ < 100) {
                    peer.say(new byte[] {'x'});
                } else {
                    peer.leave();
                }
            }));
            assertTrue(peer.taken.toString(ISO_8859_1).endsWith("100 bytes"), peer.taken.toString(ISO_8859_1));
        });
    }

    /** Each piece of a kilobyte goes out within the write timeout, so that that alone would never end it. */
    @Test
    void aReaderOfFiftyBytesASecond() throws Exception {
        for (String path : new String[] {"/pieces", "/file"}) {
            run(() -> {
                Valve peer = asking("GET " + path + " HTTP/1.1", 0);
                long took = await(seconds(builder().writeTimeout(Duration.ofSeconds(30)), peer, () -> peer.open(50)));
                assertTrue(took >= 30 && took <= 65, path + ": " + took + " s"); // 30 + t/2
            });
        }
    }

    @Test
    void aReaderWhoIsFastEnough() throws Exception {
        run(() -> {
            Valve peer = asking("GET /pieces HTTP/1.1", 0);
            assertEquals(
                    Duration.ofDays(1).toSeconds(),
                    await(seconds(builder().writeTimeout(Duration.ofSeconds(30)), peer, () -> peer.open(150))));
        });
    }

    /** What the handler takes its time for is not the client's. */
    @Test
    void aSlowStreamIsNoSlowReader() throws Exception {
        run(() -> {
            Valve peer = asking("GET /slow HTTP/1.1\r\nConnection: close");
            await(seconds(builder(), peer, () -> {
                if (peer.taken.size() > 3 * KILO.length) {
                    peer.leave();
                }
            }));
            assertFalse(peer.taken.size() < 3 * KILO.length, peer.taken.size() + " bytes");
            assertTrue(peer.taken.toString(ISO_8859_1).endsWith("0\r\n\r\n"));
        });
    }
}
