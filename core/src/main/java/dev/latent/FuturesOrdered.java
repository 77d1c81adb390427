package dev.latent;

import java.util.Collection;

/**
 * Any number of futures that run at the same time, and are told in the order in which they were added.
 *
 * {@snippet :
 * try (var sizes = FuturesOrdered.<Integer>create()) {
 *     for (var url : urls) sizes.add(size(url));
 *     while (await(sizes.next()) instanceof Item(var n)) sum += n;
 * }
 * }
 *
 * <p>They run on the task that asks, while it asks: only those that were woken are polled, in turns, so a set of 100,000 costs what is
 * going on in it. A future that fails is thrown by {@link #next}, and the set goes on. The end is told while the set is empty; what is
 * added later is told too.
 *
 * <p><em>Cancel safety:</em> dropping {@code next()} loses nothing; the futures stay in the set, unpolled until it is asked again. Closing the set drops them,
 * in the order in which they were added. Values that nobody received are {@linkplain Futures#onUndelivered undelivered}.
 *
 * <p><em>Memory effects:</em> belongs to one task; each poll of it happens-before the next.
 *
 * @param <T> what the futures become
 */
public final class FuturesOrdered<T> extends FuturesTold<T> {
    private FuturesOrdered() {
        super("FuturesOrdered", true);
    }

    /** {@return an empty set} */
    public static <T> FuturesOrdered<T> create() {
        return new FuturesOrdered<>();
    }

    /** {@return a set of these} It owns them, and none of them if one belongs to somebody else. */
    public static <T> FuturesOrdered<T> of(Collection<? extends Future<? extends T>> futures) {
        FuturesOrdered<T> all = new FuturesOrdered<>();
        all.addAll(futures);
        return all;
    }
}
