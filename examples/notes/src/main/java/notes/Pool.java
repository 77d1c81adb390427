package notes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.spawnBlocking;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.sync.AsyncSemaphore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Connections of a database, {@code size} at most, each with one thread of the blocking pool at a time.
 *
 * <p>Two goals compete: who drops a query does not want to wait for the database, and a connection that a thread is still in is nobody else's. So the thread owns the
 * connection, and its place in the pool, until it is out; who drops the query only has its statement cancelled. A database that hangs keeps {@code size} threads, and no more:
 * the others wait in line for a place, where a timeout finds them.
 */
final class Pool implements AsyncCloseable {
    private final String url;
    private final int size;
    private final AsyncSemaphore places;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    Pool(String url, int size) {
        this.url = url;
        this.size = size;
        this.places = AsyncSemaphore.of(size);
    }

    /** Something to be done with a connection, which is a transaction. It blocks. */
    interface Work<T> {
        T run(Query query) throws SQLException;
    }

    /**
     * {@return a future of what {@code work} returns}
     *
     * <p><em>Cancel safety:</em> dropped in line, the work never runs; later, its statement is cancelled and the transaction rolled back, unless it was committed just then.
     */
    <T> Future<T> use(Work<T> work) {
        return async(() -> {
            var place = await(places.acquire());
            var running = context().spawner().toCompletableFuture(inTurn(place, work)); // a task of its own
            try {
                return await(Futures.observe(running));
            } finally {
                running.cancel(true); // and nobody waits until its thread is out
            }
        });
    }

    private <T> Future<T> inTurn(AsyncSemaphore.Permits place, Work<T> work) {
        return async(() -> {
            try (place) {
                Query query = new Query();
                return await(spawnBlocking(() -> transaction(query, work), query::cancel));
            }
        });
    }

    private <T> T transaction(Query query, Work<T> work) throws SQLException {
        Connection connection = idle.poll();
        if (connection == null) {
            connection = DriverManager.getConnection(url);
        }
        try {
            connection.setAutoCommit(false);
            query.connection = connection;
            T result = work.run(query);
            connection.commit();
            idle.push(connection);
            return result;
        } catch (Throwable t) { // what has failed once is not tried again: the next one opens another
            close(connection);
            throw t;
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close(); // and rolls back
        } catch (SQLException e) {
            // it is of no use any more
        }
    }

    /** One use of a connection. */
    static final class Query {
        private @Nullable Connection connection;

        // Under the monitor: what to cancel, if anything.
        private @Nullable Statement running;
        private boolean isCancelled;

        /** {@return a statement, which the thread closes} */
        PreparedStatement prepare(String sql) throws SQLException {
            PreparedStatement statement = connection().prepareStatement(sql, Statement.RETURN_GENERATED_KEYS);
            synchronized (this) {
                if (isCancelled) {
                    throw new SQLException("nobody waits for it any more");
                }
                running = statement;
            }
            return statement;
        }

        /** Takes back what was done so far, after a failure that was expected. */
        void rollBack() throws SQLException {
            connection().rollback();
        }

        private Connection connection() {
            if (connection == null) {
                throw new IllegalStateException("no connection yet");
            }
            return connection;
        }

        /** From another thread; some drivers ask the database over a connection of its own. */
        private void cancel() {
            Statement statement;
            synchronized (this) {
                isCancelled = true;
                statement = running;
            }
            if (statement != null) {
                try {
                    statement.cancel();
                } catch (SQLException e) {
                    // it has ended just now
                }
            }
        }
    }

    /** {@return connections that are in use, or being opened} */
    int busy() {
        return size - places.availablePermits();
    }

    /** {@return those that wait to be used again} */
    int idle() {
        return idle.size();
    }

    /** Waits for those that are in use. */
    @Override
    public Future<Void> closeAsync() {
        return async(() -> {
            if (places.isClosed()) {
                return;
            }
            try (var _ = await(places.acquire(size))) {
                places.close();
                await(spawnBlocking(() -> {
                    closeIdle();
                    return null;
                }));
            }
        });
    }

    @Override
    public void close() {
        places.close();
        closeIdle();
    }

    private void closeIdle() {
        for (Connection each = idle.poll(); each != null; each = idle.poll()) {
            close(each);
        }
    }
}
