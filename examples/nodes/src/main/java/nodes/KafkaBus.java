package nodes;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.spawnBlocking;

import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.examples.chat.Bus;
import dev.latent.examples.chat.Event;
import dev.latent.stream.AsyncStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A bus that is a topic of Kafka with one partition: an event's number is its offset and one.
 *
 * <p>The producer calls back, which a future hears by itself. It never blocks whoever calls it: where it knows no broker, or its buffer is full, it refuses. The consumer is asked and
 * blocks, one call at a time, on a thread of the blocking pool.
 */
final class KafkaBus implements Bus {
    private static final String TOPIC = "latent-chat";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final int OPEN_SECONDS = 10;
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofMillis(50);

    private final String address;
    private final @Nullable KafkaBroker broker;
    private final Admin admin;
    private final KafkaProducer<String, String> producer;
    private final String name;

    private KafkaBus(
            String address,
            @Nullable KafkaBroker broker,
            Admin admin,
            KafkaProducer<String, String> producer,
            String name) {
        this.address = address;
        this.broker = broker;
        this.admin = admin;
        this.producer = producer;
        this.name = name;
    }

    /**
     * {@return a future of the bus}
     *
     * @param address {@code host:port}
     */
    static Future<Bus> open(String address) {
        return async(() -> await(spawnBlocking(() -> connect(address, null))));
    }

    /** {@return a future of the bus of a Kafka that is started for it, and goes with it} */
    static Future<Bus> own() {
        return async(() -> await(spawnBlocking(() -> {
            KafkaBroker broker = KafkaBroker.start(0);
            return connect(broker.address(), broker);
        })));
    }

    private static Bus connect(String address, @Nullable KafkaBroker broker) throws IOException, InterruptedException {
        Admin admin = null;
        KafkaProducer<String, String> producer = null;
        boolean isOpen = false;
        try {
            admin = admin(address);
            String name = topic(admin);
            producer = producer(address);
            awaitTopic(producer);
            KafkaBus bus = new KafkaBus(address, broker, admin, producer, name);
            isOpen = true;
            return bus;
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new IOException("no Kafka answers at " + address + ": " + cause.getMessage(), e);
        } finally {
            if (!isOpen) {
                close(producer, admin, broker);
            }
        }
    }

    private static Admin admin(String address) {
        return Admin.create(Map.of(
                "bootstrap.servers",
                address,
                "default.api.timeout.ms",
                OPEN_SECONDS * 1000,
                "request.timeout.ms",
                5000));
    }

    /** {@return the id of the topic, which is made where it is not there} */
    private static String topic(Admin admin) throws ExecutionException, InterruptedException {
        try {
            var topic = new NewTopic(TOPIC, 1, (short) 1);
            return admin.createTopics(List.of(topic)).topicId(TOPIC).get().toString();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return admin.describeTopics(List.of(TOPIC))
                        .allTopicNames()
                        .get()
                        .get(TOPIC)
                        .topicId()
                        .toString();
            }
            throw e;
        }
    }

    private static KafkaProducer<String, String> producer(String address) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", address,
                "acks", "all",
                "enable.idempotence", true,
                "linger.ms", 1,
                "max.block.ms", 0,
                "request.timeout.ms", 3000,
                "delivery.timeout.ms", 5000);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** Until the producer knows where the topic is; it does not wait for that itself. */
    private static void awaitTopic(KafkaProducer<String, String> producer) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(OPEN_SECONDS).toNanos();
        while (true) {
            try {
                producer.partitionsFor(TOPIC);
                return;
            } catch (KafkaException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(RETRY);
            }
        }
    }

    /** {@return where other nodes find it} */
    @Override
    public String toString() {
        return "kafka://" + address;
    }

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
            try {
                await(Futures.fromCompletionStage(() -> send(event.encode())));
            } catch (KafkaException e) {
                throw new IOException(e.getMessage(), e);
            }
        });
    }

    private CompletableFuture<Long> send(String text) {
        CompletableFuture<Long> sent = new CompletableFuture<>();
        producer.send(new ProducerRecord<>(TOPIC, 0, null, text), (at, failure) -> {
            if (failure == null) {
                sent.complete(at.offset());
            } else {
                sent.completeExceptionally(failure);
            }
        });
        return sent;
    }

    @Override
    public Future<Boolean> isSame() {
        return async(() -> {
            try {
                var topic =
                        admin.describeTopics(List.of(TOPIC)).topicNameValues().get(TOPIC);
                return await(Futures.observe(topic.toCompletionStage()))
                        .topicId()
                        .toString()
                        .equals(name);
            } catch (UnknownTopicOrPartitionException e) {
                return false;
            } catch (KafkaException e) {
                throw new IOException(e.getMessage(), e);
            }
        });
    }

    @Override
    public Future<Long> end() {
        return async(() -> {
            try {
                var offsets = admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()));
                return await(Futures.observe(offsets.partitionResult(PARTITION).toCompletionStage()))
                        .offset();
            } catch (KafkaException e) {
                throw new IOException(e.getMessage(), e);
            }
        });
    }

    @Override
    public AsyncStream<Entry> from(long after) {
        return AsyncStream.generate(out -> {
            Reader reader = new Reader(address, after);
            long read = after;
            try {
                while (true) {
                    for (ConsumerRecord<String, String> record : await(spawnBlocking(reader::poll))) {
                        long number = record.offset() + 1;
                        LetGo.check(read, number);
                        read = number;
                        Event event = Event.decode(record.value());
                        if (event != null) {
                            await(out.emit(new Entry(number, event)));
                        }
                    }
                }
            } finally {
                await(spawnBlocking(reader::close));
            }
        });
    }

    /** A consumer, which is one thread's at a time: who closes it waits until an interrupted poll is out. */
    private static final class Reader {
        private final String address;
        private final long after;
        private @Nullable KafkaConsumer<String, String> consumer;

        Reader(String address, long after) {
            this.address = address;
            this.after = after;
        }

        synchronized ConsumerRecords<String, String> poll() throws IOException, InterruptedException {
            try {
                if (consumer == null) {
                    Map<String, Object> settings = Map.of(
                            "bootstrap.servers", address, "enable.auto.commit", false, "auto.offset.reset", "earliest");
                    consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
                    consumer.assign(List.of(PARTITION));
                    consumer.seek(PARTITION, after);
                }
                return consumer.poll(POLL);
            } catch (InterruptException e) {
                throw new InterruptedException(e.getMessage());
            } catch (KafkaException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        synchronized @Nullable Void close() {
            if (consumer != null) {
                consumer.close(CloseOptions.timeout(Duration.ZERO));
                consumer = null;
            }
            return null;
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

    /** Blocks until all that is the bus's has ended. */
    @Override
    public void close() {
        close(producer, admin, broker);
    }

    private static void close(
            @Nullable KafkaProducer<String, String> producer, @Nullable Admin admin, @Nullable KafkaBroker broker) {
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
        if (broker != null) {
            broker.close();
        }
    }
}
