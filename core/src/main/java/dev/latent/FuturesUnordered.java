package dev.latent;

import dev.latent.internal.combine.CloseFuture;
import dev.latent.internal.combine.NextFuture;
import java.util.Collection;

/**
 * Any number of futures that run at the same time, and are told as they end.
 *
 * {@snippet :
 * try (var sizes = FuturesUnordered.<Integer>create()) {
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
public final class FuturesUnordered<T> implements Source<T>, AsyncCloseable {
    private final FutureSet<T> set = new FutureSet<>("FuturesUnordered", false);

    private FuturesUnordered() {}

    /** {@return an empty set} */
    public static <T> FuturesUnordered<T> create() {
        return new FuturesUnordered<>();
    }

    /** {@return a set of these} It owns them, and none of them if one belongs to somebody else. */
    public static <T> FuturesUnordered<T> of(Collection<? extends Future<? extends T>> futures) {
        FuturesUnordered<T> all = new FuturesUnordered<>();
        try {
            futures.forEach(all::add);
        } catch (RuntimeException e) {
            all.set.giveBack();
            throw e;
        }
        return all;
    }

    /**
     * Takes {@code future} over; it is polled when the set is next asked.
     *
     * @throws IllegalStateException when it has another owner, or the set is closed
     */
    public void add(Future<? extends T> future) {
        set.add(future);
    }

    /** {@return how many have not been told yet} */
    public int size() {
        return set.size();
    }

    /** {@return the value of whichever ends first} Throws what that one threw. */
    @Override
    @NowOr("nextNow")
    public Future<Next<T>> next() {
        return new NextFuture<>(set, false);
    }

    @Override
    public Future<Void> closeAsync() {
        return new CloseFuture(set);
    }

    @Override
    public void close() {
        set.closeNow();
    }

    @Override
    public String toString() {
        return set.toString();
    }
}
