package merge;

import dev.latent.Future;
import java.util.Map;

/**
 * A way to speak with one kind of database, over connections of type {@code C}. What happens to a connection, and how many there are, is the {@link Pool}'s business.
 *
 * <p>Each future does nothing before it is polled. None but {@link #connect} needs to do anything when it is dropped: the pool awaits them.
 */
interface Driver<C> {
    Future<C> connect();

    /** Makes the table of this service and what is in it, unless it is there. */
    Future<Void> fill(C connection);

    /** {@return a future of this database's part of a page, empty where it knows nothing of the product} */
    Future<Map<String, Object>> ask(C connection, Question question);

    /** Has the database stop what it does for {@code connection} now, if anything. What was asked there ends all the sooner. */
    Future<Void> cancel(C connection);

    /** {@return a future of how many questions of this service the database itself says it works on, beside this one} */
    Future<Integer> working(C connection);

    Future<Void> close(C connection);
}
