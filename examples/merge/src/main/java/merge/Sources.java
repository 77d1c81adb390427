package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.join;
import static dev.latent.Async.settle;
import static dev.latent.Async.timeout;
import static java.time.Duration.ofSeconds;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.cli.Secrets;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** The five databases, each behind a pool of its own, and the clients that they share. */
final class Sources implements AsyncCloseable {
    /** So many there are. */
    static final int PRODUCTS = 500;

    private static final Duration TO_FILL = ofSeconds(20);
    private static final Duration TO_END = ofSeconds(3);

    private final Vertx vertx;
    private final Redis redis;
    private final List<Of> all = new ArrayList<>();

    private Sources(Settings settings) {
        vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(2)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        redis = new Redis(settings.urls().get(Kind.REDIS));
        add(settings, Kind.POSTGRES, new Postgres(vertx, settings.urls().get(Kind.POSTGRES)));
        add(settings, Kind.MARIADB, new MariaDb(vertx, settings.urls().get(Kind.MARIADB)));
        add(settings, Kind.REDIS, redis);
        add(settings, Kind.SQLITE, new Sqlite(settings.urls().get(Kind.SQLITE)));
        add(settings, Kind.H2, new H2(settings.urls().get(Kind.H2)));
    }

    private void add(Settings settings, Kind kind, Driver<?> driver) {
        Pool<?> pool = new Pool<>(kind.toString(), driver, settings.connections(), settings.line());
        all.add(new Of(kind, pool, settings.deadlines().get(kind)));
    }

    /** One database behind its pool. */
    record Of(Kind kind, Pool<?> pool, Duration deadline) implements Source {
        @Override
        public String name() {
            return kind.toString();
        }

        @Override
        public String part() {
            return kind.part;
        }

        @Override
        public Future<Map<String, Object>> ask(Question question) {
            return pool.ask(question);
        }
    }

    /** {@return a future of the sources, their tables filled; fails with an {@link IOException} that names the database} */
    static Future<Sources> open(Settings settings) {
        return async(() -> {
            Sources sources = new Sources(settings);
            boolean isOpen = false;
            try {
                await(join(sources.all.stream()
                        .map(each -> filled(each, settings.urls().get(each.kind)))
                        .toList()));
                isOpen = true;
                return sources;
            } finally {
                if (!isOpen) {
                    await(sources.closeAsync());
                }
            }
        });
    }

    private static Future<Void> filled(Of source, String url) {
        return async(() -> {
            String why;
            try {
                await(timeout(TO_FILL, source.pool.fill()));
                await(timeout(TO_FILL, source.pool.ask(new Question(1)))); // the first time takes its time
                return;
            } catch (TimeoutException e) {
                why = "no answer within " + TO_FILL.toSeconds() + " s";
            } catch (Exception e) {
                Throwable cause = e;
                while (cause.getCause() != null) {
                    cause = cause.getCause();
                }
                why = String.valueOf(cause.getMessage());
            }
            throw new IOException(Secrets.hidden(source.name() + " can't be used at " + url + ": " + why));
        });
    }

    List<Of> all() {
        return all;
    }

    Of of(Kind kind) {
        return all.get(kind.ordinal());
    }

    /** Waits a while for what is under way, which has been dropped already. */
    @Override
    public Future<Void> closeAsync() {
        return async(() -> {
            await(settle(timeout(
                    TO_END,
                    join(all.stream().map(each -> each.pool.closeAsync()).toList()))));
            await(settle(timeout(TO_END, redis.closeAsync())));
            await(settle(timeout(TO_END, Stages.of(vertx::close))));
        });
    }

    @Override
    public void close() {
        all.forEach(each -> each.pool.close());
        redis.close();
        vertx.close();
    }
}
