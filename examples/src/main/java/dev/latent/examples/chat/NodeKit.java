package dev.latent.examples.chat;

import dev.latent.Future;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** What makes a chat of several nodes: real buses and databases. They are heavy and stand in a module of their own; {@link #find} finds it where it is there. */
public interface NodeKit {
    /**
     * {@return a future of the bus at {@code url}}
     *
     * @param url {@code kafka://host:port}, {@code nats://host:port} or {@code redis://host:port}, or {@code kafka} for a Kafka of this process
     * @throws IllegalArgumentException when it is none
     */
    Future<Bus> bus(String url);

    /**
     * {@return a future of the history in the database {@code where}, of the log called {@code log}}
     *
     * @param where a file for H2, or a {@code jdbc:} address; null: a file of H2 that goes with it
     */
    Future<History> history(@Nullable String where, String log);

    /** {@return the kit, where its module is on the class path} */
    static Optional<NodeKit> find() {
        return ServiceLoader.load(NodeKit.class).findFirst();
    }
}
