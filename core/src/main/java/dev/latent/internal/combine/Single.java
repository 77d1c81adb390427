package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A future around one other, which it owns. */
public abstract class Single<A, T> extends OwnedFuture<T> {
    private @Nullable Future<? extends A> inner;

    protected Single() {}

    /** Takes {@code next} in; it may be polled from now on. */
    protected final void take(Future<? extends A> next) {
        Owners.claim(next, this);
        inner = next;
    }

    /** {@return the inner future, also when it has ended} */
    protected final @Nullable Future<? extends A> inner() {
        return inner;
    }

    @SuppressWarnings("unchecked")
    protected final Poll<A> pollInner(Context cx) throws Exception {
        return Owners.poll((Future<A>) java.util.Objects.requireNonNull(inner), this, cx);
    }

    @Override
    protected final List<? extends Future<?>> children() {
        return inner == null ? List.of() : List.of(inner);
    }

    @Override
    protected final boolean isBeingPolled() {
        return inner != null && Owners.isBeingPolled(inner);
    }

    @Override
    protected void dropOwned() {
        if (inner != null) {
            Owners.drop(inner, this);
        }
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        return inner == null ? Poll.done() : Owners.pollDrop(inner, this, cx);
    }

    /** What became of {@code inner} is of no use to anybody. */
    protected final void undeliveredInner(@Nullable Object value) {
        if (inner != null) {
            Owners.undelivered(inner, value);
        }
    }
}
