package dev.latent.runtime;

import dev.latent.Waker;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sleeps by deadline: adding and removing one costs the same however many there are. Not thread-safe; {@link TimerClock}s guard
 * it.
 *
 * <p>A hierarchical timing wheel (Varghese and Lauck, SOSP 1987, scheme 7), as in tokio. Time counts in ticks. On level 0 a
 * slot is one tick, on each next level 64 times the one below. A sleep stands on the level of the highest 6-bit digit in which
 * its due tick differs from the current one; as time enters a slot of an upper level, its sleeps move down. Each level
 * remembers its occupied slots in one long, so empty time is skipped and not walked.
 *
 * <pre>
 *   level 1   [ 0 | 1 | 2 | 3 | … | 63 ]      a slot: 64 ticks
 *                 └── enters: moves down
 *   level 0   [ 0 | 1 | 2 | 3 | … | 63 ]      a slot: 1 tick
 *                         └── enters: fires
 * </pre>
 *
 * <p>A slot is a ring of sleeps through a sentinel, so a sleep is taken out without knowing its slot. The bit of a slot that
 * became empty by such removals stays until time enters it.
 *
 * <p>Two goals compete in the tick's length: few wakes of the executor when many deadlines lie close together, and little
 * delay. A sleep is never early, and late by less than a tick; sleeps of one tick fire in the order in which they were added.
 */
final class TimerWheel {
    /** A tick is 2^18 ns, a quarter of a millisecond. */
    private static final int TICK_BITS = 18;

    private static final int DIGIT_BITS = 6;
    private static final int DIGITS = 1 << DIGIT_BITS;

    /** Six digits of ticks: 208 days. What is due later stands in the last level and is looked at again. */
    private static final int LEVELS = 6;

    private static final long SPAN = 1L << LEVELS * DIGIT_BITS;

    private final long origin;
    private final long[] occupied = new long[LEVELS];
    private @Nullable Sleep @Nullable [] slots;
    private long now;
    private int size;

    /** @param origin a time that is not later than the present */
    TimerWheel(long origin) {
        this.origin = origin;
    }

    int size() {
        return size;
    }

    /** {@return false, and adds nothing, when it has become due} Its deadline must have been ahead of the origin. */
    boolean add(Sleep sleep) {
        long due = dueTick(sleep);
        if (due <= now) {
            return false;
        }
        link(sleep, due);
        size++;
        return true;
    }

    void remove(Sleep sleep) {
        unlink(sleep);
        sleep.waker = null;
        size--;
    }

    static boolean holds(Sleep sleep) {
        return sleep.previous != null;
    }

    /** Hands over the wakers of all sleeps that are due at {@code nanoTime}. */
    @SuppressWarnings("NullAway") // an occupied slot exists
    void fire(long nanoTime, Consumer<Waker> woken) {
        long to = (nanoTime - origin) >> TICK_BITS;
        while (size > 0) {
            int level = lowest();
            if (level < 0) {
                break;
            }
            int slot = nextSlot(level);
            long tick = tickOf(level, slot);
            if (tick > to) {
                break;
            }
            now = Math.max(now, tick);
            occupied[level] &= ~(1L << slot);
            enter(slots[level * DIGITS + slot], woken);
        }
        now = Math.max(now, to);
        if (size == 0) {
            for (int level = 0; level < LEVELS; level++) {
                occupied[level] = 0;
            }
        }
    }

    /** {@return nanoseconds from {@code nanoTime} until {@link #fire} has something to do; {@link Long#MAX_VALUE}: never} */
    long untilNext(long nanoTime) {
        int level = size == 0 ? -1 : lowest();
        if (level < 0) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, (tickOf(level, nextSlot(level)) << TICK_BITS) - (nanoTime - origin));
    }

    private void enter(@Nullable Sleep ring, Consumer<Waker> woken) {
        if (ring == null) {
            return;
        }
        for (Sleep sleep = ring.next; sleep != ring && sleep != null; sleep = ring.next) {
            unlink(sleep);
            long due = dueTick(sleep);
            if (due > now) {
                link(sleep, due);
                continue;
            }
            size--;
            Waker waker = sleep.waker;
            sleep.waker = null;
            if (waker != null) {
                woken.accept(waker);
            }
        }
    }

    /** {@return the deadline in nanoseconds from {@code origin}} A sleep is added before it is due, so below zero means overflow. */
    static long offset(Sleep sleep, long origin) {
        long nanos = sleep.deadline - origin;
        return nanos < 0 ? Long.MAX_VALUE - 1 : nanos;
    }

    private long dueTick(Sleep sleep) {
        long nanos = offset(sleep, origin);
        return (nanos >> TICK_BITS) + ((nanos & (1L << TICK_BITS) - 1) == 0 ? 0 : 1);
    }

    @SuppressWarnings("NullAway") // a ring is closed
    private void link(Sleep sleep, long due) {
        long tick = due - now < SPAN ? due : now + SPAN - 1;
        int level = Math.min(LEVELS - 1, (63 - Long.numberOfLeadingZeros(tick ^ now)) / DIGIT_BITS);
        int slot = (int) (tick >>> level * DIGIT_BITS) & DIGITS - 1;
        occupied[level] |= 1L << slot;
        if (slots == null) {
            slots = new Sleep[LEVELS * DIGITS];
        }
        Sleep ring = slots[level * DIGITS + slot];
        if (ring == null) {
            ring = new Sleep(sleep.clock, 0);
            ring.previous = ring;
            ring.next = ring;
            slots[level * DIGITS + slot] = ring;
        }
        Sleep last = ring.previous;
        sleep.previous = last;
        sleep.next = ring;
        last.next = sleep;
        ring.previous = sleep;
    }

    @SuppressWarnings("NullAway") // a ring is closed
    private static void unlink(Sleep sleep) {
        Sleep previous = sleep.previous;
        Sleep next = sleep.next;
        previous.next = next;
        next.previous = previous;
        sleep.previous = null;
        sleep.next = null;
    }

    /** {@return the lowest level with an occupied slot: whatever stands higher is due later} */
    private int lowest() {
        for (int level = 0; level < LEVELS; level++) {
            if (occupied[level] != 0) {
                return level;
            }
        }
        return -1;
    }

    /** {@return the occupied slot that time enters first} */
    private int nextSlot(int level) {
        int current = (int) (now >>> level * DIGIT_BITS) & DIGITS - 1;
        int from = current + 1 & DIGITS - 1;
        return from + Long.numberOfTrailingZeros(Long.rotateRight(occupied[level], from)) & DIGITS - 1;
    }

    private long tickOf(int level, int slot) {
        int shift = level * DIGIT_BITS;
        long tick = (now & -1L << shift + DIGIT_BITS) + ((long) slot << shift);
        return tick > now ? tick : tick + (1L << shift + DIGIT_BITS);
    }
}
