package keyvalue;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncConsumer;
import dev.latent.Future;
import dev.latent.io.Io;
import dev.latent.io.Shutdown;
import dev.latent.junit.AsyncTest;
import dev.latent.junit.TestClock;
import java.util.ArrayList;
import java.util.List;

/** Sessions over connections in memory, in virtual time. */
class SessionTest {
    private Server server = new Server(Limits.DEFAULT);
    private Shutdown.Report report;

    /** Runs {@code test}, then asks for the end. */
    private Future<Void> serving(AsyncConsumer<Shutdown> test) {
        return async(() -> {
            report = await(Shutdown.on().within(ofSeconds(5)).run(stop -> {
                test.accept(stop);
                stop.ask("the test is over");
            }));
        });
    }

    private Client connect(Shutdown stop, String name) {
        return connect(stop, name, 16 * 1024);
    }

    private Client connect(Shutdown stop, String name, int bytesOnTheWay) {
        var ends = Io.duplex(bytesOnTheWay);
        stop.spawn(name, server.session(ends.second(), stop));
        return new Client(ends.first());
    }

    @AsyncTest
    Future<Void> commandsAreAnsweredInTheirOrder() {
        return serving(stop -> {
            try (var ann = connect(stop, "ann")) {
                await(ann.talks(
                        "GET name",
                        "NONE",
                        "SET name Ada  Lovelace ",
                        "OK",
                        "get name",
                        "TEXT Ada  Lovelace ",
                        "INCR name",
                        "ERROR not a number that has a next one",
                        "INCR visits",
                        "INT 1",
                        "INCR visits",
                        "INT 2",
                        "GET visits",
                        "TEXT 2",
                        "SET visits " + Long.MAX_VALUE,
                        "OK",
                        "INCR visits",
                        "ERROR not a number that has a next one",
                        "DEL visits",
                        "INT 1",
                        "DEL visits",
                        "INT 0",
                        "PING",
                        "PONG",
                        "SET empty ",
                        "OK",
                        "GET empty",
                        "TEXT ",
                        "QUIT",
                        "BYE"));
                assertEquals("the end", await(ann.hears()));
            }
        });
    }

    @AsyncTest
    Future<Void> manyAtOnceAreAnsweredAllTheSame() {
        return serving(stop -> {
            try (var ann = connect(stop, "ann")) {
                await(ann.says("INCR n\n".repeat(500) + "QUIT\nINCR n\n"));
                for (int i = 1; i <= 500; i++) {
                    assertEquals("INT " + i, await(ann.hears()));
                }
                assertEquals("BYE", await(ann.hears()));
                assertEquals("500", server.store.get("n", 0));
            }
        });
    }

    @AsyncTest
    Future<Void> aKeyEndsInTime() {
        return serving(stop -> {
            try (var ann = connect(stop, "ann")) {
                await(ann.talks(
                        "EXPIRE k 10", "INT 0",
                        "TTL k", "NONE",
                        "SET k 1", "OK",
                        "TTL k", "INT -1",
                        "EXPIRE k 10", "INT 1",
                        "TTL k", "INT 10"));
                await(sleep(ofMillis(9_001)));
                await(ann.talks("TTL k", "INT 1", "INCR k", "INT 2"));
                await(sleep(ofMillis(998)));
                await(ann.talks("GET k", "TEXT 2"));
                await(sleep(ofMillis(1)));
                await(ann.talks("GET k", "NONE", "INCR k", "INT 1", "TTL k", "INT -1"));
                await(ann.talks("EXPIRE k 5", "INT 1", "SET k again", "OK"));
                await(sleep(ofSeconds(6)));
                await(ann.talks("GET k", "TEXT again", "EXPIRE k 0", "INT 1", "GET k", "NONE"));
            }
        });
    }

    @AsyncTest
    Future<Void> whatIsSweptWasOver(TestClock clock) {
        return serving(stop -> {
            server.store.set("stays", "1");
            for (int i = 0; i < 1_000; i++) {
                server.store.set("goes " + i, "1");
                server.store.expire("goes " + i, 10, clock.nanoTime());
            }
            await(sleep(ofSeconds(9)));
            server.store.sweep(clock.nanoTime());
            assertEquals(1_001, server.store.size());
            await(sleep(ofSeconds(1)));
            server.store.sweep(clock.nanoTime());
            assertEquals(1, server.store.size());
        });
    }

    @AsyncTest
    Future<Void> messagesReachThoseWhoListen() {
        return serving(stop -> {
            try (var ann = connect(stop, "ann");
                    var bob = connect(stop, "bob")) {
                await(ann.talks("PUBLISH news nobody hears", "INT 0", "SUBSCRIBE news", "OK", "SUBSCRIBE news", "OK"));
                await(bob.talks("PUBLISH news a b  c", "INT 1"));
                assertEquals("MESSAGE news a b  c", await(ann.hears()));
                await(ann.talks("UNSUBSCRIBE news", "OK"));
                await(bob.talks("PUBLISH news gone", "INT 0", "SUBSCRIBE news", "OK"));
                await(bob.says("PUBLISH news to myself\n"));
                assertEquals("MESSAGE news to myself", await(bob.hears()));
                assertEquals("INT 1", await(bob.hears()));
            }
            await(sleep(ofSeconds(1)));
            assertEquals(0, server.topics.size(), "who has gone listens no more");
        });
    }

