package dev.latent.time;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Spawner;
import dev.latent.internal.Undelivered;
import dev.latent.world.Clock;
import dev.latent.world.MissingCapabilityException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Values that come out each at its own time: {@code next()} gives them in the order of their deadlines, and those of equal deadlines in the order
 * in which they were put in.
 *
 * {@snippet :
 * try (var sessions = DelayQueue.<Session>in(context().spawner())) {
 *     var key = sessions.insert(session, ofMinutes(30));
 *     sessions.reset(key, ofMinutes(30));          // it was used
 *     while (await(sessions.next()) instanceof Item(var expired)) {
 *         expired.end();
 *     }
 * }
 * }
 *
 * <p>Unlike {@link java.util.concurrent.DelayQueue} it knows the delays, not the values: any object will do, and its time may be changed. However many
 * there are in it, one timer runs, for who waits. Any thread may put in, take out and change; one {@code next} at a time may wait. While nothing is in
 * it, {@code next} waits for what is put in.
 *
 * <p>Closing it ends it; what is left in it is let go, and what of that is {@link dev.latent.Releasable} closed.
 *
 * <p><em>Cancel safety:</em> a {@code next} that is dropped takes nothing; one that found a value which nobody received has put it back, in its place.
 *
 * <p><em>Memory effects:</em> what happened before an insert is visible to who is given the value.
 *
 * @param <T> the values
 */
public final class DelayQueue<T> extends Scheduled<T, DelayQueue.Key<T>> {
    /** 146 years, so that no deadline overflows. */
    private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final Clock clock;
    private final TreeSet<Key<T>> keys = new TreeSet<>(Key::compare);
    private long numbers;

    /** The place of a value in its queue, as long as it is in there. */
    public static final class Key<T> {
        private final DelayQueue<T> queue;
        private final T value;
        private final long number;
        private long deadline;

        private Key(DelayQueue<T> queue, T value, long number, long deadline) {
            this.queue = queue;
            this.value = value;
            this.number = number;
            this.deadline = deadline;
        }

        private static int compare(Key<?> a, Key<?> b) {
            int byDeadline = Long.signum(a.deadline - b.deadline);
            return byDeadline != 0 ? byDeadline : Long.compare(a.number, b.number);
        }

        @Override
        public String toString() {
            return "key of " + queue;
        }
    }

    private DelayQueue(Clock clock) {
        this.clock = clock;
    }

    /**
     * {@return an empty queue, by the clock of {@code spawner}}
     *
     * @throws MissingCapabilityException when that has none
     */
    public static <T> DelayQueue<T> in(Spawner spawner) {
        return new DelayQueue<>(new Context(spawner).capability(Clock.class));
    }

    /**
     * Puts {@code value} in, to come out in {@code delay} from now; at once, if that is not positive.
     *
     * @return its key, for {@link #remove} and {@link #reset}
     * @throws IllegalStateException when the queue is closed: the value has not been taken
     */
    public Key<T> insert(T value, Duration delay) {
        Objects.requireNonNull(value);
        long deadline = deadline(delay);
        Key<T> key;
        boolean first;
        synchronized (lock) {
            if (!isOpen()) {
                throw new IllegalStateException(this + " is closed");
            }
            key = new Key<>(this, value, numbers++, deadline);
            keys.add(key);
            first = keys.first() == key;
        }
        if (first) {
            changed();
        }
        return key;
    }

    private long deadline(Duration delay) {
        return clock.nanoTime() + (delay.isNegative() ? 0 : (delay.compareTo(MOST) > 0 ? MOST : delay).toNanos());
    }

    /** {@return the value of {@code key}, taken out before its time, or null where it has come out already} */
    public @Nullable T remove(Key<T> key) {
        requireOwn(key);
        synchronized (lock) {
            return keys.remove(key) ? key.value : null;
        }
    }

    /**
     * Has the value of {@code key} come out in {@code delay} from now.
     *
     * @return false where it has come out already, and nothing changes
     */
    public boolean reset(Key<T> key, Duration delay) {
        requireOwn(key);
        long deadline = deadline(delay);
        boolean first;
        synchronized (lock) {
            if (!keys.remove(key)) {
                return false;
            }
            key.deadline = deadline;
            keys.add(key);
            first = keys.first() == key;
        }
        if (first) {
            changed();
        }
        return true;
    }

    private void requireOwn(Key<T> key) {
        if (key.queue != this) {
            throw new IllegalArgumentException(key + ", not of " + this);
        }
    }

    /** {@return how many values are in it} */
    public int size() {
        synchronized (lock) {
            return keys.size();
        }
    }

    @Override
    Clock clock(Context cx) {
        return clock;
    }

    @Override
    @Nullable
    Key<T> take(long now) {
        return untilDue(now) <= 0 ? keys.pollFirst() : null;
    }

    @Override
    long untilDue(long now) {
        return keys.isEmpty() ? NEVER : keys.first().deadline - now;
    }

    @Override
    T value(Key<T> key) {
        return key.value;
    }

    @Override
    void putBack(Key<T> key) {
        keys.add(key);
    }

    @Override
    void discard(Key<T> key) {
        Undelivered.discard(key.value);
    }

    @Override
    public void close() {
        if (!end()) {
            return;
        }
        List<Key<T>> left;
        synchronized (lock) {
            left = List.copyOf(keys);
            keys.clear();
        }
        for (Key<T> key : left) {
            Foreign.call(null, key.value, ", at its close", () -> discard(key));
        }
    }

    @Override
    public String toString() {
        return "DelayQueue of " + size();
    }
}
