package dev.latent.runtime.time;

import dev.latent.world.Alarm;
import org.jspecify.annotations.Nullable;

/**
 * A slot of a {@link TimerWheel}: the sentinel of a ring of alarms; or, where it was divided, the slots within, one for each digit of the level
 * below.
 */
final class Slot extends Alarm {
    static final long NONE = Long.MAX_VALUE;

    /** As many alarms as a look for the first one visits: where there are more, it divides the slot. */
    private static final int FEW = 64;

    /** Those within in which there may be alarms, a bit each. */
    long occupied;

    Slot @Nullable [] inner;

    Slot() {
        previous = this;
        next = this;
    }

    /** Those before {@code first} stand here no more. */
    void startAt(Alarm first) {
        first.previous = this;
        next = first;
    }

    /** {@return the slot within this one, of {@code level}, for what is due then} */
    @SuppressWarnings("NullAway") // it is divided
    Slot within(int level, long due) {
        int digit = (int) (due >>> (level - 1) * TimerWheel.DIGIT_BITS) & TimerWheel.DIGITS - 1;
        occupied |= 1L << digit;
        return inner[digit];
    }

    /**
     * {@return the first due grain in this slot, of {@code level}, or {@link #NONE}} It looks at a few alarms at most, and divides a slot that
     * holds more: so each is moved once on each level, however often this is asked.
     */
    @SuppressWarnings("NullAway") // a divided slot has slots within
    long first(int level, TimerWheel wheel) {
        if (level == 0) {
            return next == this ? NONE : wheel.dueGrain(next); // all of one grain
        }
        if (inner == null && (!isLarge() || !divide(level, wheel))) {
            return least(wheel);
        }
        while (occupied != 0) {
            int digit = Long.numberOfTrailingZeros(occupied);
            long first = inner[digit].first(level - 1, wheel);
            if (first != NONE) {
                return first;
            }
            occupied &= ~(1L << digit);
        }
        inner = null;
        return NONE;
    }

    @SuppressWarnings("NullAway") // a ring is closed
    private boolean isLarge() {
        int count = 0;
        for (Alarm alarm = next; alarm != this && count <= FEW; alarm = alarm.next) {
            count++;
        }
        return count > FEW;
    }

    @SuppressWarnings("NullAway") // a ring is closed
    private long least(TimerWheel wheel) {
        long least = NONE;
        for (Alarm alarm = next; alarm != this; alarm = alarm.next) {
            wheel.looks++;
            least = Math.min(least, wheel.dueGrain(alarm));
        }
        return least;
    }

    /** Moves the alarms to slots within, in order: {@return false where there is no memory for those} */
    @SuppressWarnings("NullAway") // a ring is closed
    private boolean divide(int level, TimerWheel wheel) {
        Slot[] within;
        try {
            within = new Slot[TimerWheel.DIGITS];
            for (int i = 0; i < within.length; i++) {
                within[i] = new Slot();
            }
        } catch (OutOfMemoryError e) {
            return false;
        }
        occupied = 0;
        inner = within;
        for (Alarm alarm = next; alarm != this; ) {
            wheel.looks++;
            Alarm after = alarm.next;
            TimerWheel.link(alarm, within(level, wheel.dueGrain(alarm)));
            alarm = after;
        }
        startAt(this);
        return true;
    }
}
