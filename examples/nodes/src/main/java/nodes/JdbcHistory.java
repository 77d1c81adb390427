package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.channel.Watch;
import dev.latent.cli.Secrets;
import dev.latent.cli.TemporaryFolder;
import dev.latent.examples.chat.Bus;
import dev.latent.examples.chat.Event;
import dev.latent.examples.chat.History;
import dev.latent.examples.chat.Said;
import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was said, in a database: by JDBC, on threads of the blocking pool. How far it has come stands there too, in the same transactions; so a node that was killed goes on where it was, and several may
 * keep one database.
 */
final class JdbcHistory implements History {
    private static final List<String> SCHEMA = List.of(
            """
            CREATE TABLE IF NOT EXISTS chat_lines (
                log VARCHAR(100) NOT NULL, pos BIGINT NOT NULL, room VARCHAR(200) NOT NULL, said_at BIGINT NOT NULL,
                nick VARCHAR(200) NOT NULL, words VARCHAR(4000) NOT NULL, author VARCHAR(100), n BIGINT NOT NULL,
                PRIMARY KEY (log, pos))%s\
            """,
            "CREATE INDEX IF NOT EXISTS chat_rooms ON chat_lines (log, room, pos)",
            "CREATE INDEX IF NOT EXISTS chat_authors ON chat_lines (log, room, author, n)",
            "CREATE TABLE IF NOT EXISTS chat_logs (log VARCHAR(100) PRIMARY KEY, pos BIGINT NOT NULL)%s");

    /** MariaDB and MySQL would have Latin letters only, and take those for one that differ by an accent. */
    private static final String EXACT = " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

    /** Classes of SQL's states for a row that is there already, and for two that were in each other's way: another node was quicker. */
    private static final Set<String> WAS_QUICKER = Set.of("23", "40");

    /** The same for a table; H2 has no class of its own for that. */
    private static final Set<String> WAS_QUICKER_TO_OPEN = Set.of("23", "40", "42", "HY");

    /** Batches that may fail because another node was quicker, before it is believed to be something else. */
    private static final int MOST_QUICKER = 5;

    private static final int OPENINGS = 3;

    private static final String ADD = """
        INSERT INTO chat_lines (log, pos, room, said_at, nick, words, author, n)
        SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM chat_lines
            WHERE log = ? AND (pos = ? OR (room = ? AND author = ? AND n = ?)))\
        """;

    private static final int CONNECTIONS = 4;
    private static final int BATCH = 500;
    private static final Duration WINDOW = Duration.ofMillis(20);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String log;
    private final Database database;
    private final Watch<Long> kept;

    private final Consumer<String> tell;

    private JdbcHistory(String log, Database database, long kept, Consumer<String> tell) {
        this.log = log;
        this.database = database;
        this.kept = Watch.of(kept);
        this.tell = tell;
    }

    /**
     * {@return a future of the history of the log called {@code log}}
     *
     * @param folder goes with it
     * @param tell hears a line when the database fails, and when it is back
     */
    static Future<History> open(String url, String log, @Nullable TemporaryFolder folder, Consumer<String> tell) {
        return async(() -> {
            Database database = new Database(url, CONNECTIONS, folder);
            try {
                return new JdbcHistory(log, database, await(begin(database, log)), tell);
            } catch (IOException e) {
                await(database.closeAsync());
                throw new IOException(Secrets.hidden("the database at " + url + " does not open: " + why(e)), e);
            }
        });
    }

    /** {@return the first line, which has to be enough} */
    private static String why(IOException e) {
        boolean isOfSeveral =
                e.getCause() instanceof BatchUpdateException several && several.getNextException() != null;
        Throwable cause = isOfSeveral ? ((SQLException) e.getCause()).getNextException() : e;
        String message = String.valueOf(cause.getMessage()).strip();
        String why = message.lines().findFirst().orElse(message);
        return why.startsWith("No suitable driver")
                ? "there are drivers for jdbc:h2:, jdbc:sqlite:, jdbc:postgresql: and jdbc:mariadb:"
                : why;
    }

    private static boolean isOf(Set<String> classes, IOException e) {
        return e.getCause() instanceof SQLException sql
                && sql.getSQLState() instanceof String state
                && state.length() > 2
                && classes.contains(state.substring(0, 2));
    }

    private static Future<Long> begin(Database database, String log) {
        return async(() -> {
            for (int i = 1; ; i++) {
                try {
                    return await(database.use(connection -> begin(connection, log)));
                } catch (IOException e) {
                    if (!isOf(WAS_QUICKER_TO_OPEN, e) || i == OPENINGS) {
                        throw e;
                    }
                }
            }
        });
    }

