package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Map;

/** PostgreSQL, by Vert.x: products and their prices. It has a message for a cancel, over a connection of its own. */
final class Postgres implements Driver<PgConnection> {
    private static final String NAME = "latent-merge";

    private final Vertx vertx;
    private final PgConnectOptions options;

    Postgres(Vertx vertx, String url) {
        this.vertx = vertx;
        this.options = PgConnectOptions.fromUri(url)
                .addProperty("application_name", NAME)
                .setCachePreparedStatements(true);
    }

    @Override
    public Future<PgConnection> connect() {
        return Stages.opening(
                () -> PgConnection.connect(vertx, options).toCompletionStage(), connection -> connection.close());
    }

    @Override
    public Future<Void> fill(PgConnection connection) {
        return async(() -> {
            await(
                    query(
                            connection,
                            "CREATE TABLE IF NOT EXISTS latent_products (id BIGINT PRIMARY KEY, name TEXT NOT NULL, cents BIGINT NOT NULL)"));
            await(query(
                    connection,
                    "INSERT INTO latent_products SELECT i, 'product ' || i, i * 100 - 1 FROM generate_series(1, "
                            + Sources.PRODUCTS + ") i ON CONFLICT DO NOTHING"));
        });
    }

    @Override
    public Future<Map<String, Object>> ask(PgConnection connection, Question question) {
        return async(() -> {
            if (question.slowMillis() > 0) {
                await(query(connection, "SELECT pg_sleep(" + question.slowMillis() / 1e3 + ")"));
            }
            var rows = await(Stages.of(() -> connection
                    .preparedQuery("SELECT name, cents FROM latent_products WHERE id = $1")
                    .execute(Tuple.of(question.product()))));
            for (Row row : rows) {
                return Map.<String, Object>of("name", row.getString("name"), "cents", row.getLong("cents"));
            }
            return Map.of();
        });
    }

    @Override
    public Future<Void> cancel(PgConnection connection) {
        return Stages.of(connection::cancelRequest);
    }

    @Override
    public Future<Integer> working(PgConnection connection) {
        return async(() -> {
            var rows = await(query(
                    connection,
                    "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = '" + NAME
                            + "' AND state = 'active' AND pid <> pg_backend_pid()"));
            return rows.iterator().next().getInteger(0);
        });
    }

    @Override
    public Future<Void> close(PgConnection connection) {
        return Stages.of(connection::close);
    }

    private static Future<RowSet<Row>> query(PgConnection connection, String sql) {
        return Stages.of(() -> connection.query(sql).execute());
    }
}
