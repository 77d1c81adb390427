package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.internal.Sneaky;
import org.jspecify.annotations.Nullable;

/** The first of a few futures; the others are dropped before that is told. */
public final class Select<T> extends Several<T> {
    private static final int NONE = -1;

    private final Shape<T> shape;
    private final boolean biased;

    /** The child to begin with; {@link #NONE} before the first poll. */
    private int at = NONE;

    private int winner = NONE;
    private @Nullable Object value;

    public Select(boolean biased, Shape<T> shape, Future<?>... children) {
        super(children);
        this.biased = biased;
        this.shape = shape;
        claimAll();
    }

    @Override
    protected Poll<T> pollOwned(Context cx) {
        polledIn(cx);
        if (winner == NONE) {
            pollChildren(cx);
        }
        if (winner == NONE || !dropLive(cx)) {
            return Poll.pending();
        }
        if (failure != null) {
            throw Sneaky.rethrow(failure);
        }
        try {
            return Poll.ready(shaped());
        } catch (Throwable noMemory) {
            discardValues();
            throw noMemory;
        }
    }

    /** The value is null only where its type is Void, which admits null. */
    @SuppressWarnings("NullAway")
    private T shaped() {
        return shape.of(winner, value);
    }

    private void pollChildren(Context cx) {
        int n = children.length;
        if (at == NONE) {
            try {
                at = biased ? 0 : cx.pick(n);
            } catch (Throwable noRandomness) {
                winner = 0; // the children are dropped all the same
                failure = noRandomness;
                return;
            }
        }
        for (int done = 0, i = at; done < n; done++, i = i + 1 == n ? 0 : i + 1) {
            if (done > 0 && cx.isSpent()) {
                at = i;
                cx.waker().wake();
                return;
            }
            try {
                if (pollChild(i, cx) instanceof Poll.Ready<?>(var ready)) {
                    winner = i;
                    value = ready;
                    return;
                }
            } catch (Throwable t) {
                winner = i;
                failure = t;
                return;
            }
        }
        at = biased ? 0 : (at + 1) % n;
    }

    @Override
    void discardValues() {
        if (value != null) {
            Owners.undelivered(children[winner], value);
            value = null;
        }
    }

    @Override
    protected void undelivered(T told) {
        discardValues();
    }

    @Override
    public String toString() {
        return "select of " + children.length;
    }

    /** What the winner's value becomes. */
    @FunctionalInterface
    public interface Shape<T> {
        T of(int winner, Object value);
    }
}
