package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.spawnBlocking;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.cli.TemporaryFolder;
import dev.latent.sync.AsyncSemaphore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Connections of a database, so many at most, each with one thread of the blocking pool at a time. A database that hangs keeps that many threads, and no more; the others wait in line for a place,
 * where a timeout finds them.
 */
final class Database implements AsyncCloseable {
    /** For an answer: a database that was cut off without a word keeps a thread for that long. */
    private static final int ANSWER_MILLIS = 30_000;

    private final String url;
    private final int size;
    private final @Nullable TemporaryFolder folder;
    private final AsyncSemaphore places;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    Database(String url, int size, @Nullable TemporaryFolder folder) {
        this.url = url;
        this.size = size;
        this.folder = folder;
        this.places = AsyncSemaphore.of(size);
    }

    /** Something to be done with a connection, which is a transaction. It blocks. */
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * {@return a future of what {@code work} returns; it fails with an {@link IOException}}
     *
     * <p><em>Cancel safety:</em> dropped in line, the work never runs; later, it runs to its end, and only then is its connection another's.
     */
    <T> Future<T> use(Work<T> work) {
        return async(() -> {
            var place = await(places.acquire());
            try {
                var running = context().spawner().toCompletableFuture(inTurn(place, work));
                return await(Futures.observe(running)); // which runs on when this is dropped
            } catch (SQLException | RuntimeException e) { // drivers throw the one for the other
                throw new IOException(e.getMessage(), e);
            }
        });
    }

    private <T> Future<T> inTurn(AsyncSemaphore.Permits place, Work<T> work) {
        return async(() -> {
            try (place) {
                return await(spawnBlocking(() -> transaction(work)));
            }
        });
    }

    private <T> T transaction(Work<T> work) throws SQLException {
        Connection connection = idle.poll();
        if (connection == null) {
            connection = connect();
        }
        try {
            connection.setAutoCommit(false);
            T result = work.run(connection);
            connection.commit();
            idle.push(connection);
            return result;
        } catch (Throwable t) { // the next one opens another: those that are idle may have been lost with this one
            close(connection);
            closeIdle();
            throw t;
        }
    }

    private Connection connect() throws SQLException {
        Properties settings = new Properties();
        if (url.startsWith("jdbc:mariadb:")) { // whose server takes no insert with a condition in bulk
            settings.setProperty("useBulkStmtsForInserts", "false");
        }
        Connection connection = DriverManager.getConnection(url, settings);
        try {
            connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
        } catch (SQLFeatureNotSupportedException e) {
            // a file answers, or fails
        } catch (Throwable t) {
            close(connection);
            throw t;
        }
        return connection;
    }

    private void closeIdle() {
        for (Connection each = idle.poll(); each != null; each = idle.poll()) {
            close(each);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close(); // and rolls back
        } catch (SQLException e) {
            // it is of no use any more
        }
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
                    close();
                    return null;
                }));
            }
        });
    }

    @Override
    public void close() {
        places.close();
        closeIdle();
        if (folder != null) {
            folder.close();
        }
    }
}
