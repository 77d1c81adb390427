package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.settle;
import static dev.latent.Async.sleep;
import static dev.latent.Async.spawn;
import static dev.latent.Async.spawnBlocking;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Outcome;
import dev.latent.examples.chat.Bus;
import dev.latent.examples.chat.Event;
import dev.latent.runtime.Latent;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every bus has to keep, against real servers. */
@Timeout(120)
class BusTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MANY = 300;

    private static Future<List<Bus.Entry>> read(Bus bus, long after, int count) {
        return bus.from(after).take(count).toList();
    }

    /** One publishes after the other, as a node does for a connection; two do it at the same time. */
    private static Future<Void> publish(Bus bus, String who, int count) {
        return async(() -> {
            for (int i = 0; i < count; i++) {
                await(bus.publish(new Event.Beat(who + " " + i, "")));
            }
        });
    }

    private static List<String> of(List<Bus.Entry> entries, String who) {
        return entries.stream()
                .map(entry -> ((Event.Beat) entry.event()).node())
                .filter(name -> name.startsWith(who + " "))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "redis", "nats"})
    void allReadAllInOneOrderFromAnyNumberOn(String kind) throws Exception {
        try (var server = Servers.start(kind)) {
            Latent.blockOn(timeout(LIMIT, async(() -> {
                try (Bus one = await(new Kit().bus(server.url()));
                        Bus two = await(new Kit().bus(server.url()))) {
                    assertEquals(one.name(), two.name());
                    assertTrue(one.isShared());
                    assertEquals(0, await(one.end()));
                    List<Bus.Entry> live;
                    try (var reading = spawn(read(two, 0, 2 * MANY))) {
                        await(join(publish(one, "a", MANY), publish(two, "b", MANY)));
                        live = await(reading);
                    }
                    List<String> expected = new ArrayList<>();
                    for (int i = 0; i < MANY; i++) {
                        expected.add("a " + i);
                    }
                    assertEquals(expected, of(live, "a"));
                    assertEquals(MANY, of(live, "b").size());
                    for (int i = 1; i < live.size(); i++) {
                        assertTrue(live.get(i - 1).number() < live.get(i).number());
                    }
                    assertEquals(live.getLast().number(), await(one.end()));
                    // Another time, from another place, by the other: the same.
                    assertEquals(live, await(read(one, 0, 2 * MANY)));
                    long half = live.get(MANY - 1).number();
                    assertEquals(live.subList(MANY, 2 * MANY), await(read(one, half, MANY)));
                }
            })));
        }
    }

    /** Redis is stopped and started again: what is published meanwhile is refused in time, and the same bus goes on. */
    @Test
    void aBusThatIsLostComesBack() throws Exception {
        int port = Servers.freePort();
        var server = Servers.redis(port);
        try {
            Latent.blockOn(timeout(LIMIT, async(() -> {
                try (Bus bus = await(new Kit().bus(server.url()))) {
                    await(publish(bus, "a", 3));
                    await(spawnBlocking(() -> {
                        server.close();
                        return null;
                    }));
                    Outcome<Void> outcome =
                            await(timeout(Duration.ofSeconds(5), settle(bus.publish(new Event.Beat("lost", "")))));
                    assertInstanceOf(
                            IOException.class,
                            assertInstanceOf(Outcome.Failed.class, outcome).cause());
                    try (var _ = await(spawnBlocking(() -> Servers.redis(port)))) {
                        while (await(settle(publish(bus, "b", 1))) instanceof Outcome.Failed<Void>) {
                            await(sleep(Duration.ofMillis(100)));
                        }
                        assertEquals(1, of(await(read(bus, 0, 1)), "b").size());
                    }
                }
            })));
        } finally {
            server.close();
        }
    }

    @Test
    void whereNobodyAnswersThatIsSaidWithThePlace() throws Exception {
        int port = Servers.freePort();
        for (String scheme : List.of("redis", "nats", "kafka")) {
            String url = scheme + "://" + (scheme.equals("kafka") ? "" : ":secret@") + "127.0.0.1:" + port;
            var failure = assertThrows(
                    IOException.class,
                    () -> Latent.blockOn(timeout(LIMIT, async(() -> {
                        try (var bus = await(new Kit().bus(url))) {
                            await(bus.end());
                        }
                    }))));
            assertTrue(failure.getMessage().contains("127.0.0.1:" + port), failure.getMessage());
            assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
            assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kafka:",
                "kafka://",
                "kafka://host",
                "amqp://ada:secret@host:1",
                "nats:host",
                "redis://",
                "kafka://ada:secret@host:1"
            })
    void whatIsNoBusIsRefused(String url) {
        var failure = assertThrows(IllegalArgumentException.class, () -> new Kit().bus(url));
        assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
    }

    /** As the command line tells it. */
    @ParameterizedTest
    @ValueSource(strings = {"kafka", "redis", "nats"})
    void whatItIsToldOfIsWhereItIs(String kind) throws Exception {
        try (var server = Servers.start(kind)) {
            Latent.blockOn(timeout(LIMIT, async(() -> {
                try (Bus bus = await(new Kit().bus(server.url()))) {
                    assertEquals(server.url(), bus.toString());
                }
            })));
        }
    }

    @Test
    void whatRedisHasLetGoOfIsToldToWhoHasNotReadIt() throws Exception {
        try (var server = Servers.start("redis")) {
            Latent.blockOn(timeout(LIMIT, async(() -> {
                try (Bus bus = await(new Kit().bus(server.url()));
                        RedisClient client = RedisClient.create(server.url());
                        var redis = client.connect()) {
                    await(publish(bus, "a", 10));
                    await(Futures.observe(redis.async().xtrim("latent:chat", false, 4)));
                    assertEquals(7, await(read(bus, 6, 1)).getFirst().number());
                    Outcome<List<Bus.Entry>> outcome = await(settle(read(bus, 2, 1)));
                    var letGo = assertInstanceOf(
                            Bus.LetGo.class,
                            assertInstanceOf(Outcome.Failed.class, outcome).cause());
                    assertEquals(7, letGo.first());
                    assertEquals("the bus has let go of 4 events that were not read yet", letGo.getMessage());
                }
            })));
        }
    }

    private static List<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(each -> each.contains(name))
                .toList();
    }

    @Test
    void whoGivesUpWhileKafkaIsLookedForLeavesNothingBehind() throws Exception {
        int port = Servers.freePort();
        Latent.blockOn(timeout(LIMIT, async(() -> {
            var opening = spawn(new Kit().bus("kafka://127.0.0.1:" + port));
            while (threads("kafka-admin-client").isEmpty()) {
                await(sleep(Duration.ofMillis(10)));
            }
            await(opening.cancel());
            while (!threads("kafka-admin-client").isEmpty()) {
                await(sleep(Duration.ofMillis(10)));
            }
        })));
    }

    @Test
    void aBrokerWhosePortIsTakenLeavesNothingBehind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int before = Thread.activeCount();
            var failure = assertThrows(IOException.class, () -> KafkaBroker.start(taken.getLocalPort()));
            assertTrue(failure.getMessage().startsWith("Kafka did not start: "), failure.getMessage());
            Latent.blockOn(timeout(LIMIT, async(() -> {
                while (!threads("quorum-controller").isEmpty()
                        || !threads("raft").isEmpty()) {
                    await(sleep(Duration.ofMillis(10)));
                }
            })));
            System.out.println(before + " threads before, " + Thread.activeCount() + " behind");
        }
    }
}
