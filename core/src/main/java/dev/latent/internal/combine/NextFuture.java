package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Next;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.internal.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code next()} of a {@link Pulled}. It holds nothing itself: dropped, it leaves all as it stands, for the next one to go on with.
 *
 * @param <T> the values
 */
public final class NextFuture<T> extends OwnedFuture<Next<T>> {
    /** What {@link Pulled#pull} returns at the end. */
    public static final Object END = new Object() {
        @Override
        public String toString() {
            return "End";
        }
    };

    private final Pulled<T> source;

    /** The value stays the next one. */
    private final boolean keeps;

    private @Nullable Waker waker;
    private boolean polling;

    /** Of the value that it gave. */
    private long number;

    /** Asks {@code source}, when it is polled. */
    public NextFuture(Pulled<T> source, boolean keeps) {
        this.source = source;
        this.keeps = keeps;
    }

    @Override
    protected Poll<Next<T>> pollOwned(Context cx) throws Exception {
        NextFuture<T> other = source.asker();
        if (other != null && other != this) {
            throw new IllegalStateException(this + " was asked for by " + Names.of(cx.waker()) + ", but "
                    + Names.of(other.waker) + " has asked already and waits. One asks at a time;"
                    + " for many, put a channel between, or share it");
        }
        source.asker(this);
        waker = cx.waker();
        boolean waits = false;
        polling = true;
        try {
            Object value = source.pull(cx);
            if (value == Owners.PENDING) {
                waits = true;
                return Poll.pending();
            }
            if (value == END) {
                return Poll.ready(Next.end());
            }
            T given = given(value);
            number = source.number();
            if (keeps) {
                source.putBack(given, number);
            }
            try {
                return Poll.ready(new Item<>(given));
            } catch (Throwable noMemory) {
                if (!keeps) {
                    source.putBack(given, number);
                }
                throw noMemory;
            }
        } finally {
            polling = false;
            if (!waits) {
                leave();
            }
        }
    }

    /** A value is null only where its type is Void, which admits null. */
    @SuppressWarnings({"unchecked", "NullAway"})
    private T given(@Nullable Object value) {
        return (T) value;
    }

    /** What is asked was closed meanwhile: whoever waits comes to see the end. */
    public void wake() {
        Foreign.wake(waker);
    }

    private void leave() {
        waker = null;
        if (source.asker() == this) {
            source.asker(null);
        }
    }

    @Override
    protected boolean isBeingPolled() {
        return polling;
    }

    @Override
    protected List<Future<?>> children() {
        List<Future<?>> all = new ArrayList<>();
        source.children(all);
        return all;
    }

    @Override
    protected void dropOwned() {
        leave();
    }

    @Override
    protected void undelivered(Next<T> next) {
        if (!keeps && next instanceof Item<T>(var value)) {
            source.putBack(value, number);
        }
    }

    @Override
    public String toString() {
        return (keeps ? "peek() of " : "next() of ") + source;
    }
}
