package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.sleep;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.examples.chat.Bus;
import dev.latent.examples.chat.Chat;
import dev.latent.examples.chat.ChatServer;
import dev.latent.examples.chat.Event;
import dev.latent.examples.chat.History;
import dev.latent.runtime.Latent;
import dev.latent.runtime.WorkStealingExecutor;
import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes in one process over a real Kafka, whose answers get lost now and then; one node goes down in the middle. */
@Timeout(120)
class CrowdTest {
    private static final int PEOPLE = 40;
    private static final int LINES = 12;
    private static final double INTERVAL = 0.25;

    /** A bus whose word is not to be relied on: it says that it failed, having taken what it was given or not. */
    private record Doubtful(Bus bus, Random random, int rarely) implements Bus {
        @Override
        public String name() {
            return bus.name();
        }

        @Override
        public boolean isShared() {
            return bus.isShared();
        }

        @Override
        public Future<Void> publish(Event event) {
            return async(() -> {
                if (random.nextInt(rarely) == 0) {
                    throw new IOException("refused");
                }
                await(bus.publish(event));
                if (random.nextInt(rarely) == 0) {
                    throw new IOException("no answer");
                }
            });
        }

        @Override
        public Future<Long> end() {
            return bus.end();
        }

        @Override
        public AsyncStream<Entry> from(long after) {
            return bus.from(after);
        }

        @Override
        public Future<Void> closeAsync() {
            return bus.closeAsync();
        }

        @Override
        public void close() {
            bus.close();
        }
    }

    /** One node: serves until {@code stop}. */
    private static Future<Void> node(
            String id, String url, Random random, CompletableFuture<Void> stop, CompletableFuture<URI> place) {
        return async(() -> {
            Kit kit = new Kit();
            try (Bus bus = new Doubtful(await(kit.bus(url)), random, 25);
                    History history = await(kit.history(null, bus.name()))) {
                await(ChatServer.serve(
                        new Chat(id, bus, history, Duration.ofSeconds(5)),
                        List.of("127.0.0.1"),
                        0,
                        stop,
                        (InetSocketAddress at) ->
                                place.complete(URI.create("ws://127.0.0.1:" + at.getPort() + "/chat"))));
            }
        });
    }

    /** The nodes share that many threads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nobodyMissesAnythingThoughAnswersAreLostAndANodeGoes(int workers) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Crowd[] told = new Crowd[1];
        try (var kafka = Servers.kafka();
                var pool = WorkStealingExecutor.create(workers)) {
            Latent.blockOn(timeout(Duration.ofSeconds(60), async(() -> {
                List<CompletableFuture<URI>> places = new ArrayList<>();
                List<JoinHandle<Void>> nodes = new ArrayList<>();
                CompletableFuture<Void> stop = new CompletableFuture<>();
                for (int i = 0; i < 3; i++) {
                    CompletableFuture<URI> place = new CompletableFuture<>();
                    places.add(place);
                    nodes.add(pool.spawn(node("node-" + i, kafka.url(), random, stop, place)));
                }
                List<URI> servers = new ArrayList<>();
                for (CompletableFuture<URI> place : places) {
                    servers.add(await(Futures.observe(place)));
                }
                Crowd crowd = new Crowd(servers, PEOPLE, LINES, INTERVAL);
                told[0] = crowd;
                await(join(crowd.run(), async(() -> {
                    await(crowd.begun());
                    await(sleep(Duration.ofMillis((long) (LINES * INTERVAL * 500))));
                    await(nodes.getFirst().cancel());
                })));
                stop.complete(null);
                for (JoinHandle<Void> node : nodes.subList(1, 3)) {
                    await(node);
                }
            })));
        } finally {
            Crowd crowd = told[0];
            if (crowd != null) {
                if (crowd.incomplete() > 0) {
                    crowd.timeIsUp();
                }
                System.out.println(
                        "seed " + seed + ": " + crowd.shown + " of " + crowd.expected() + " shown, " + crowd.lost
                                + " lost their node, said again " + crowd.saidAgain + ", heard twice "
                                + crowd.heardTwice + ", told afterwards "
                                + crowd.missed + ", troubles " + crowd.troubles + ", errors " + crowd.errors);
            }
        }
        Crowd crowd = told[0];
        assertEquals(0, crowd.errorCount, () -> "seed " + seed + ": " + crowd.errors);
        assertEquals(crowd.expected(), crowd.shown, () -> "seed " + seed);
        assertEquals(PEOPLE, crowd.served);
        assertTrue(crowd.lost >= PEOPLE / 3, "some were at that node");
        assertTrue(crowd.saidAgain > 0, "some answers were lost");
        assertTrue(told(crowd) > 0, "and some lines were on the bus twice, or told afterwards");
    }

    private static long told(Crowd crowd) {
        return crowd.heardTwice + crowd.missed;
    }
}
