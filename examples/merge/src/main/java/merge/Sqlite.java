package merge;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.sqlite.Function;
import org.sqlite.ProgressHandler;

/** SQLite: what people think of a product. A cancel is {@code sqlite3_interrupt}. */
final class Sqlite extends Jdbc {
    /** Instructions of SQLite's machine between two of which it says that it is at work: more than one question takes. */
    private static final int INSTRUCTIONS = 500;

    private static final int LOOK_MILLIS = 60;

    /** How often it has said so. */
    private final LongAdder progress = new LongAdder();

    Sqlite(String url) {
        super(url);
    }

    @Override
    void prepare(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA busy_timeout = 5000");
        }
        Function.create(connection, "nap", new Function() {
            @Override
            protected void xFunc() throws SQLException {
                nap();
                result(1);
            }
        });
        ProgressHandler.setHandler(connection, INSTRUCTIONS, new ProgressHandler() {
            @Override
            protected int progress() {
                progress.increment();
                return 0;
            }
        });
    }

    private static void nap() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    void fill(Statement statement) throws SQLException {
        statement.execute(
                "CREATE TABLE IF NOT EXISTS latent_reviews (product INTEGER NOT NULL, stars INTEGER NOT NULL, said TEXT NOT NULL)");
        statement.execute("CREATE INDEX IF NOT EXISTS latent_reviews_of ON latent_reviews (product)");
        statement.execute("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                INSERT INTO latent_reviews SELECT i, 1 + (i * k) %% 5, 'review ' || k
                FROM n, (SELECT 3 AS k UNION SELECT 7 UNION SELECT 11)
                WHERE NOT EXISTS (SELECT 1 FROM latent_reviews)""".formatted(Sources.PRODUCTS));
    }

    @Override
    String slow() {
        return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT SUM(nap()) FROM n";
    }

    @Override
    String question() {
        return "SELECT COUNT(*) AS reviews, ROUND(AVG(stars), 1) AS stars, MAX(said) AS last FROM latent_reviews WHERE product = ?";
    }

    @Override
    Map<String, Object> part(ResultSet row) throws SQLException {
        int reviews = row.getInt("reviews");
        return reviews == 0
                ? Map.of()
                : Map.of("reviews", reviews, "stars", row.getDouble("stars"), "last", row.getString("last"));
    }

    /** A library in this process that knows of no other's statements: 1 if its machine has moved within a while, and 0 if not. */
    @Override
    int working(Connection connection) throws SQLException {
        long before = progress.sum();
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return progress.sum() == before ? 0 : 1;
    }
}
