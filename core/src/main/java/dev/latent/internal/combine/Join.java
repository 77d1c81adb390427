package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.internal.Sneaky;
import org.jspecify.annotations.Nullable;

/** The join of two to four futures. */
public final class Join<T> extends Several<T> {
    private final Shape<T> shape;

    /** Null also where a child is not ready yet. */
    private final @Nullable Object[] values;

    /** The child to begin with: where the budget ended, or the first. */
    private int at;

    public Join(Shape<T> shape, Future<?>... children) {
        super(children);
        this.shape = shape;
        this.values = new @Nullable Object[children.length];
        claimAll();
    }

    @Override
    protected Poll<T> pollOwned(Context cx) {
        polledIn(cx);
        if (failure == null) {
            pollChildren(cx);
        }
        if (failure != null) {
            if (!dropLive(cx)) {
                return Poll.pending();
            }
            discardValues();
            throw Sneaky.rethrow(failure);
        }
        if (anyLive()) {
            return Poll.pending();
        }
        try {
            return Poll.ready(shape.of(values));
        } catch (Throwable noMemory) {
            discardValues();
            throw noMemory;
        }
    }

    private void pollChildren(Context cx) {
        int n = children.length;
        for (int done = 0, i = at; done < n; done++, i = i + 1 == n ? 0 : i + 1) {
            if (!isLive(i)) {
                continue;
            }
            if (done > 0 && cx.isSpent()) {
                at = i;
                cx.waker().wake();
                return;
            }
            try {
                if (pollChild(i, cx) instanceof Poll.Ready<?>(var value)) {
                    values[i] = value;
                }
            } catch (Throwable t) {
                failure = t;
                return;
            }
        }
        at = 0;
    }

    @Override
    void discardValues() {
        for (int i = 0; i < children.length; i++) {
            Object value = values[i];
            if (value != null) {
                values[i] = null;
                Owners.undelivered(children[i], value);
            }
        }
    }

    @Override
    protected void undelivered(T tuple) {
        discardValues();
    }

    @Override
    public String toString() {
        return "join of " + children.length;
    }

    /** What the values become together. */
    @FunctionalInterface
    public interface Shape<T> {
        T of(@Nullable Object[] values);
    }
}
