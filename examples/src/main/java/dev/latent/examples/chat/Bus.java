package dev.latent.examples.chat;

import dev.latent.AsyncCloseable;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.stream.AsyncStream;
import java.io.IOException;

/**
 * What the nodes of a chat share: a log of {@link Event}s, which gives each of them a number. Its order is the chat's only one: who has a name, what was said before what.
 * <a href="../../../../../../../../docs/adr/0030-the-logs-order-is-the-rooms.md">Why</a>.
 *
 * <p>It may hold an event twice, where a node did not get to know whether the first try was successful. It loses none that it has acknowledged.
 */
public interface Bus extends AsyncCloseable {
    /** An event and its number; of two events the later one has the higher. */
    record Entry(long number, Event event) {}

    /** The bus keeps so many events, or for so long, and has let go of some that were not read yet. */
    final class LetGo extends IOException {
        private static final long serialVersionUID = 1L;

        private final long first;

        private LetGo(long after, long first) {
            super("the bus has let go of %,d events that were not read yet".formatted(first - after - 1));
            this.first = first;
        }

        /** {@return the number of the first that is there} */
        public long first() {
            return first;
        }

        /** Fails unless event {@code number} comes next behind {@code after}, in a log that counts without a gap. */
        public static void check(long after, long number) throws LetGo {
            if (number > after + 1) {
                throw new LetGo(after, number);
            }
        }
    }

    /** {@return what tells this log from every other, such as one that was begun anew and counts from the start} */
    String name();

    /** {@return whether there may be other nodes on it} */
    boolean isShared();

    /**
     * {@return a future that is ready when the bus has {@code event} for good}
     *
     * <p>It fails with an {@link IOException} when that is not known within some seconds; the bus may have it all the same. Events of one caller who waits for each come in their order.
     *
     * <p><em>Cancel safety:</em> dropped, it is not known whether the bus has it.
     */
    Future<Void> publish(Event event);

    /**
     * {@return a future of whether it is still the log that it was}
     *
     * <p>One that was lost and begun anew, with a server without a disk, counts from the start: who has read the old one can't go on.
     */
    default Future<Boolean> isSame() {
        return Futures.ready(true);
    }

    /** {@return a future of the number of the last event that it has} */
    Future<Long> end();

    /**
     * {@return all events after number {@code after}, in their order, and those to come; it never ends}
     *
     * <p>It waits for a bus that can't be reached, or fails with an {@link IOException}; then another may be asked for. It fails with {@link LetGo} where events are there no more.
     */
    AsyncStream<Entry> from(long after);
}
