package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A future of a point in time, and its own entry in a {@link TimerWheel}.
 *
 * <p>{@code waker}, {@code previous} and {@code next} belong to the wheel, under its guard; see {@link TimerClock}. Outside a
 * wheel {@code previous} is null.
 */
final class Sleep extends OwnedFuture<Void> {
    final long deadline;

    /** Changes once, from the executor's to the part of it that holds the entry. */
    TimerClock clock;

    @Nullable
    Waker waker;

    @Nullable
    Sleep previous;

    @Nullable
    Sleep next;

    Sleep(TimerClock clock, long deadline) {
        this.clock = clock;
        this.deadline = deadline;
    }

    @Override
    protected Poll<Void> pollOwned(Context cx) {
        return clock.poll(this, cx);
    }

    @Override
    protected void dropOwned() {
        clock.drop(this);
    }

    @Override
    public String toString() {
        return "sleep";
    }
}
