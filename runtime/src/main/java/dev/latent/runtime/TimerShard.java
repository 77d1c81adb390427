package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.world.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TimerWheel} with a lock. Wakers are collected under it and woken outside.
 *
 * <p>{@code next}, written under the lock and read by anybody, is not later than the first deadline; so whoever is about to park
 * asks without locking. A sleep that becomes the first calls {@code earlier} after {@code next} is written.
 */
final class TimerShard implements TimerClock {
    private final Clock clock;
    private final @Nullable Spawner home;
    private final Runnable earlier;
    private final long origin;
    private final TimerWheel wheel;

    /** From {@code origin}, so that it can be compared; {@link Long#MAX_VALUE}: none. */
    private volatile long next = Long.MAX_VALUE;

    /**
     * @param home who may poll its sleeps; null: anybody
     * @param earlier called when there is a new first deadline
     */
    TimerShard(Clock clock, @Nullable Spawner home, Runnable earlier) {
        this.clock = clock;
        this.origin = clock.nanoTime();
        this.wheel = new TimerWheel(origin);
        this.home = home;
        this.earlier = earlier;
    }

    @Override
    public Poll<Void> poll(Sleep sleep, Context cx) {
        if (home != null && cx.spawner() != home) {
            throw TimerClock.elsewhere(home, cx);
        }
        if (sleep.deadline - clock.nanoTime() <= 0) {
            if (!cx.spend()) {
                return Poll.pending();
            }
            drop(sleep);
            return Poll.done();
        }
        boolean late = false;
        boolean first = false;
        synchronized (this) {
            sleep.waker = cx.waker();
            if (!TimerWheel.holds(sleep)) {
                late = !wheel.add(sleep);
                long at = TimerWheel.offset(sleep, origin);
                if (!late && at < next) {
                    next = at;
                    first = true;
                }
            }
        }
        if (late) {
            cx.waker().wake();
        } else if (first) {
            earlier.run();
        }
        return Poll.pending();
    }

    @Override
    public void drop(Sleep sleep) {
        synchronized (this) {
            if (TimerWheel.holds(sleep)) {
                wheel.remove(sleep);
            }
        }
    }

    boolean hasTimers() {
        return next != Long.MAX_VALUE;
    }

    /** {@return nanoseconds from {@code nanoTime} until {@link #fire} may have something to do; {@link Long#MAX_VALUE}: never} */
    long untilNext(long nanoTime) {
        long n = next;
        return n == Long.MAX_VALUE ? n : Math.max(0, n - (nanoTime - origin));
    }

    /** Wakes what is due. */
    void fire(long nanoTime) {
        if (next - (nanoTime - origin) > 0) {
            return;
        }
        List<Waker> due = new ArrayList<>();
        synchronized (this) {
            wheel.fire(nanoTime, due::add);
            long until = wheel.untilNext(nanoTime);
            next = until == Long.MAX_VALUE ? until : nanoTime - origin + until;
        }
        for (Waker waker : due) {
            waker.wake();
        }
    }
}
