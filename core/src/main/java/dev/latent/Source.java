package dev.latent;

import org.jspecify.annotations.Nullable;

/**
 * What gives values over time, one at a time, until its end: the receiving side of a channel, a stream, an interval, a set of tasks.
 *
 * {@snippet :
 * while (await(source.next()) instanceof Item(var value)) {
 *     await(handle(value));
 * }
 * }
 *
 * @param <T> the values
 */
public interface Source<T extends @Nullable Object> extends Releasable {
    /**
     * {@return a future of the next value, or of the end} Behind the end comes the end again.
     *
     * <p><em>Cancel safety:</em> nothing is lost. A value that had been found, but not yet been received, comes first the next time.
     */
    @NowOr("nextNow")
    Future<Next<T>> next();

    /**
     * As {@link #next}, if that were ready at its first poll; see {@link NowOr}.
     *
     * @param cx of the current poll
     * @return the {@link Next}, or {@link Poll#pending()}: nothing has happened, and {@link #next} has to be asked
     */
    default Object nextNow(Context cx) {
        return Poll.pending();
    }
}
