package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.settle;

import dev.latent.Future;
import io.vertx.core.Vertx;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.MySQLConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.LinkedHashMap;
import java.util.Map;

/** MariaDB or MySQL, by Vert.x: what is in stock, and where. Its client knows no cancel: another connection has to kill the query. */
final class MariaDb implements Driver<MariaDb.Session> {
    /** By which the database's list of processes shows what is ours. */
    private static final String MARK = "/* latent-merge */ ";

    private final Vertx vertx;
    private final MySQLConnectOptions options;

    MariaDb(Vertx vertx, String url) {
        this.vertx = vertx;
        this.options = MySQLConnectOptions.fromUri(url).setCachePreparedStatements(true);
    }

    /** @param id by which the database knows the connection */
    record Session(MySQLConnection connection, long id) {}

    @Override
    public Future<Session> connect() {
        return async(() -> {
            MySQLConnection connection = await(raw());
            boolean isGood = false;
            try {
                var rows = await(query(connection, "SELECT CONNECTION_ID()"));
                isGood = true;
                return new Session(connection, rows.iterator().next().getLong(0));
            } finally {
                if (!isGood) {
                    connection.close();
                }
            }
        });
    }

    private Future<MySQLConnection> raw() {
        return Stages.opening(
                () -> MySQLConnection.connect(vertx, options).toCompletionStage(), connection -> connection.close());
    }

    @Override
    public Future<Void> fill(Session session) {
        return async(() -> {
            await(
                    query(
                            session.connection,
                            "CREATE TABLE IF NOT EXISTS latent_stock (product BIGINT, town VARCHAR(40), pieces INT NOT NULL, PRIMARY KEY (product, town))"));
            await(query(session.connection, """
                    INSERT IGNORE INTO latent_stock
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                    SELECT i, town, (i * 7 + LENGTH(town)) %% 20
                    FROM n, (SELECT 'Bergen' AS town UNION SELECT 'Porto' UNION SELECT 'Trieste') towns
                    """.formatted(Sources.PRODUCTS)));
        });
    }

    @Override
    public Future<Map<String, Object>> ask(Session session, Question question) {
        return async(() -> {
            if (question.slowMillis() > 0) {
                await(query(session.connection, MARK + "SELECT SLEEP(" + question.slowMillis() / 1e3 + ")"));
            }
            var rows = await(Stages.of(() -> session.connection
                    .preparedQuery(MARK + "SELECT town, pieces FROM latent_stock WHERE product = ? ORDER BY town")
                    .execute(Tuple.of(question.product()))));
            Map<String, Object> stock = new LinkedHashMap<>();
            for (Row row : rows) {
                stock.put(row.getString("town"), row.getInteger("pieces"));
            }
            return stock;
        });
    }

    @Override
    public Future<Void> cancel(Session session) {
        return async(() -> {
            MySQLConnection other = await(raw());
            try {
                await(query(other, "KILL QUERY " + session.id));
            } finally {
                await(settle(Stages.of(other::close)));
            }
        });
    }

    @Override
    public Future<Integer> working(Session session) {
        return async(() -> {
            var rows = await(query(
                    session.connection,
                    "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND <> 'Sleep' AND INFO LIKE '"
                            + MARK + "%'"));
            return rows.iterator().next().getInteger(0);
        });
    }

    @Override
    public Future<Void> close(Session session) {
        return Stages.of(session.connection::close);
    }

    private static Future<RowSet<Row>> query(MySQLConnection connection, String sql) {
        return Stages.of(() -> connection.query(sql).execute());
    }
}
