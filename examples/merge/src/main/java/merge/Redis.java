package merge;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Futures;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Redis, by Lettuce: how often a product is looked at.
 *
 * <p>Redis knows no cancel of a command: one that runs, mostly for microseconds, runs to its end. One that waits, like {@code BLPOP}, it forgets when the connection closes. So
 * that is what a cancel is here: an answer that is on its way goes nowhere.
 */
final class Redis implements Driver<StatefulRedisConnection<String, String>>, AsyncCloseable {
    private static final String NAME = "latent-merge";

    /** A list that nobody ever pushes to: to wait for it takes time and nothing else. */
    private static final String NOTHING = "latent:nothing";

    private final RedisURI uri;
    private final ClientResources resources;
    private final RedisClient client;

    Redis(String url) {
        this.uri = RedisURI.create(url);
        uri.setClientName(NAME);
        uri.setTimeout(Duration.ofDays(1)); // deadlines are the caller's
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder().autoReconnect(false).build());
    }

    @Override
    public Future<StatefulRedisConnection<String, String>> connect() {
        return Stages.opening(() -> client.connectAsync(StringCodec.UTF8, uri), StatefulRedisConnection::closeAsync);
    }

    @Override
    public Future<Void> fill(StatefulRedisConnection<String, String> connection) {
        return async(() -> {
            for (int i = 1; i <= Sources.PRODUCTS; i++) {
                var views = Map.of("today", "" + i % 17, "ever", "" + i * 31);
                String key = key(i);
                var set = connection.async().hset(key, views);
                if (i == Sources.PRODUCTS) {
                    await(Futures.observe(set)); // they are done in order
                }
            }
        });
    }

    @Override
    public Future<Map<String, Object>> ask(StatefulRedisConnection<String, String> connection, Question question) {
        return async(() -> {
            if (question.slowMillis() > 0) {
                await(Futures.fromCompletionStage(
                        () -> connection.async().blpop(question.slowMillis() / 1e3, NOTHING)));
            }
            Map<String, String> views =
                    await(Futures.fromCompletionStage(() -> connection.async().hgetall(key(question.product()))));
            Map<String, Object> part = new LinkedHashMap<>();
            views.forEach((when, count) -> part.put(when, Long.parseLong(count)));
            return part;
        });
    }

    @Override
    public Future<Void> cancel(StatefulRedisConnection<String, String> connection) {
        return close(connection);
    }

    @Override
    public Future<Integer> working(StatefulRedisConnection<String, String> connection) {
        return async(() -> {
            String clients =
                    await(Futures.fromCompletionStage(() -> connection.async().clientList()));
            return (int) clients.lines()
                    .filter(line -> line.contains(" name=" + NAME + " ") && line.contains(" flags=b"))
                    .count();
        });
    }

    @Override
    public Future<Void> close(StatefulRedisConnection<String, String> connection) {
        return connection.isOpen() ? Futures.fromCompletionStage(connection::closeAsync) : Futures.done();
    }

    private static String key(long product) {
        return "latent:views:" + product;
    }

    @Override
    public Future<Void> closeAsync() {
        return async(() -> {
            await(Futures.fromCompletionStage(() -> client.shutdownAsync(0, 1, TimeUnit.SECONDS)));
            resources.shutdown(0, 1, TimeUnit.SECONDS);
        });
    }

    @Override
    public void close() {
        client.shutdownAsync();
        resources.shutdown();
    }
}
