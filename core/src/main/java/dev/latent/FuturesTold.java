package dev.latent;

import dev.latent.internal.combine.CloseFuture;
import dev.latent.internal.combine.NextFuture;
import java.util.Collection;

/** What {@link FuturesOrdered} and {@link FuturesUnordered} have in common, which is all but the order. */
abstract sealed class FuturesTold<T> implements Source<T>, AsyncCloseable permits FuturesOrdered, FuturesUnordered {
    private final FutureSet<T> set;

    FuturesTold(String name, boolean ordered) {
        this.set = new FutureSet<>(name, ordered);
    }

    /** For {@code of}: takes all of {@code futures}, or none of them. */
    final void addAll(Collection<? extends Future<? extends T>> futures) {
        try {
            futures.forEach(set::add);
        } catch (RuntimeException e) {
            set.giveBack();
            throw e;
        }
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

    /**
     * {@return the value of the one whose turn it is, as soon as it has ended, or the end} Throws what that one threw.
     *
     * <p><em>Cancel safety:</em> nothing is lost.
     */
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
