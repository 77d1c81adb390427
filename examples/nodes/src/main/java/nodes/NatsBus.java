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
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.IterableConsumer;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.JetStreamStatusCheckedException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.OrderedConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A bus that is a stream of NATS: an event's number is its own there. What is published is a future of the client's; what comes is waited for on a thread of the blocking pool. */
final class NatsBus implements Bus {
    private static final String STREAM = "latent-chat";
    private static final String SUBJECT = "latent.chat";
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final String url;
    private final Connection connection;
    private final JetStream streams;
    private final String name;

    private NatsBus(String url, Connection connection, JetStream streams, String name) {
        this.url = url;
        this.connection = connection;
        this.streams = streams;
        this.name = name;
    }

    static Future<Bus> open(String url) {
        return async(() -> await(spawnBlocking(() -> connect(url))));
    }

    private static Bus connect(String url) throws IOException, InterruptedException {
        Options options = new Options.Builder()
                .server(url)
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(250))
                .errorListener(new Silence())
                .build();
        Connection connection = null;
        boolean isOpen = false;
        try {
            connection = Nats.connect(options);
            StreamConfiguration stream =
                    StreamConfiguration.builder().name(STREAM).subjects(SUBJECT).build();
            var streams = connection.jetStreamManagement();
            StreamInfo info = streams.getStreamNames().contains(STREAM)
                    ? streams.getStreamInfo(STREAM)
                    : streams.addStream(stream);
            JetStreamOptions patience =
                    JetStreamOptions.builder().requestTimeout(PATIENCE).build();
            NatsBus bus = new NatsBus(
                    url,
                    connection,
                    connection.jetStream(patience),
                    info.getCreateTime().toString());
            isOpen = true;
            return bus;
        } catch (IOException | JetStreamApiException e) {
            throw new IOException(
                    Secrets.hidden(
                            "no NATS with JetStream answers at " + url + " (nats-server -js): " + e.getMessage()),
                    e);
        } finally {
            if (connection != null && !isOpen) {
                connection.close();
            }
        }
    }

    /** {@return where other nodes find it, without what lets them in} */
    @Override
    public String toString() {
        return Secrets.hidden(url);
    }

    /** It says on the error stream what its methods say as well. */
    private static final class Silence implements ErrorListener {}

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Future<Void> publish(Event event) {
        return async(() -> {
            byte[] text = event.encode().getBytes(StandardCharsets.UTF_8);
            if (connection.getStatus() != Connection.Status.CONNECTED) {
                throw new IOException("NATS is not connected: " + connection.getStatus());
            }
            try {
                await(Futures.fromCompletionStage(() -> streams.publishAsync(SUBJECT, text)));
            } catch (JetStreamApiException | TimeoutException | RuntimeException e) {
                throw new IOException(e.getMessage(), e);
            }
        });
    }

    @Override
    public Future<Boolean> isSame() {
        return async(() -> await(spawnBlocking(() -> {
            try {
                var streams = connection.jetStreamManagement();
                return streams.getStreamNames().contains(STREAM)
                        && streams.getStreamInfo(STREAM)
                                .getCreateTime()
                                .toString()
                                .equals(name);
            } catch (JetStreamApiException e) {
                throw new IOException(e.getMessage(), e);
            }
        })));
    }

    @Override
    public Future<Long> end() {
        return async(() -> await(spawnBlocking(() -> {
            try {
                return connection
                        .jetStreamManagement()
                        .getStreamInfo(STREAM)
                        .getStreamState()
                        .getLastSequence();
            } catch (JetStreamApiException e) {
                throw new IOException(e.getMessage(), e);
            }
        })));
    }

    @Override
    public AsyncStream<Entry> from(long after) {
        return AsyncStream.generate(out -> {
            IterableConsumer messages = await(spawnBlocking(() -> consumer(after)));
            long read = after;
            try {
                while (true) {
                    Message message = await(spawnBlocking(() -> next(messages)));
                    if (message != null) {
                        long number = message.metaData().streamSequence();
                        LetGo.check(read, number);
                        read = number;
                        Event event = Event.decode(new String(message.getData(), StandardCharsets.UTF_8));
                        if (event != null) {
                            await(out.emit(new Entry(number, event)));
                        }
                    }
                }
            } finally {
                await(spawnBlocking(() -> {
                    messages.close();
                    return null;
                }));
            }
        });
    }

    private IterableConsumer consumer(long after) throws IOException {
        try {
            return connection
                    .getStreamContext(STREAM)
                    .createOrderedConsumer(new OrderedConsumerConfiguration()
                            .deliverPolicy(DeliverPolicy.ByStartSequence)
                            .startSequence(after + 1))
                    .iterate();
        } catch (JetStreamApiException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static @Nullable Message next(IterableConsumer messages) throws IOException, InterruptedException {
        try {
            return messages.nextMessage(POLL);
        } catch (JetStreamStatusCheckedException | IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public Future<Void> closeAsync() {
        return async(() -> {
            await(spawnBlocking(() -> {
                close();
                return null;
            }));
        });
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
