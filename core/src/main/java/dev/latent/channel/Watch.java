package dev.latent.channel;

import dev.latent.Future;
import dev.latent.Releasable;
import dev.latent.Source;
import dev.latent.WaiterList;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A value that changes, and those who want to know: a configuration, a state, progress. Only the latest value matters; who is slow sees
 * fewer.
 *
 * {@snippet :
 * var level = Watch.of(0);
 * level.set(3);
 * await(level.until(n -> n > 2));
 * }
 *
 * <p>Values belong to nobody: one that is replaced is neither closed nor given to anyone. They are not null. Thread-safe.
 * <em>Memory effects:</em> what happened before a {@link #set} is visible to who sees its value.
 *
 * <p>Value, version and end change together, as one immutable {@link State} in a volatile field, written under the lock of {@code waiting}. So to look takes no
 * lock, and no code of the program is called under one.
 */
public final class Watch<T> implements Releasable {
    /** @param version how often it has been set */
    record State<T>(T value, long version, boolean closed) {}

    final WaiterList waiting = WaiterList.create();
    private volatile State<T> state;

    private Watch(T initial) {
        state = new State<>(Objects.requireNonNull(initial), 0, false);
    }

    /** {@return one whose value is {@code initial} until it is set} */
    public static <T> Watch<T> of(T initial) {
        return new Watch<>(initial);
    }

    State<T> state() {
        return state;
    }

    /** {@return the value now} */
    public T get() {
        return state.value;
    }

    /**
     * Replaces the value, and tells those who wait; also by an equal one.
     *
     * @throws ChannelClosedException when this is closed
     */
    public void set(T value) {
        Objects.requireNonNull(value);
        State<T> now;
        do {
            now = state;
        } while (!change(now, value));
    }

    /**
     * Replaces the value by {@code function} of it, called again where another set came between, under no lock.
     *
     * @return the new value
     * @throws ChannelClosedException when this is closed
     */
    public T update(UnaryOperator<T> function) {
        while (true) {
            State<T> now = state;
            T value = Objects.requireNonNull(function.apply(now.value));
            if (change(now, value)) {
                return value;
            }
        }
    }

    private boolean change(State<T> from, T value) {
        if (from.closed) {
            throw new ChannelClosedException(this);
        }
        return replace(from, new State<>(value, from.version + 1, false));
    }

    private boolean replace(State<T> from, State<T> to) {
        waiting.lock();
        boolean same = state == from;
        if (same) {
            state = to;
        }
        waiting.unlock();
        if (same) {
            waiting.wakeAll();
        }
        return same;
    }

    /**
     * {@return a source of the value now, and of the latest one whenever it has been set since} The end comes behind the last value when this is
     * closed.
     *
     * <p><em>Cancel safety</em> of its {@code next}: nothing is lost, the value comes again.
     */
    public Source<T> changes() {
        return new Changes<>(this);
    }

    /**
     * {@return a future of the first value from now on that {@code condition} is true of} It looks at once, and then at the latest value whenever
     * that has been set; {@code condition} is called by the task that awaits.
     *
     * <p><em>Cancel safety:</em> nothing is lost, but a value that comes and goes between two of them is not seen by either.
     *
     * <p><em>Throws</em> {@link ChannelClosedException} when this is closed with a value for which it is not true, and whatever {@code condition} throws.
     */
    public Future<T> until(Predicate<? super T> condition) {
        return new Until<>(this, Objects.requireNonNull(condition));
    }

    /** {@return whether it can't be set any more} */
    public boolean isClosed() {
        return state.closed;
    }

    /** The value stays as it is, for ever. Closing twice does nothing. */
    @Override
    public void close() {
        while (true) {
            State<T> now = state;
            if (now.closed || replace(now, new State<>(now.value, now.version, true))) {
                return;
            }
        }
    }

    @Override
    public String toString() {
        return "watch";
    }
}
