package dev.latent.runtime.time;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A future of a point in time, and its own entry in a {@link TimerWheel}.
 *
 * <p>{@code waker}, {@code previous} and {@code next} belong to the wheel, under its guard; see {@link WheelTimers}. In a wheel the two
 * links are its neighbours; before, both are null; once it has fired, {@code next} is the alarm itself.
 */
public final class Alarm extends OwnedFuture<Void> {
    public final long deadline;

    /** Changes once, from the executor's to the part of it that holds the entry. */
    public WheelTimers timers;

    @Nullable
    public Waker waker;

    @Nullable
    Alarm previous;

    @Nullable
    Alarm next;

    Alarm(WheelTimers timers, long deadline) {
        this.timers = timers;
        this.deadline = deadline;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) {
        return timers.poll(this, cx);
    }

    @Override
    protected void dropOwned() {
        timers.drop(this);
    }

    @Override
    public String toString() {
        return "sleep";
    }
}
