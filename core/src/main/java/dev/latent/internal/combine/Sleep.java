package dev.latent.internal.combine;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link Async#sleep}: waits on the clock of the executor that polls it; under another one, for the rest of its time. */
public final class Sleep extends OwnedFuture<Void> {
    /** The longest time, in nanoseconds, so that a deadline never overflows; about 146 years. */
    private static final long MOST = Long.MAX_VALUE / 2;

    private final long nanos;
    private long deadline;

    /** Whose {@link #timers} these are; null before the first poll. */
    private @Nullable Spawner home;

    private @Nullable Clock clock;
    private @Nullable Timers timers;
    private @Nullable OwnedFuture<Void> timer;

    public Sleep(Duration duration) {
        nanos = Math.clamp(saturated(duration), 0, MOST);
    }

    private static long saturated(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? 0 : MOST;
        }
    }

    /** Time counts from now, unless it does already. */
    void start(Context cx) {
        if (home == cx.spawner()) {
            return;
        }
        Timers its = cx.capability(Timers.class);
        Clock now = cx.capability(Clock.class);
        home = cx.spawner();
        if (its == timers && now == clock) {
            return;
        }
        if (now != clock) {
            deadline = now.nanoTime() + (clock == null ? nanos : Math.max(0, deadline - clock.nanoTime()));
            clock = now;
        }
        timers = its;
        dropOwned();
        timer = null;
    }

    /** {@return whether its time is over}, for one that has started; costs no budget, and a look at the clock. */
    boolean isDue() {
        return clock != null && deadline - clock.nanoTime() <= 0;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) throws Exception {
        start(cx);
        if (nanos == 0) {
            return cx.spend() ? Poll.done() : Poll.pending();
        }
        if (timer == null) {
            timer = Objects.requireNonNull(timers).sleepUntil(deadline);
            Owners.claim(timer, this);
        }
        return Owners.poll(timer, this, cx);
    }

    @Override
    protected void dropOwned() {
        if (timer != null) {
            Owners.drop(timer, this);
        }
    }

    @Override
    public String toString() {
        return "sleep of " + Duration.ofNanos(nanos);
    }
}
