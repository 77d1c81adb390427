package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.settle;
import static dev.latent.Async.spawn;
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
import dev.latent.examples.chat.History;
import dev.latent.examples.chat.Said;
import dev.latent.runtime.Latent;
import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import merge.databases.Embedded;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was said, in real databases: files of H2 and SQLite, PostgreSQL and MariaDB. */
@Timeout(120)
class HistoryTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final AtomicInteger LOGS = new AtomicInteger();
    private static @Nullable Embedded servers;

    @TempDir
    Path folder;

    private final List<String> told = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void startServers() throws Exception {
        servers = Embedded.start(EnumSet.of(Embedded.Which.POSTGRES, Embedded.Which.MARIADB), _ -> {});
    }

    @AfterAll
    static void endServers() {
        if (servers != null) {
            servers.close();
        }
    }

    private static int port(Embedded.Which which) {
        return URI.create(Objects.requireNonNull(servers).url(which)).getPort();
    }

    private static String postgres(int port, String user) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?" + user;
    }

    private static String mariadb(int port, String user) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/latent?" + user;
    }

    private String url(String kind) {
        return switch (kind) {
            case "h2" -> "jdbc:h2:file:" + folder.resolve("history") + ";TRACE_LEVEL_FILE=0";
            case "sqlite" -> "jdbc:sqlite:" + folder.resolve("history.sqlite");
            case "postgres" -> postgres(port(Embedded.Which.POSTGRES), "user=latent");
            default -> mariadb(port(Embedded.Which.MARIADB), "user=latent&password=latent");
        };
    }

    private static String newLog() {
        return "log " + LOGS.incrementAndGet();
    }

    private Future<History> open(String url, String log) {
        return JdbcHistory.open(url, log, null, line -> {
            told.add(line);
            System.out.println(line);
        });
    }

    /** A log that is written already. */
    private static class Written implements Bus {
        private final List<Entry> entries;

        Written(List<Entry> entries) {
            this.entries = entries;
        }

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

    /** As it comes over a bus, so texts are JSON's. */
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

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite", "postgres", "mariadb"})
    void aLineThatWasSaidAgainIsKeptOnce(String kind) throws Exception {
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
            try (History history = await(open(url(kind), newLog()));
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
        assertEquals(List.of(), told);
    }

    /** A room is another one by an accent, a speaker by the case of a letter; what one database has no letter for must not keep it from all that follows. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite", "postgres", "mariadb"})
    void everyLetterIsKeptAsItIs(String kind) throws Exception {
        String longest = "\ud83d\ude00".repeat(2_000);
        Bus log = log(
                says("ada", "plain", "x", 1),
                says("ad\u00e1", "accent", "X", 1),
                says("ad\u00e1", "\ud83d\ude00 \\\\ ' \\\" % \u4f60", "x", 1),
                says("ada", "a\\u0000b", "x", 2),
                says("ada", longest, "X", 1),
                says("ada", "last", "x", 3));
        Latent.blockOn(timeout(LIMIT, async(() -> {
            try (History history = await(open(url(kind), newLog()));
                    var _ = spawn(history.follow(log))) {
                await(history.reached(6));
                assertEquals(
                        List.of("plain", "a\ufffdb", longest, "last"), texts(await(history.after("ada", 0, 6, 100))));
                assertEquals(
                        List.of("accent", "\ud83d\ude00 \\ ' \" % \u4f60"),
                        texts(await(history.after("ad\u00e1", 0, 6, 100))));
            }
        })));
        assertEquals(List.of(), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite", "postgres", "mariadb"})
    void goesOnWhereItWas(String kind) throws Exception {
        Event[] events = IntStream.rangeClosed(1, 1_200)
                .mapToObj(i -> says("lobby", "line " + i, "ada", i))
                .toArray(Event[]::new);
        String name = newLog();
        Latent.blockOn(timeout(LIMIT, async(() -> {
            try (History history = await(open(url(kind), name));
                    var _ = spawn(history.follow(log(Arrays.copyOf(events, 700))))) {
                await(history.reached(700));
            }
            try (History history = await(open(url(kind), name))) {
                assertEquals(700, history.kept());
                try (var _ = spawn(history.follow(log(events)))) {
                    await(history.reached(1_200));
                    assertEquals(
                            1_200,
                            await(history.after("lobby", 0, 1_200, 10_000)).size());
                }
            }
            // Another log is another matter.
            try (History other = await(open(url(kind), newLog()))) {
                assertEquals(0, other.kept());
                assertEquals(List.of(), await(other.after("lobby", 0, 1_200, 10)));
            }
        })));
        assertEquals(List.of(), told);
    }

    /** They may come in each other's way, and try again; at the end all is there, once. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "sqlite", "postgres", "mariadb"})
    void severalNodesKeepOne(String kind) throws Exception {
        Event[] events = IntStream.rangeClosed(1, 2_000)
                .mapToObj(i -> says("lobby", "line " + i, "ada", i))
                .toArray(Event[]::new);
        String name = newLog();
        // Of H2's file there is one process, which this is.
        String url = url(kind);
        Latent.blockOn(timeout(LIMIT, async(() -> {
            var opened = await(join(open(url, name), open(url, name)));
            try (History one = opened.first();
                    History two = opened.second();
                    var _ = spawn(one.follow(log(events)));
                    var _ = spawn(two.follow(log(events)))) {
                await(join(one.reached(2_000), two.reached(2_000)));
                for (History each : List.of(one, two)) {
                    List<Said> all = await(each.after("lobby", 0, 2_000, 10_000));
                    assertEquals(
                            IntStream.rangeClosed(1, 2_000)
                                    .mapToObj(i -> "line " + i)
                                    .toList(),
                            texts(all));
                }
            }
        })));
        assertEquals(List.of(), told, "that another was quicker is no failure");
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

    private String refusal(String url) {
        var failure = assertThrows(IOException.class, () -> Latent.blockOn(timeout(LIMIT, open(url, "log"))));
        String message = failure.getMessage();
        assertEquals(1, message.lines().count(), message);
        assertFalse(message.contains("secret"), message);
        assertTrue(message.startsWith("the database at jdbc:"), message);
        return message;
    }

    @Test
    void aDatabaseThatDoesNotOpenIsToldInOneLineWithoutThePassword() throws Exception {
        String nothing = refusal("jdbc:nothing://here");
        assertTrue(nothing.contains("there are drivers for jdbc:h2:, jdbc:sqlite:, "), nothing);
        int nobody = Servers.freePort();
        for (String url : List.of(
                postgres(nobody, "user=latent&password=secret"), mariadb(nobody, "user=latent&password=secret"))) {
            String refused = refusal(url);
            assertTrue(refused.contains(":" + nobody), refused);
            assertTrue(refused.contains("refused"), refused);
        }
        withPasswords();
        String wrong = refusal(postgres(port(Embedded.Which.POSTGRES), "user=strict&password=secret"));
        assertTrue(wrong.contains("password authentication failed for user \"strict\""), wrong);
        wrong = refusal(mariadb(port(Embedded.Which.MARIADB), "user=latent&password=secret"));
        assertTrue(wrong.contains("Access denied for user 'latent'"), wrong);
        String unknown = refusal("jdbc:postgresql://127.0.0.1:" + port(Embedded.Which.POSTGRES) + "/none?user=latent");
        assertTrue(unknown.contains("database \"none\" does not exist"), unknown);
        Path noFolder = Files.createFile(folder.resolve("no-folder"));
        refusal("jdbc:h2:tcp:;PASSWORD=secret");
        refusal("jdbc:sqlite:" + noFolder + "/file");
        refusal("jdbc:h2:file:" + noFolder + "/file;TRACE_LEVEL_FILE=0");
    }

    /** PostgreSQL asks a user called strict for it. */
    private static void withPasswords() throws Exception {
        Path rules = Objects.requireNonNull(servers).folder().resolve("postgres/data/pg_hba.conf");
        Files.writeString(rules, "host all strict 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
        try (var connection = DriverManager.getConnection(postgres(port(Embedded.Which.POSTGRES), "user=latent"));
                var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE strict LOGIN PASSWORD 'another'");
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    /** The wire to it is cut in the middle: it is told once, and people talk, come back and come anew; then what was said meanwhile is kept. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void aDatabaseThatIsGoneTakesNothingButThePast(String kind) throws Exception {
        int redis = Servers.freePort();
        boolean isPostgres = kind.equals("postgres");
        try (var server = Servers.redis(redis);
                Wire wire = new Wire(port(isPostgres ? Embedded.Which.POSTGRES : Embedded.Which.MARIADB));
                Serving serving = Serving.begin(async(() -> {
                    String url = isPostgres
                            ? postgres(wire.port(), "user=latent")
                            : mariadb(wire.port(), "user=latent&password=latent");
                    Bus bus = await(new Kit().bus(server.url()));
                    return new Serving.Parts("node", bus, await(open(url, bus.name())));
                }))) {
            History history = serving.history();
            try (Caller ada = new Caller(serving.port())) {
                ada.tell("{\"join\":\"lobby\",\"nick\":\"Ada\",\"me\":\"secret of Ada\"}");
                ada.await(message -> message.startsWith("{\"welcome\""));
                ada.tell("{\"say\":\"one\",\"n\":\"1\",\"after\":\"0\"}");
                long one = number(ada.await(message -> message.contains("\"say\":\"one\"")));
                Latent.blockOn(timeout(LIMIT, history.reached(one)));
                wire.cut();
                ada.tell("{\"say\":\"two\",\"n\":\"2\",\"after\":\"1\"}");
                ada.await(message -> message.contains("\"say\":\"two\""));
                try (Caller bob = new Caller(serving.port())) {
                    bob.tell("{\"join\":\"lobby\",\"nick\":\"Bob\"}");
                    String welcome = bob.await(message -> message.startsWith("{"));
                    assertTrue(welcome.startsWith("{\"welcome\""), welcome);
                    assertTrue(welcome.contains("\"say\":\"one\"") && welcome.contains("\"say\":\"two\""), welcome);
                    assertTrue(welcome.contains("\"gap\":true"), welcome);
                }
                try (Caller again = new Caller(serving.port())) {
                    again.tell("{\"join\":\"lobby\",\"nick\":\"Ada\",\"me\":\"secret of Ada\",\"log\":\""
                            + serving.bus().name() + "\",\"seen\":\"" + one + "\"}");
                    String welcome = again.await(message -> message.startsWith("{"));
                    assertTrue(welcome.startsWith("{\"welcome\""), welcome);
                    assertTrue(welcome.contains("\"say\":\"two\"") && !welcome.contains("\"say\":\"one\""), welcome);
                    assertFalse(welcome.contains("\"gap\""), welcome);
                    again.tell("{\"say\":\"three\",\"n\":\"3\",\"after\":\"2\"}");
                    long three = number(again.await(message -> message.contains("\"say\":\"three\"")));
                    assertTrue(history.kept() < three, "nothing is kept meanwhile");
                    wire.mend();
                    Latent.blockOn(timeout(LIMIT, async(() -> {
                        await(history.reached(three));
                        assertEquals(
                                List.of("one", "two", "three"), texts(await(history.after("lobby", 0, three, 100))));
                    })));
                }
            }
        }
        assertEquals(2, told.size(), told.toString());
        assertTrue(
                told.getFirst().startsWith("what is said can't be kept, and is when that is over: "), told.toString());
        assertEquals(1, told.getFirst().lines().count(), told.toString());
        assertFalse(told.getFirst().contains("INSERT"), told.toString());
        assertEquals("what was said is kept again", told.getLast());
    }

    @Test
    void whatTheBusHasLetGoOfIsToldAndTheRestKept() throws Exception {
        List<Bus.Entry> kept = List.of(
                new Bus.Entry(7, says("lobby", "seven", "ada", 1)), new Bus.Entry(8, says("lobby", "eight", "ada", 2)));
        Bus log = new Written(kept) {
            @Override
            public AsyncStream<Entry> from(long after) {
                try {
                    LetGo.check(after, Math.max(after + 1, 7));
                    return super.from(after);
                } catch (LetGo letGo) {
                    return AsyncStream.generate(_ -> {
                        throw letGo;
                    });
                }
            }
        };
        Latent.blockOn(timeout(LIMIT, async(() -> {
            try (History history = await(open(url("h2"), newLog()));
                    var _ = spawn(history.follow(log))) {
                await(history.reached(8));
                assertEquals(List.of("seven", "eight"), texts(await(history.after("lobby", 0, 8, 100))));
            }
        })));
        assertEquals(
                List.of("the bus has let go of 6 events that were not read yet: what was said in them is not kept"),
                told);
    }

    /** Who waits for an answer of the database is prepared for one kind of failure. */
    @Test
    void whatADriverThrowsIsAFailureOfTheDatabase() throws Exception {
        Database database = new Database(url("h2"), 1, null);
        Latent.blockOn(timeout(LIMIT, async(() -> {
            try (database) {
                Outcome<Integer> outcome = await(settle(database.<Integer>use(_ -> {
                    throw new IllegalStateException("a driver's own");
                })));
                var failure = assertInstanceOf(
                        IOException.class,
                        assertInstanceOf(Outcome.Failed.class, outcome).cause());
                assertEquals("a driver's own", failure.getMessage());
                assertEquals(7, await(database.<Integer>use(_ -> 7)));
            }
        })));
    }

    @Test
    void noFileIsNoHistory() {
        assertThrows(IllegalArgumentException.class, () -> new Kit().history(" ", "log"));
    }

    private static long number(String message) {
        return Long.parseLong(message.replaceAll(".*\"seq\":(\\d+).*", "$1"));
    }
}
