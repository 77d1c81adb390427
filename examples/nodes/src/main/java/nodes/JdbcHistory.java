package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.channel.Watch;
import dev.latent.cli.TemporaryFolder;
import dev.latent.examples.chat.Bus;
import dev.latent.examples.chat.Event;
import dev.latent.examples.chat.History;
import dev.latent.examples.chat.Said;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
                PRIMARY KEY (log, pos))""",
            "CREATE INDEX IF NOT EXISTS chat_rooms ON chat_lines (log, room, pos)",
            "CREATE INDEX IF NOT EXISTS chat_authors ON chat_lines (log, room, author, n)",
            "CREATE TABLE IF NOT EXISTS chat_logs (log VARCHAR(100) PRIMARY KEY, pos BIGINT NOT NULL)");

    private static final String ADD = """
            INSERT INTO chat_lines (log, pos, room, said_at, nick, words, author, n)
            SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM chat_lines
                WHERE log = ? AND (pos = ? OR (room = ? AND author = ? AND n = ?)))""";

    private static final int CONNECTIONS = 4;
    private static final int BATCH = 500;
    private static final Duration WINDOW = Duration.ofMillis(20);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String log;
    private final Database database;
    private final Watch<Long> kept;

    private JdbcHistory(String log, Database database, long kept) {
        this.log = log;
        this.database = database;
        this.kept = Watch.of(kept);
    }

    /**
     * {@return a future of the history of the log called {@code log}}
     *
     * @param folder goes with it
     */
    static Future<History> open(String url, String log, @Nullable TemporaryFolder folder) {
        return async(() -> {
            Database database = new Database(url, CONNECTIONS, folder);
            try {
                long kept = await(database.use(connection -> {
                    for (String sql : SCHEMA) {
                        try (var statement = connection.createStatement()) {
                            statement.execute(sql);
                        }
                    }
                    return begin(connection, log);
                }));
                return new JdbcHistory(log, database, kept);
            } catch (IOException e) {
                await(database.closeAsync());
                throw new IOException("the database at " + url + " does not open: " + e.getMessage(), e);
            }
        });
    }

    private static long begin(Connection connection, String log) throws SQLException {
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
            while (true) {
                try (var batches = bus.from(kept.get()).chunks(BATCH, WINDOW)) {
                    while (await(batches.next()) instanceof Item(var batch)) {
                        long last = batch.getLast().number();
                        await(database.use(connection -> store(connection, batch, last)));
                        kept.set(last);
                    }
                } catch (IOException e) {
                    // it is begun again behind what is kept
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
        add.setString(6, said.text());
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
