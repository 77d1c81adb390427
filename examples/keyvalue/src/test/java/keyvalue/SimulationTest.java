package keyvalue;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.join;
import static dev.latent.Async.sleep;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.io.Io;
import dev.latent.io.Shutdown;
import dev.latent.junit.AsyncTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Many clients under many seeds; some of them go away in the middle. */
class SimulationTest {
    private static final int CLIENTS = 20;
    private static final int ROUNDS = 20;

    /** An increment: when it was asked for, when it was answered, in the order of all of these, and its number. */
    private record Counted(int asked, int answered, int number) {}

    private final Server server = new Server(Limits.DEFAULT);
    private final List<Counted> history = new ArrayList<>();
    private int moment;
    private int unanswered;

    /** One thread runs the test, so a number each is the order in which things were. */
    @AsyncTest(seed = 1, seeds = 300)
    Future<Void> theCounterIsLinearizable() {
        return async(() -> {
            var report = await(Shutdown.on().within(ofSeconds(5)).run(stop -> {
                await(join(IntStream.range(0, CLIENTS)
                        .mapToObj(i -> counts(stop, i))
                        .toList()));
                stop.ask("the test is over");
            }));
            assertTrue(report.isClean(), report.toString());
            String total = server.store.get("n", 0);
            int counted = Integer.parseInt(total == null ? "0" : total);
            assertTrue(
                    counted >= history.size() && counted <= history.size() + unanswered,
                    counted + " were counted, " + history.size() + " answered, " + unanswered + " not");
            isLinearizable(history);
        });
    }

    private Future<Void> counts(Shutdown stop, int i) {
        return async(() -> {
            RandomGenerator random = context().capability(RandomGenerator.class);
            var ends = Io.duplex(1 + random.nextInt(40));
            stop.spawn("client " + i, server.session(ends.second(), stop));
            try (var client = new Client(ends.first())) {
                for (int round = 0; round < ROUNDS; round++) {
                    await(sleep(Duration.ofMillis(random.nextInt(5))));
                    int asked = moment++;
                    unanswered++;
                    await(client.says("INCR n\n"));
                    if (random.nextInt(100) == 0) {
                        return; // and never hears whether it was counted
                    }
                    int number = Integer.parseInt(await(client.hears()).substring(4));
                    unanswered--;
                    history.add(new Counted(asked, moment++, number));
                }
            }
        });
    }

    /**
     * A counter's history is linearizable when no number was given twice, and what was answered before another was asked for has the smaller number: then the numbers are the order.
     */
    private static void isLinearizable(List<Counted> history) {
        assertEquals(
                history.size(), history.stream().map(Counted::number).distinct().count(), "a number came twice");
        for (Counted one : history) {
            for (Counted other : history) {
                assertTrue(
                        one.answered > other.asked || one.number < other.number,
                        () -> other + " came after " + one + " and has no greater number");
            }
        }
    }

    /** Each listener hears what each speaker said, all of it, in its order. */
    @AsyncTest(seed = 1, seeds = 100)
    Future<Void> messagesComeInTheirOrder() {
        return async(() -> {
            var report = await(Shutdown.on().within(ofSeconds(5)).run(stop -> {
                List<Future<Void>> all = new ArrayList<>();
                List<Client> listeners = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    var ends = Io.duplex(100);
                    stop.spawn("listener " + i, server.session(ends.second(), stop));
                    var listener = new Client(ends.first());
                    await(listener.talks("SUBSCRIBE t", "OK"));
                    listeners.add(listener);
                    all.add(listens(listener));
                }
                for (int i = 0; i < 5; i++) {
                    all.add(speaks(stop, i));
                }
                await(join(all));
                listeners.forEach(Client::close);
                stop.ask("the test is over");
            }));
            assertTrue(report.isClean(), report.toString());
        });
    }

    private static Future<Void> listens(Client listener) {
        return async(() -> {
            int[] next = new int[5];
            for (int i = 0; i < 5 * ROUNDS; i++) {
                String[] said = await(listener.hears()).split(" ");
                int speaker = Integer.parseInt(said[2]);
                assertEquals(next[speaker]++, Integer.parseInt(said[3]));
            }
        });
    }

    private Future<Void> speaks(Shutdown stop, int i) {
        return async(() -> {
            RandomGenerator random = context().capability(RandomGenerator.class);
            var ends = Io.duplex(100);
            stop.spawn("speaker " + i, server.session(ends.second(), stop));
            try (var speaker = new Client(ends.first())) {
                for (int n = 0; n < ROUNDS; n++) {
                    await(sleep(Duration.ofMillis(random.nextInt(5))));
                    await(speaker.talks("PUBLISH t " + i + " " + n, "INT 5"));
                }
            }
        });
    }
}
