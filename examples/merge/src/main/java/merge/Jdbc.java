package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawnBlocking;

import dev.latent.Future;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database behind JDBC, each question of which blocks a thread of the blocking pool; another thread cancels it. */
abstract class Jdbc implements Driver<Jdbc.Session> {
    private final String url;

    Jdbc(String url) {
        this.url = url;
    }

    /** Makes a connection ready; it blocks. */
    abstract void prepare(Connection connection) throws SQLException;

    /** Makes table and content; it blocks. */
    abstract void fill(Statement statement) throws SQLException;

    /** {@return a statement that takes so long, in its first parameter; null where this database can do it without} */
    abstract String slow();

    /** {@return the question, whose parameter is the product} */
    abstract String question();

    /** {@return the part of a page that is in the first row} */
    abstract Map<String, Object> part(ResultSet row) throws SQLException;

    /** {@return how many questions the database works on; it blocks} */
    abstract int working(Connection connection) throws SQLException;

    @Override
    public Future<Session> connect() {
        return spawnBlocking(() -> {
            Connection connection = DriverManager.getConnection(url);
            try {
                prepare(connection);
                return new Session(connection);
            } catch (Throwable t) {
                connection.close();
                throw t;
            }
        });
    }

    @Override
    public Future<Void> fill(Session session) {
        return async(() -> {
            await(spawnBlocking(() -> {
                try (var statement = session.connection.createStatement()) {
                    fill(statement);
                }
                return true;
            }));
        });
    }

    @Override
    public Future<Map<String, Object>> ask(Session session, Question question) {
        return spawnBlocking(() -> {
            if (question.slowMillis() > 0) {
                try (var statement = session.prepare(slow())) {
                    statement.setInt(1, question.slowMillis());
                    statement.executeQuery().close();
                }
            }
            try (var statement = session.prepare(question())) {
                statement.setLong(1, question.product());
                try (var rows = statement.executeQuery()) {
                    return rows.next() ? part(rows) : Map.of();
                }
            }
        });
    }

    @Override
    public Future<Void> cancel(Session session) {
        return async(() -> {
            await(spawnBlocking(session::cancel));
        });
    }

    @Override
    public Future<Integer> working(Session session) {
        return spawnBlocking(() -> working(session.connection));
    }

    @Override
    public Future<Void> close(Session session) {
        return async(() -> {
            await(spawnBlocking(() -> {
                session.close();
                return true;
            }));
        });
    }

    /** A connection, and what a thread does on it. Once cancelled it is of no use. */
    static final class Session implements AutoCloseable {
        private final Connection connection;

        // Under the monitor.
        private @Nullable Statement running;
        private boolean isCancelled;

        private Session(Connection connection) {
            this.connection = connection;
        }

        private PreparedStatement prepare(String sql) throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            synchronized (this) {
                if (isCancelled) {
                    statement.close();
                    throw new SQLException("cancelled");
                }
                running = statement;
            }
            return statement;
        }

        /** From another thread. {@return that it was tried} */
        private boolean cancel() {
            Statement statement;
            synchronized (this) {
                isCancelled = true;
                statement = running;
            }
            try {
                if (statement != null) {
                    statement.cancel();
                }
            } catch (SQLException e) {
                // it has ended just now
            }
            return true;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
