package dev.latent.runtime.time;

import dev.latent.Waker;
import dev.latent.world.Alarm;
import dev.latent.world.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Alarms by deadline: adding and removing one costs the same however many there are. Not thread-safe; {@link WheelTimers} guard it.
 *
 * <p>A hierarchical timing wheel (Varghese and Lauck, SOSP 1987, scheme 7), as in tokio. Time counts in grains, see
 * {@link Clock#grain}. On level 0 a slot is one grain, on each next level 64 times the one below. An alarm stands on the level of the
 * highest 6-bit digit in which its due grain differs from the current one; as time enters a slot of an upper level, its alarms move
 * down. So on each level only slots ahead of time are occupied, and what stands higher is due later. Each level remembers its occupied
 * slots in one long, so empty time is skipped and not walked.
 *
 * <pre>
 *   level 1   [ 0 | 1 | 2 | 3 | … | 63 ]      a slot: 64 grains
 *                 └── enters: moves down
 *   level 0   [ 0 | 1 | 2 | 3 | … | 63 ]      a slot: 1 grain
 *                         └── enters: fires
 * </pre>
 *
 * <p>A slot is a ring of alarms through a sentinel, so an alarm is taken out without knowing its slot. The bit of a slot that became
 * empty by such removals stays until somebody looks.
 *
 * <p>The first deadline of a slot is found by dividing the slot, ahead of time, into those of the level below, and the first of these in turn,
 * until there are few to look at. Time enters a divided slot without moving its alarms.
 *
 * <p>An alarm is never early, and late by less than a grain; alarms of one grain fire in the order in which they were added. So over a
 * clock whose grain is a nanosecond, they fire in the order of their deadlines, those of equal deadlines in the order of their adding.
 */
public final class TimerWheel {
    static final int DIGIT_BITS = 6;
    static final int DIGITS = 1 << DIGIT_BITS;

    /** The last deadline, in nanoseconds, so that its grain's end does not overflow. */
    private static final long MOST = 1L << 62;

    private final long origin;

    /** A grain is this power of two, in nanoseconds. */
    private final int grainBits;

    private final long[] occupied;
    private @Nullable Slot @Nullable [] slots;
    private long now;
    private int size;

    /** Alarms that {@link Slot#first} has looked at; for tests. */
    long looks;

    /** Time begins now. */
    public TimerWheel(Clock clock) {
        this(clock.nanoTime(), clock.grain());
    }

    /**
     * @param origin a time that is not later than the present
     * @param grain in nanoseconds; rounded down to a power of two
     */
    public TimerWheel(long origin, long grain) {
        this.origin = origin;
        this.grainBits = 63 - Long.numberOfLeadingZeros(Math.max(1, grain));
        this.occupied = new long[(Long.SIZE - 1 - grainBits + DIGIT_BITS - 1) / DIGIT_BITS];
    }

    int size() {
        return size;
    }

    /** {@return false, and adds nothing, when it is due already} */
    public boolean add(Alarm alarm) {
        long due = dueGrain(alarm);
        if (due <= now) {
            return false;
        }
        link(alarm, ringAt(due));
        size++;
        return true;
    }

    public void remove(Alarm alarm) {
        unlink(alarm);
        alarm.waker = null;
        size--;
    }

    public static boolean holds(Alarm alarm) {
        return alarm.previous != null;
    }

    public static boolean hasFired(Alarm alarm) {
        return alarm.next == alarm;
    }

    /**
     * {@return how many alarms are due at {@code nanoTime}} They are taken out, and their wakers put into {@code woken}: as many as there is
     * room for: then the next call goes on.
     */
    public int fire(long nanoTime, @Nullable Waker[] woken) {
        long to = (nanoTime - origin) >> grainBits;
        int count = 0;
        while (size > 0) {
            int level = lowest();
            int slot = Long.numberOfTrailingZeros(occupied[level]);
            long start = startOf(level, slot);
            if (start > to) {
                break;
            }
            now = start;
            Slot ring = slot(level, slot);
            if (ring.inner != null) {
                moveDown(level, ring, ring.inner);
            } else if (level > 0) {
                try {
                    moveDown(ring);
                } catch (OutOfMemoryError e) {
                    if (count == 0) {
                        throw e;
                    }
                    return count; // those are out already, and to be woken; the next call goes on here
                }
            } else {
                count = takeOut(ring, woken, count);
                if (count == woken.length) {
                    return count;
                }
            }
            occupied[level] &= ~(1L << slot); // last: what could not be moved is found again
        }
        now = Math.max(now, to);
        if (size == 0) {
            for (int level = 0; level < occupied.length; level++) {
                occupied[level] = 0;
            }
        }
        return count;
    }

    /**
     * {@return nanoseconds from {@code nanoTime} until {@link #fire} may have something to do; {@link Long#MAX_VALUE}: never} Over a clock
     * whose grain is a nanosecond, until the first deadline.
     */
    public long untilNext(long nanoTime) {
        while (size > 0) {
            int level = lowest();
            int slot = Long.numberOfTrailingZeros(occupied[level]);
            long next = grainBits == 0 ? slot(level, slot).first(level, this) : firstGrain(level, slot);
            if (next != Slot.NONE) {
                return Math.max(0, (next << grainBits) - (nanoTime - origin));
            }
            occupied[level] &= ~(1L << slot);
        }
        return Long.MAX_VALUE;
    }

    private long firstGrain(int level, int slot) {
        Alarm ring = slot(level, slot);
        return ring.next == ring ? Slot.NONE : startOf(level, slot);
    }

    /** Time enters a divided slot: those within it are the slots of the next lower level now, on which there is no alarm. */
    @SuppressWarnings("NullAway") // there was an alarm
    private void moveDown(int level, Slot slot, Slot[] inner) {
        System.arraycopy(inner, 0, slots, (level - 1) * DIGITS, DIGITS);
        occupied[level - 1] = slot.occupied;
        slot.inner = null;
    }

    /** What is due now moves to the slot of the present. */
    @SuppressWarnings("NullAway") // a ring is closed
    private void moveDown(Slot ring) {
        Alarm alarm = ring.next;
        try {
            while (alarm != ring) {
                Alarm next = alarm.next;
                link(alarm, ringAt(dueGrain(alarm)));
                alarm = next;
            }
        } finally {
            ring.startAt(alarm); // there may have been no memory for a slot
        }
    }

    @SuppressWarnings("NullAway") // a ring is closed
    private int takeOut(Slot ring, @Nullable Waker[] woken, int from) {
        int count = from;
        Alarm alarm = ring.next;
        while (alarm != ring && count < woken.length) {
            Waker waker = alarm.waker;
            if (waker != null) {
                woken[count++] = waker;
            }
            Alarm next = alarm.next;
            alarm.waker = null;
            alarm.previous = null;
            alarm.next = alarm;
            size--;
            alarm = next;
        }
        ring.startAt(alarm);
        return count;
    }

    /**
     * {@return the deadline in nanoseconds from {@code origin}, 146 years at most; 0: not after it} What seems to be longer before it than
     * that is after it, and overflows.
     */
    static long offset(Alarm alarm, long origin) {
        long nanos = alarm.deadline - origin;
        return nanos < -MOST ? MOST : Math.clamp(nanos, 0, MOST);
    }

    long dueGrain(Alarm alarm) {
        long nanos = offset(alarm, origin);
        return (nanos >> grainBits) + ((nanos & (1L << grainBits) - 1) == 0 ? 0 : 1);
    }

    /** {@return the ring of the slot in which an alarm stands that is due then, now at the earliest} */
    private Alarm ringAt(long due) {
        int level = (63 - Long.numberOfLeadingZeros(due ^ now | 1)) / DIGIT_BITS;
        int slot = (int) (due >>> level * DIGIT_BITS) & DIGITS - 1;
        if (slots == null) {
            slots = new Slot[occupied.length * DIGITS];
        }
        Slot ring = slots[level * DIGITS + slot];
        if (ring == null) {
            ring = new Slot();
            slots[level * DIGITS + slot] = ring;
        }
        occupied[level] |= 1L << slot;
        for (int inner = level; ring.inner != null; inner--) {
            ring = ring.within(inner, due);
        }
        return ring;
    }

    @SuppressWarnings("NullAway") // a ring is closed
    static void link(Alarm alarm, Alarm ring) {
        Alarm last = ring.previous;
        alarm.previous = last;
        alarm.next = ring;
        last.next = alarm;
        ring.previous = alarm;
    }

    @SuppressWarnings("NullAway") // a ring is closed
    private static void unlink(Alarm alarm) {
        Alarm previous = alarm.previous;
        Alarm next = alarm.next;
        previous.next = next;
        next.previous = previous;
        alarm.previous = null;
        alarm.next = null;
    }

    /** {@return the lowest level with an occupied slot}, while there are alarms. */
    private int lowest() {
        int level = 0;
        while (occupied[level] == 0) {
            level++;
        }
        return level;
    }

    /** {@return a slot that is or was occupied} */
    @SuppressWarnings("NullAway")
    private Slot slot(int level, int slot) {
        return slots[level * DIGITS + slot];
    }

    /** {@return the grain at which time enters a slot that is ahead} */
    private long startOf(int level, int slot) {
        int shift = level * DIGIT_BITS;
        long above = shift + DIGIT_BITS < Long.SIZE ? now & -1L << shift + DIGIT_BITS : 0;
        return above + ((long) slot << shift);
    }
}
