package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.select;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static dev.latent.Async.yieldNow;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.runtime.Latent;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.world.FailureHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything may end after any step: the peer, the handler, the server. Nothing is left then, and nobody waits. */
@Timeout(120)
class StepsTest {
    private static final int HELD = 1 << 20;
    private static final Duration SOON = Duration.ofSeconds(15);

    private static WebServerBuilder builder(WebSocketHandler handler) {
        return WebServer.at("127.0.0.1", 0)
                .webSocket("/ws", handler)
                .maxHeld(HELD)
                .limits(new WebSocketLimits(1 << 20, 1 << 20, Duration.ofSeconds(1)))
                .requestTimeout(Duration.ofSeconds(2))
                .resources("/", name -> new ByteArrayInputStream(new byte[100_000]));
    }

    /** All that is sent is a request for a file, a handshake, a fragmented message with a ping inside, and a close. */
    private static byte[] visit() {
        return Bytes.concat(
                "GET /file HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1),
                (Raw.upgrade("h") + "\r\n").getBytes(ISO_8859_1),
                Bytes.frame(0x01, new byte[5]),
                Bytes.frame(0x89, new byte[3]),
                Bytes.frame(0x80, new byte[200]),
                Bytes.frame(0x88, Bytes.hex("03e8")));
    }

    /** A peer that stops after each byte, by leaving or by a reset. */
    @Test
    void thePeerStopsAfterEachByte() throws Exception {
        byte[] all = visit();
        for (boolean resets : new boolean[] {false, true}) {
            List<String> reported = Raw.with(Latent.system(), builder(Raw::echo), server -> {
                int port = server.localAddress().getPort();
                await(dev.latent.Async.spawnBlocking(() -> {
                    for (int n = 0; n <= all.length; n++) {
                        try (Socket socket = new Socket("127.0.0.1", port)) {
                            socket.setSoTimeout(10_000);
                            socket.getOutputStream().write(all, 0, n);
                            if (resets) {
                                socket.setSoLinger(true, 0);
                            } else {
                                socket.shutdownOutput();
                                socket.getInputStream().readAllBytes();
                            }
                        } catch (java.net.SocketException e) {
                            // reset by the server: it does not say goodbye to those who left without a word
                        }
                    }
                    return 0;
                }));
                await(timeout(SOON, Raw.untilOnly(server, 0)));
                assertEquals(HELD, server.config().budget().left());
            });
            assertEquals(List.of(), reported);
        }
    }

    private static Future<Void> steps(int n) {
        return async(() -> {
            for (int i = 0; i < n; i++) {
                await(yieldNow());
            }
        });
    }

    private static Future<Void> client(WebServer server, long seed) {
        return async(() -> {
            SplittableRandom random = new SplittableRandom(seed);
            URI uri = URI.create("ws://127.0.0.1:" + server.localAddress().getPort() + "/ws");
            try (var socket = await(timeout(SOON, WebSocket.connect(uri)))) {
                while (true) {
                    Future<Void> sending = socket.send(new byte[random.nextInt(20_000)]);
                    await(select(sending, steps(random.nextInt(50))));
                    await(select(socket.receive(), steps(random.nextInt(50))));
                    if (random.nextInt(10) == 0) {
                        await(timeout(SOON, socket.close(4000, "")));
                    }
                }
            } catch (IOException e) {
                // it was its, or the server's, time to end
            }
        });
    }

    /** A handler that drops its receives and sends half-way, and at times itself. */
    private static Future<Void> careless(WebSocket socket, SplittableRandom random) {
        return async(() -> {
            while (random.nextInt(100) != 0) {
                await(select(socket.receive(), steps(random.nextInt(20))));
                await(select(socket.send("x".repeat(random.nextInt(20_000))), steps(random.nextInt(20))));
                if (random.nextInt(20) == 0) {
                    await(select(socket.ping(), steps(random.nextInt(3))));
                }
            }
            if (random.nextBoolean()) {
                throw new StackOverflowError("on purpose");
            }
        });
    }

    /** On two workers, the server ends at some time in one of all ways. */
    @Test
    void theServerEndsAtAnyTime() throws Exception {
        long seed = Long.getLong("latent.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        List<String> reported = new CopyOnWriteArrayList<>();
        FailureHandler reports = (where, failure) -> {
            if (!(failure instanceof StackOverflowError)) {
                reported.add(where + ": " + failure);
            }
        };
        for (int round = 0; round < Integer.getInteger("latent.rounds", 60); round++) {
            int way = round % 5;
            int after = random.nextInt(3000);
            String what = "seed " + seed + ", round " + round + ", way " + way + ", after " + after + " steps";
            WorkStealingExecutor pool = WorkStealingExecutor.builder()
                    .threads(2)
                    .world(Latent.system().with(FailureHandler.class, reports))
                    .build();
            try (pool) {
                SplittableRandom handlers = random.split();
                pool.blockOn(timeout(Duration.ofSeconds(30), async(() -> {
                    var server = await(builder(socket -> {
                                SplittableRandom own;
                                synchronized (handlers) {
                                    own = handlers.split();
                                }
                                return careless(socket, own);
                            })
                            .bind());
                    JoinHandle<Void> serving = spawn(server.serve());
                    List<JoinHandle<Void>> clients = new ArrayList<>();
                    for (int i = 0; i < 6; i++) {
                        clients.add(spawn(client(server, seed + i)));
                    }
                    await(steps(after));
                    switch (way) {
                        case 0 -> await(serving.cancel());
                        case 1 -> server.close();
                        case 2 -> await(server.closeAsync());
                        case 3 -> await(server.drain(Duration.ofSeconds(5)));
                        default -> {
                            var draining = spawn(server.drain(Duration.ofMillis(1)));
                            await(steps(3));
                            await(draining.cancel());
                            await(server.closeAsync());
                        }
                    }
                    if (way != 0) {
                        await(serving);
                    }
                    assertEquals(0, server.connections(), what);
                    assertEquals(HELD, server.config().budget().left(), what);
                    await(server.closeAsync());
                    for (var each : clients) {
                        await(each);
                    }
                })));
            } catch (Throwable t) {
                throw new AssertionError(what + ", " + reported, t);
            }
            assertEquals(List.of(), reported, what);
        }
    }
}
