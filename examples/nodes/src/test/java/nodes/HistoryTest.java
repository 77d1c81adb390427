package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawn;
import static dev.latent.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.examples.chat.Bus;
import dev.latent.examples.chat.Event;
import dev.latent.examples.chat.History;
import dev.latent.examples.chat.Said;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was said, in a real database. */
@Timeout(60)
class HistoryTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    /** A log that is written already. */
    private record Written(List<Entry> entries) implements Bus {
        @Override
        public String name() {
            return "log";
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public Future<Void> publish(Event event) {
            throw new IllegalStateException();
        }

        @Override
        public Future<Long> end() {
            return Futures.ready((long) entries.size());
        }

        @Override
        public AsyncStream<Entry> from(long after) {
            return AsyncStream.concat(
                    AsyncStream.from(entries).filter(entry -> entry.number() > after),
                    AsyncStream.from(Futures.<Entry>pending()));
        }

        @Override
        public Future<Void> closeAsync() {
            return Futures.done();
        }

        @Override
        public void close() {}
    }

    private static Event says(String room, String text, String by, int n) {
        String wire =
                "{\"is\":\"says\",\"room\":\"%s\",\"nick\":\"Ada\",\"text\":\"%s\",\"at\":\"5\",\"by\":\"%s\",\"n\":\"%d\"}";
        return Objects.requireNonNull(Event.decode(wire.formatted(room, text, by, n)));
    }

    private static Bus log(Event... events) {
        List<Bus.Entry> entries = new ArrayList<>();
        for (Event event : events) {
            entries.add(new Bus.Entry(entries.size() + 1, event));
        }
        return new Written(entries);
    }

    private static List<String> texts(List<Said> lines) {
        return lines.stream().map(Said::text).toList();
    }

    private Future<History> open() {
        return new Kit().history(folder.resolve("history").toString(), "log");
    }

    @Test
    void aLineThatWasSaidAgainIsKeptOnce() throws Exception {
        Bus log = log(
                says("lobby", "one", "ada", 1),
                says("lobby", "two", "ada", 2),
                says("attic", "else", "eve", 1),
                says("lobby", "two", "ada", 2),
                new Event.Beat("x", ""),
                says("lobby", "three", "ada", 3),
                says("lobby", "two", "bob", 2),
                says("lobby", "unnumbered", "ada", 0),
                says("lobby", "unnumbered", "ada", 0));
        Latent.blockOn(timeout(LIMIT, async(() -> {
            try (History history = await(open());
                    var _ = spawn(history.follow(log))) {
                assertTrue(history.keeps());
                await(history.reached(9));
                assertEquals(9, history.kept());
                List<String> all = List.of("one", "two", "three", "two", "unnumbered", "unnumbered");
                assertEquals(all, texts(await(history.after("lobby", 0, 9, 100))));
                assertEquals(all.subList(2, 4), texts(await(history.after("lobby", 2, 8, 2))));
                assertEquals(all.subList(0, 3), texts(await(history.after("lobby", 0, 6, 100))));
                assertEquals(all.subList(1, 4), texts(await(history.last("lobby", 7, 3))));
                assertEquals(List.of("else"), texts(await(history.last("attic", 9, 3))));
                assertEquals(List.of(), texts(await(history.last("cellar", 9, 3))));
                Said two = await(history.after("lobby", 1, 9, 1)).getFirst();
                assertEquals(new Said(2, "lobby", 5, "Ada", "two", "ada", 2), two);
            }
        })));
    }

    @Test
    void goesOnWhereItWas() throws Exception {
        Event[] events = IntStream.rangeClosed(1, 1_200)
                .mapToObj(i -> says("lobby", "line " + i, "ada", i))
                .toArray(Event[]::new);
        Latent.blockOn(timeout(LIMIT, async(() -> {
            try (History history = await(open());
                    var _ = spawn(history.follow(log(java.util.Arrays.copyOf(events, 700))))) {
                await(history.reached(700));
            }
            try (History history = await(open())) {
                assertEquals(700, history.kept());
                try (var _ = spawn(history.follow(log(events)))) {
                    await(history.reached(1_200));
                    assertEquals(
                            1_200,
                            await(history.after("lobby", 0, 1_200, 10_000)).size());
                }
            }
            // Another log is another matter.
            try (History other =
                    await(new Kit().history(folder.resolve("history").toString(), "other"))) {
                assertEquals(0, other.kept());
                assertEquals(List.of(), await(other.after("lobby", 0, 1_200, 10)));
            }
        })));
    }

    @Test
    void itsOwnFileGoesWithIt() throws Exception {
        Latent.blockOn(timeout(LIMIT, async(() -> {
            long before = temporary();
            try (History history = await(new Kit().history(null, "log"))) {
                assertEquals(before + 1, temporary());
                assertEquals(0, history.kept());
            }
            assertEquals(before, temporary());
        })));
    }

    private static long temporary() throws IOException {
        try (var all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("latent-history"))
                    .count();
        }
    }

    @Test
    void aDatabaseThatDoesNotOpenIsTold() {
        var failure = assertThrows(
                IOException.class,
                () -> Latent.blockOn(timeout(LIMIT, new Kit().history("jdbc:nothing://here", "log"))));
        assertTrue(
                failure.getMessage().startsWith("the database at jdbc:nothing://here does not open"),
                failure.getMessage());
        assertFalse(failure.getMessage().isBlank());
    }
}