    @AsyncTest
    Future<Void> whoListensTooSlowlyIsClosed() {
        server = new Server(Limits.DEFAULT.queued(10));
        return serving(stop -> {
            try (var mute = connect(stop, "mute", 64);
                    var quick = connect(stop, "quick");
                    var ann = connect(stop, "ann")) {
                await(mute.talks("SUBSCRIBE t", "OK"));
                await(quick.talks("SUBSCRIBE t", "OK"));
                int told = 2;
                int n = 0;
                for (; told == 2; n++) {
                    assertTrue(n < 100, "nobody is that slow");
                    told = Integer.parseInt(await(ann.asks("PUBLISH t " + n)).substring(4));
                    assertEquals("MESSAGE t " + n, await(quick.hears()));
                }
                await(ann.talks("PUBLISH t next", "INT 1"));
                assertEquals("MESSAGE t next", await(quick.hears()));
                int heard = 0;
                while (!await(mute.hears()).equals("the end")) {
                    heard++;
                }
                assertTrue(heard > 0 && heard < n, heard + " of " + n);
            }
        });
    }

    @AsyncTest
    Future<Void> orMissesSomeAndIsToldHowMany() {
        server = new Server(Limits.DEFAULT.queued(10).slow(Limits.Slow.MISS));
        return serving(stop -> {
            try (var mute = connect(stop, "mute", 64);
                    var ann = connect(stop, "ann")) {
                await(mute.talks("SUBSCRIBE t", "OK"));
                for (int i = 0; i < 100; i++) {
                    await(ann.asks("PUBLISH t " + i));
                }
                int heard = 0;
                int missed = 0;
                int expected = 0;
                while (heard + missed < 100) {
                    String line = await(mute.hears());
                    if (line.startsWith("MISSED ")) {
                        int more = Integer.parseInt(line.substring(7));
                        missed += more;
                        expected += more;
                    } else {
                        assertEquals("MESSAGE t " + expected++, line);
                        heard++;
                    }
                }
                assertTrue(missed > 50, "missed " + missed);
                await(mute.talks("PING", "PONG"));
            }
        });
    }

    @AsyncTest
    Future<Void> nonsenseIsAnsweredAndHoldsNobodyUp() {
        return serving(stop -> {
            try (var ann = connect(stop, "ann")) {
                await(ann.talks(
                        "", "ERROR no such command",
                        "NONSENSE", "ERROR no such command",
                        "GET", "ERROR GET key",
                        "GET  a", "ERROR two spaces",
                        "GET a b", "ERROR GET key",
                        "SET a", "ERROR SET key text",
                        "EXPIRE a -1", "ERROR seconds from 0 to " + Command.MAX_SECONDS,
                        "EXPIRE a 99999999999999999999", "ERROR seconds from 0 to " + Command.MAX_SECONDS,
                        "\u0000\u0001", "ERROR no such command",
                        "PING\r", "PONG"));
                for (int i = 0; i < Limits.DEFAULT.subscriptions(); i++) {
                    await(ann.talks("SUBSCRIBE " + i, "OK"));
                }
                await(ann.talks("SUBSCRIBE more", "ERROR no more than 100 subscriptions", "SUBSCRIBE 7", "OK"));
            }
        });
    }

    @AsyncTest
    Future<Void> aLineWithoutAnEndIsGivenUp() {
        return serving(stop -> {
            try (var ann = connect(stop, "ann")) {
                await(ann.says("GET " + "x".repeat(Limits.DEFAULT.lineBytes())));
                assertEquals("ERROR a line has at most 8192 bytes", await(ann.hears()));
                assertEquals("the end", await(ann.hears()));
            }
        });
    }

    @AsyncTest
    Future<Void> whoSaysNothingIsGivenUpUnlessTheyListen(TestClock clock) {
        return serving(stop -> {
            try (var ann = connect(stop, "ann");
                    var bob = connect(stop, "bob")) {
                await(bob.talks("SUBSCRIBE news", "OK"));
                await(bob.says("PI"));
                await(ann.says("half a li"));
                assertEquals("ERROR nothing was said for too long", await(ann.hears()));
                assertEquals(Limits.DEFAULT.idle(), clock.elapsed());
                await(sleep(Limits.DEFAULT.idle()));
                await(bob.talks("NG", "PONG"));
            }
        });
    }

    @AsyncTest
    Future<Void> theEndIsToldAndWhatWasAskedIsAnswered() {
        return async(() -> {
            List<Client> clients = new ArrayList<>();
            await(serving(stop -> {
                for (int i = 0; i < 10; i++) {
                    clients.add(connect(stop, "client " + i));
                }
                for (Client client : clients) {
                    await(client.talks("INCR n", "INT " + (clients.indexOf(client) + 1)));
                }
            }));
            for (Client client : clients) {
                assertEquals("BYE the server stops", await(client.hears()));
                assertEquals("the end", await(client.hears()));
                client.close();
            }
            assertTrue(report.isClean(), report.toString());
        });
    }

    @AsyncTest
    Future<Void> whoTakesNothingInIsNamed() {
        return async(() -> {
            await(serving(stop -> {
                var mute = connect(stop, "mute", 16);
                await(mute.says("GET some\n".repeat(100)));
            }));
            assertEquals("the test is over: dropped as the time was over: mute", report.toString());
        });
    }
}
