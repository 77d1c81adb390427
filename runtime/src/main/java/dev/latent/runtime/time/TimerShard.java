package dev.latent.runtime.time;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.world.Alarm;
import dev.latent.world.Clock;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TimerWheel} with a lock. Wakers are collected under it and woken outside.
 *
 * <p>{@code next}, written under the lock and read by anybody, is not later than the first deadline; so whoever is about to park
 * asks without locking. An alarm that becomes the first calls {@code earlier} after {@code next} is written.
 */
public final class TimerShard implements WheelTimers {
    /** Wakers that are collected before the lock is left. */
    private static final int MOST_AT_ONCE = 64;

    private final @Nullable Spawner home;
    private final Clock clock;
    private final Runnable earlier;
    private final long origin;
    private final TimerWheel wheel;

    /** From {@code origin}, so that it can be compared; {@link Long#MAX_VALUE}: none. */
    private volatile long next = Long.MAX_VALUE;

    /**
     * @param home who may poll its sleeps; null: anybody
     * @param earlier called when there is a new first deadline
     */
    public TimerShard(Clock clock, @Nullable Spawner home, Runnable earlier) {
        this.clock = clock;
        this.origin = clock.nanoTime();
        this.wheel = new TimerWheel(origin, clock.grain());
        this.home = home;
        this.earlier = earlier;
    }

    @Override
    public Poll<Void> poll(Alarm alarm, Context cx) {
        if (home != null && cx.executor() != home) {
            throw WheelTimers.elsewhere(home, cx);
        }
        boolean due = false;
        boolean first = false;
        synchronized (this) {
            if (TimerWheel.holds(alarm)) {
                alarm.waker = cx.waker();
            } else if (TimerWheel.hasFired(alarm) || !wheel.add(alarm)) {
                due = true;
            } else {
                alarm.waker = cx.waker();
                long at = TimerWheel.offset(alarm, origin);
                first = at < next;
                if (first) {
                    next = at;
                }
            }
        }
        if (due && cx.spend()) {
            return Poll.done();
        }
        if (first) {
            earlier.run();
        }
        return Poll.pending();
    }

    @Override
    public void drop(Alarm alarm) {
        synchronized (this) {
            if (TimerWheel.holds(alarm)) {
                wheel.remove(alarm);
            }
        }
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public boolean serves(Context cx) {
        return home == null ? WheelTimers.super.serves(cx) : cx.executor() == home;
    }

    public boolean hasTimers() {
        return next != Long.MAX_VALUE;
    }

    /** {@return nanoseconds from {@code nanoTime} until {@link #fire} may have something to do; {@link Long#MAX_VALUE}: never} */
    public long untilNext(long nanoTime) {
        long n = next;
        return n == Long.MAX_VALUE ? n : Math.max(0, n - (nanoTime - origin));
    }

    /** Wakes what is due. */
    public void fire(long nanoTime) {
        if (next - (nanoTime - origin) > 0) {
            return;
        }
        @Nullable Waker[] due = new Waker[MOST_AT_ONCE]; // before any is taken out
        int count;
        do {
            synchronized (this) {
                count = wheel.fire(nanoTime, due);
                long until = wheel.untilNext(nanoTime);
                next = until == Long.MAX_VALUE ? until : nanoTime - origin + until;
            }
            for (int i = 0; i < count; i++) {
                Foreign.wake(home, due[i]);
            }
        } while (count == MOST_AT_ONCE);
    }
}
