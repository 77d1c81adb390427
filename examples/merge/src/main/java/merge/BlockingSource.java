package merge;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The other choice: a database that a thread asks, with the bounds that a {@link Pool} has, and the deadline that a {@link Merge} has.
 *
 * <p>The thread waits in line, and for the answer. A timer cancels the statement at the deadline, on a thread of its own, since some drivers open a connection for that.
 */
abstract sealed class BlockingSource<C> {
    private static final long BETWEEN_CANCELS_NANOS = 100_000_000;

    private final Kind kind;
    private final int line;
    private final long deadlineNanos;
    private final ScheduledExecutorService timer;
    private final ExecutorService cancellers;
    private final Semaphore places;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ConcurrentLinkedDeque<C> idle = new ConcurrentLinkedDeque<>();

    private BlockingSource(Kind kind, Settings settings, ScheduledExecutorService timer, ExecutorService cancellers) {
        this.kind = kind;
        this.line = settings.line();
        this.deadlineNanos = settings.deadlines().get(kind).toNanos();
        this.timer = timer;
        this.cancellers = cancellers;
        this.places = new Semaphore(settings.connections(), true);
    }

    static BlockingSource<?> of(
            Kind kind, Settings settings, ScheduledExecutorService timer, ExecutorService cancellers) {
        String url = settings.urls().get(kind);
        return switch (kind) {
            case POSTGRES ->
                new Sql(
                        kind,
                        settings,
                        timer,
                        cancellers,
                        jdbc("postgresql", PgConnectOptions.fromUri(url)),
                        "SELECT pg_sleep(? / 1000.0)",
                        "SELECT name, cents FROM latent_products WHERE id = ?");
            case MARIADB ->
                new Sql(
                        kind,
                        settings,
                        timer,
                        cancellers,
                        jdbc("mariadb", MySQLConnectOptions.fromUri(url)),
                        "SELECT SLEEP(? / 1000.0)",
                        "SELECT town, pieces FROM latent_stock WHERE product = ? ORDER BY town");
            case SQLITE -> new Sql(kind, settings, timer, cancellers, url, "", new Sqlite(url).question());
            case H2 -> new Sql(kind, settings, timer, cancellers, url, "", new H2(url).question());
            case REDIS -> new OfRedis(kind, settings, timer, cancellers, url);
        };
    }

    private static String jdbc(String what, SqlConnectOptions options) {
        String password = options.getPassword() == null || options.getPassword().isEmpty()
                ? ""
                : "&password=" + options.getPassword();
        return "jdbc:" + what + "://" + options.getHost() + ":" + options.getPort() + "/" + options.getDatabase()
                + "?user=" + options.getUser() + password;
    }

    abstract C connect() throws Exception;

    abstract void ask(C connection, Question question) throws Exception;

    abstract void cancel(C connection) throws Exception;

    abstract void close(C connection) throws Exception;

    Kind kind() {
        return kind;
    }

    /** Asks; throws where there is no answer in time. */
    void ask(Question question) throws Exception {
        long end = System.nanoTime() + deadlineNanos;
        if (waiting.incrementAndGet() > line && places.availablePermits() == 0) {
            waiting.decrementAndGet();
            throw new Pool.Full("full");
        }
        try {
            if (!places.tryAcquire(deadlineNanos, TimeUnit.NANOSECONDS)) {
                throw new TimeoutException("no answer in time");
            }
        } finally {
            waiting.decrementAndGet();
        }
        try {
            if (System.nanoTime() >= end) {
                throw new TimeoutException("no answer in time");
            }
            C known = idle.poll();
            C connection = known == null ? connect() : known;
            AtomicReference<@Nullable Boolean> isInTime = new AtomicReference<>(); // null: that is not known yet
            ScheduledFuture<?> alarm = timer.scheduleAtFixedRate( // again and again: a cancel may overtake its question
                    () -> {
                        if (!Boolean.TRUE.equals(isInTime.compareAndExchange(null, false))) {
                            cancellers.execute(() -> cancelQuietly(connection));
                        }
                    },
                    Math.max(0, end - System.nanoTime()),
                    BETWEEN_CANCELS_NANOS,
                    TimeUnit.NANOSECONDS);
            boolean isGood = false;
            try {
                ask(connection, question);
                isGood = isInTime.compareAndSet(null, true);
                if (!isGood) {
                    throw new TimeoutException("no answer in time");
                }
            } finally {
                alarm.cancel(false);
                if (isGood) {
                    idle.push(connection);
                } else {
                    close(connection);
                }
            }
        } finally {
            places.release();
        }
    }