    private static long begin(Connection connection, String log) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        String exact = product.equals("MariaDB") || product.equals("MySQL") ? EXACT : "";
        for (String sql : SCHEMA) {
            try (var statement = connection.createStatement()) {
                statement.execute(sql.formatted(exact));
            }
        }
        try (var select = connection.prepareStatement("SELECT pos FROM chat_logs WHERE log = ?")) {
            select.setString(1, log);
            ResultSet rows = select.executeQuery();
            if (rows.next()) {
                return rows.getLong(1);
            }
        }
        try (var insert = connection.prepareStatement("INSERT INTO chat_logs (log, pos) VALUES (?, 0)")) {
            insert.setString(1, log);
            insert.executeUpdate();
        }
        return 0;
    }

    @Override
    public Future<Void> follow(Bus bus) {
        return async(() -> {
            boolean isWell = true;
            int quicker = 0;
            while (true) {
                try (var batches = bus.from(kept.get()).chunks(BATCH, WINDOW)) {
                    while (await(batches.next()) instanceof Item(var batch)) {
                        long last = batch.getLast().number();
                        try {
                            await(database.use(connection -> store(connection, batch, last)));
                        } catch (IOException e) {
                            if (isWell && (!isOf(WAS_QUICKER, e) || ++quicker > MOST_QUICKER)) {
                                isWell = false;
                                tell.accept("what is said can't be kept, and is when that is over: " + why(e));
                            }
                            break; // and begun again behind what is kept
                        }
                        kept.set(last);
                        if (!isWell) {
                            tell.accept("what was said is kept again");
                        }
                        isWell = true;
                        quicker = 0;
                    }
                } catch (Bus.LetGo e) {
                    tell.accept(e.getMessage() + ": what was said in them is not kept");
                    kept.set(e.first() - 1);
                } catch (IOException e) {
                    // the bus's, of which others tell
                }
                await(sleep(PAUSE));
            }
        });
    }

    private @Nullable Void store(Connection connection, List<Bus.Entry> batch, long last) throws SQLException {
        try (var add = connection.prepareStatement(ADD)) {
            int lines = 0;
            for (Bus.Entry entry : batch) {
                if (entry.event() instanceof Event.Says says) {
                    add(add, Said.of(entry.number(), says));
                    lines++;
                }
            }
            if (lines > 0) {
                add.executeBatch();
            }
        }
        try (var update = connection.prepareStatement("UPDATE chat_logs SET pos = ? WHERE log = ? AND pos < ?")) {
            update.setLong(1, last);
            update.setString(2, log);
            update.setLong(3, last);
            update.executeUpdate();
        }
        return null;
    }

    private void add(PreparedStatement add, Said said) throws SQLException {
        add.setString(1, log);
        add.setLong(2, said.number());
        add.setString(3, said.room());
        add.setLong(4, said.at());
        add.setString(5, said.nick());
        add.setString(6, said.text().replace('\0', '\ufffd')); // which PostgreSQL has no place for
        author(add, 7, said.by());
        add.setLong(8, said.n());
        add.setString(9, log);
        add.setLong(10, said.number());
        add.setString(11, said.room());
        // Who does not number their lines says none again.
        author(add, 12, said.n() == 0 ? null : said.by());
        add.setLong(13, said.n());
        add.addBatch();
    }

    private static void author(PreparedStatement statement, int index, @Nullable String by) throws SQLException {
        if (by == null) {
            statement.setNull(index, Types.VARCHAR);
        } else {
            statement.setString(index, by);
        }
    }

    @Override
    public boolean keeps() {
        return true;
    }

    @Override
    public long kept() {
        return kept.get();
    }

    @Override
    public Future<Void> reached(long number) {
        return async(() -> {
            await(kept.until(position -> position >= number));
        });
    }

    @Override
    public Future<List<Said>> after(String room, long after, long upTo, int limit) {
        return select("pos > ? AND pos <= ? ORDER BY pos", room, after, upTo, limit);
    }

    @Override
    public Future<List<Said>> last(String room, long upTo, int limit) {
        return async(() -> await(select("pos > ? AND pos <= ? ORDER BY pos DESC", room, 0, upTo, limit))
                .reversed());
    }

    private Future<List<Said>> select(String which, String room, long after, long upTo, int limit) {
        return database.use(connection -> {
            try (var select = connection.prepareStatement(
                    "SELECT pos, room, said_at, nick, words, author, n FROM chat_lines WHERE log = ? AND room = ? AND "
                            + which + " LIMIT ?")) {
                select.setString(1, log);
                select.setString(2, room);
                select.setLong(3, after);
                select.setLong(4, upTo);
                select.setInt(5, limit);
                List<Said> lines = new ArrayList<>();
                ResultSet rows = select.executeQuery();
                while (rows.next()) {
                    lines.add(new Said(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getLong(3),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getString(6),
                            rows.getLong(7)));
                }
                return lines;
            }
        });
    }

    @Override
    public Future<Void> closeAsync() {
        return database.closeAsync();
    }

    @Override
    public void close() {
        database.close();
    }
}
