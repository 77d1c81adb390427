package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawnBlocking;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.cli.Secrets;
import dev.latent.examples.chat.Bus;
import dev.latent.examples.chat.Event;
import dev.latent.stream.AsyncStream;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A bus that is a stream of Redis: a script gives an event the next number and puts it there by it, in one step. Its client gives a stage for everything, so no thread waits. */
final class RedisBus implements Bus {
    private static final String STREAM = "latent:chat";
    private static final String COUNT = "latent:chat:count";
    private static final String NAME = "latent:chat:name";
    private static final String ADD = """
        local n = redis.call('INCR', KEYS[2])
        redis.call('XADD', KEYS[1], 'MAXLEN', '~', 1000000, '0-' .. n, 'e', ARGV[1])
        return n\
        """;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int PIECE = 500;

    /** Between two tries to be connected again. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final String url;
    private final RedisClient client;
    private final ClientResources resources;
    private final StatefulRedisConnection<String, String> connection;
    private final String name;

    private RedisBus(
            String url,
            RedisClient client,
            ClientResources resources,
            StatefulRedisConnection<String, String> connection,
            String name) {
        this.url = url;
        this.client = client;
        this.resources = resources;
        this.connection = connection;
        this.name = name;
    }

    static Future<Bus> open(String url) {
        return async(() -> await(spawnBlocking(() -> connect(url))));
    }

    private static Bus connect(String url) throws IOException {
        RedisURI uri = RedisURI.create(url);
        uri.setTimeout(PATIENCE);
        ClientResources resources = ClientResources.builder()
                .reconnectDelay(Delay.exponential(Duration.ZERO, LONGEST, 2, TimeUnit.MILLISECONDS))
                .build();
        RedisClient client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder()
                .timeoutOptions(TimeoutOptions.enabled(PATIENCE))
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build());
        boolean isOpen = false;
        try {
            StatefulRedisConnection<String, String> connection = client.connect();
            connection.sync().set(NAME, UUID.randomUUID().toString(), SetArgs.Builder.nx());
            String name = connection.sync().get(NAME);
            isOpen = true;
            return new RedisBus(url, client, resources, connection, name);
        } catch (RedisException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(Secrets.hidden("no Redis answers at " + url + ": " + cause.getMessage()), e);
        } finally {
            if (!isOpen) {
                client.shutdown(Duration.ZERO, PATIENCE);
                resources.shutdown();
            }
        }
    }

    /** {@return where other nodes find it, without what lets them in} */
    @Override
    public String toString() {
        return Secrets.hidden(url);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    private static <T> Future<@Nullable T> ask(Supplier<CompletionStage<T>> question) {
        return async(() -> {
            try {
                return await(Futures.fromCompletionStage(question));
            } catch (RedisException e) {
                throw new IOException(e.getMessage(), e);
            }
        });
    }

    @Override
    public Future<Void> publish(Event event) {
        return async(() -> {
            String text = event.encode();
            await(ask(() ->
                    connection.async().<Long>eval(ADD, ScriptOutputType.INTEGER, new String[] {STREAM, COUNT}, text)));
        });
    }

    @Override
    public Future<Boolean> isSame() {
        return async(() -> name.equals(await(ask(() -> connection.async().get(NAME)))));
    }

    @Override
    public Future<Long> end() {
        return async(() -> {
            String count = await(ask(() -> connection.async().get(COUNT)));
            return count == null ? 0L : Long.parseLong(count);
        });
    }

    @Override
    public AsyncStream<Entry> from(long after) {
        return AsyncStream.generate(out -> {
            long read = after;
            // A read that waits keeps its connection from everything else.
            var own = await(spawnBlocking(this::another));
            try {
                while (true) {
                    String last = "0-" + read;
                    List<StreamMessage<String, String>> piece = await(ask(() -> read(own, last)));
                    if (piece != null) {
                        for (StreamMessage<String, String> message : piece) {
                            long number = Long.parseLong(message.getId().substring(2));
                            LetGo.check(read, number);
                            read = number;
                            Event event = Event.decode(message.getBody().getOrDefault("e", ""));
                            if (event != null) {
                                await(out.emit(new Entry(read, event)));
                            }
                        }
                    }
                }
            } finally {
                await(Futures.observe(own.closeAsync()));
            }
        });
    }

    @SuppressWarnings("unchecked") // the array of one that the call makes
    private static CompletionStage<List<StreamMessage<String, String>>> read(
            StatefulRedisConnection<String, String> own, String last) {
        return own.async().xread(XReadArgs.Builder.block(POLL).count(PIECE), XReadArgs.StreamOffset.from(STREAM, last));
    }

    private StatefulRedisConnection<String, String> another() throws IOException {
        try {
            return client.connect();
        } catch (RedisException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public Future<Void> closeAsync() {
        return async(() -> {
            await(Futures.observe(client.shutdownAsync()));
            resources.shutdown();
        });
    }

    @Override
    public void close() {
        client.shutdownAsync().whenComplete((_, _) -> resources.shutdown());
    }
}
