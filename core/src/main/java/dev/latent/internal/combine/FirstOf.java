package dev.latent.internal.combine;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.internal.Failures;
import dev.latent.internal.Sneaky;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Async#race} and {@link Async#selectOk}: the first of any number of futures; the others are dropped before that is told. */
public final class FirstOf<T> extends Many<T> {
    /** A failure does not count as long as another may still succeed. */
    private final boolean successOnly;

    /** Those that do not count, as long as this has not failed by them. */
    private final List<Throwable> failures = new ArrayList<>(0);

    private @Nullable Slot winner;

    public FirstOf(boolean successOnly, Collection<? extends Future<? extends T>> futures) {
        super(Integer.MAX_VALUE, futures.toArray(Future<?>[]::new));
        this.successOnly = successOnly;
        if (slots.length == 0) {
            throw new IllegalArgumentException(this + ": there is none that could be first");
        }
        claimAll();
    }

    @Override
    void childEnded(Slot slot, @Nullable Throwable thrown) {
        if (thrown == null) {
            winner = slot;
        } else if (successOnly) {
            failures.add(thrown);
            return;
        } else {
            failure = thrown;
        }
        beginDropping();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // null only where its type is Void, which admits null
    T outcome() {
        if (winner != null) {
            return (T) winner.value;
        }
        if (failure != null) {
            throw Sneaky.rethrow(failure);
        }
        Throwable last = failures.removeLast();
        failures.forEach(earlier -> Failures.add(last, earlier));
        throw Sneaky.rethrow(last);
    }

    @Override
    public String toString() {
        return (successOnly ? "selectOk of " : "race of ") + slots.length;
    }
}
