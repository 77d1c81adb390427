package dev.latent.time;

import dev.latent.Context;
import dev.latent.world.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Ticks, one in each period, the first of them at once.
 *
 * {@snippet :
 * var seconds = Interval.every(ofSeconds(1)).onMissed(SKIP);
 * while (await(seconds.next()) instanceof Item(var tick)) {
 *     await(report(tick));
 * }
 * }
 *
 * <p>Time counts from the first poll of a {@link #next}, by the clock of the executor that polls; under another one it goes on for the rest. Nothing runs
 * between two ticks: who asks late finds that some have been missed, and {@link Missed} says what then. A sleep in a loop drifts by as long
 * as its body takes, an interval does not.
 *
 * <p>A tick is its number in the schedule, from 0. One {@code next} at a time may wait. Closing it, on any thread, ends it, and wakes who waits; there is
 * nothing in it that would have to be closed.
 *
 * <p><em>Cancel safety:</em> a {@code next} that is dropped takes no tick; one that found a tick which nobody received has given it back.
 */
public final class Interval extends Scheduled<Long, Long> {
    /** What becomes of ticks whose time has passed before anybody asked. */
    public enum Missed {
        /** They come one after the other, without a pause, until the schedule is caught up with. */
        BURST,
        /** The schedule moves: the next tick comes a period after the late one was taken. They are numbered on. */
        DELAY,
        /** Only the last one comes, at once, and the next as scheduled: the numbers tell how many were left out. */
        SKIP
    }

    /** 146 years, so that no deadline overflows. */
    private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final long period;
    private Missed missed = Missed.BURST;

    /** When tick {@link #count} is due; from the first poll, as long as there is no clock. */
    private long due;

    private long count;
    private @Nullable Clock clock;

    /** Ticks that nobody received. */
    private final PriorityQueue<Long> back = new PriorityQueue<>(1);

    private Interval(Duration period) {
        if (!period.isPositive()) {
            throw new IllegalArgumentException("an interval of " + period + ", which has to be positive");
        }
        this.period = (period.compareTo(MOST) > 0 ? MOST : period).toNanos();
    }

    /**
     * {@return an interval of {@code period}}
     *
     * @throws IllegalArgumentException when that is not positive
     */
    public static Interval every(Duration period) {
        return new Interval(period);
    }

    /** {@return this interval, with what becomes of ticks that were missed}; {@link Missed#BURST} by default. */
    public Interval onMissed(Missed then) {
        synchronized (lock) {
            missed = Objects.requireNonNull(then);
        }
        return this;
    }

    /**
     * Has the next tick come a period from now, whatever was due before; called before the first poll, a period from that. Ticks are numbered on.
     */
    public void reset() {
        Clock its;
        synchronized (lock) {
            its = clock;
        }
        long now = its == null ? 0 : its.nanoTime();
        synchronized (lock) {
            due = now + period;
            back.clear();
        }
        changed();
    }

    @Override
    Clock clock(Context cx) {
        Clock its = cx.capability(Clock.class);
        Clock before;
        synchronized (lock) {
            before = clock;
        }
        if (its != before) {
            long by = its.nanoTime() - (before == null ? 0 : before.nanoTime());
            synchronized (lock) {
                due += by;
                clock = its;
            }
        }
        return its;
    }

    @Override
    @Nullable
    Long take(long now) {
        if (!back.isEmpty()) {
            return back.remove();
        }
        long late = now - due;
        if (late < 0) {
            return null;
        }
        switch (missed) {
            case BURST -> due += period;
            case DELAY -> due = now + period;
            case SKIP -> {
                long left = late / period;
                count += left;
                due += (left + 1) * period;
            }
        }
        return count++;
    }

    @Override
    long untilDue(long now) {
        return due - now;
    }

    @Override
    Long value(Long tick) {
        return tick;
    }

    @Override
    void putBack(Long tick) {
        back.add(tick);
    }

    @Override
    public void close() {
        end();
    }

    @Override
    public String toString() {
        return "interval of " + Duration.ofNanos(period);
    }
}