    private void cancelQuietly(C connection) {
        try {
            cancel(connection);
        } catch (Exception e) {
            // it has ended just now
        }
    }

    /** A connection, and the statement that runs on it. */
    private static final class Session {
        final Connection connection;
        volatile PreparedStatement running;
        final PreparedStatement question;

        Session(Connection connection, String question) throws SQLException {
            this.connection = connection;
            this.question = connection.prepareStatement(question);
            this.running = this.question;
        }
    }

    private static final class Sql extends BlockingSource<Session> {
        private final String url;
        private final String slow;
        private final String question;

        Sql(
                Kind kind,
                Settings settings,
                ScheduledExecutorService timer,
                ExecutorService cancellers,
                String url,
                String slow,
                String question) {
            super(kind, settings, timer, cancellers);
            this.url = url;
            this.slow = slow;
            this.question = question;
        }

        @Override
        Session connect() throws SQLException {
            return new Session(DriverManager.getConnection(url), question);
        }

        @Override
        void ask(Session session, Question asked) throws SQLException {
            if (asked.slowMillis() > 0) {
                try (var statement = session.connection.prepareStatement(slow)) {
                    session.running = statement;
                    statement.setInt(1, asked.slowMillis());
                    statement.executeQuery().close();
                }
                session.running = session.question;
            }
            session.question.setLong(1, asked.product());
            Map<String, Object> part = new LinkedHashMap<>();
            try (var rows = session.question.executeQuery()) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    for (int i = 1; i <= columns; i++) {
                        part.put(rows.getRow() + rows.getMetaData().getColumnLabel(i), rows.getObject(i));
                    }
                }
            }
            if (part.isEmpty()) {
                throw new SQLException("nothing is known of " + asked.product());
            }
        }

        @Override
        void cancel(Session session) throws SQLException {
            if (session.connection.isWrapperFor(PGConnection.class)) {
                session.connection
                        .unwrap(PGConnection.class)
                        .cancelQuery(); // its statements can be cancelled once only
            } else {
                session.running.cancel();
            }
        }

        @Override
        void close(Session session) throws SQLException {
            session.connection.close();
        }
    }

    private static final class OfRedis extends BlockingSource<StatefulRedisConnection<String, String>> {
        private final RedisClient client;

        OfRedis(Kind kind, Settings settings, ScheduledExecutorService timer, ExecutorService cancellers, String url) {
            super(kind, settings, timer, cancellers);
            client = RedisClient.create(url);
            client.setOptions(ClientOptions.builder().autoReconnect(false).build());
        }

        @Override
        StatefulRedisConnection<String, String> connect() {
            return client.connect();
        }

        @Override
        void ask(StatefulRedisConnection<String, String> connection, Question question)
                throws InterruptedException, ExecutionException {
            Map<String, String> views = connection
                    .async()
                    .hgetall("latent:views:" + question.product())
                    .get();
            if (views.isEmpty()) {
                throw new IllegalStateException("nothing is known of " + question.product());
            }
        }

        @Override
        void cancel(StatefulRedisConnection<String, String> connection) {
            connection.close();
        }

        @Override
        void close(StatefulRedisConnection<String, String> connection) {
            connection.close();
        }
    }
}
