package dev.latent.internal.combine;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.internal.Sneaky;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link Async#join(Collection)}: the values of any number of futures. */
public final class JoinAll<T> extends Many<List<T>> {
    public JoinAll(int atOnce, Collection<? extends Future<? extends T>> futures) {
        super(atOnce, futures.toArray(Future<?>[]::new));
        claimAll();
    }

    @Override
    void childEnded(Slot slot, @Nullable Throwable thrown) {
        if (thrown != null) {
            failure = thrown;
            beginDropping();
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    List<T> outcome() {
        if (failure != null) {
            throw Sneaky.rethrow(failure);
        }
        return (List<T>) Collections.unmodifiableList(
                Arrays.asList(Arrays.stream(slots).map(s -> s.value).toArray()));
    }

    @Override
    public String toString() {
        return "join of " + slots.length;
    }
}
