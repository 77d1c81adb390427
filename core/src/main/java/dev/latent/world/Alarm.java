package dev.latent.world;

import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A future of a point in time, and its own entry among the {@link Alarms} that hold it: a wait is one object.
 *
 * <p>{@code deadline} is set before the first poll. {@code waker}, {@code previous} and {@code next} belong to the holder, under its
 * guard, and mean what it says.
 */
public class Alarm extends OwnedFuture<Void> {
    /** In the time of the holder's clock. */
    public long deadline;

    /** Who holds it. May change once, at the first poll, from the whole to the part that holds the entry. */
    @Nullable
    public Alarms timers;

    @Nullable
    public Waker waker;

    @Nullable
    public Alarm previous;

    @Nullable
    public Alarm next;

    public Alarm(Alarms timers, long deadline) {
        this.timers = timers;
        this.deadline = deadline;
    }

    /** For one that is told later who holds it, and until when. */
    protected Alarm() {}

    @Override
    @SuppressWarnings("NullAway") // told by now
    protected Poll<Void> pollOwned(Context cx) throws Exception {
        return timers.poll(this, cx);
    }

    @Override
    protected void dropOwned() {
        Alarms holder = timers;
        if (holder != null) {
            holder.drop(this);
        }
    }

    @Override
    public String toString() {
        return "sleep";
    }
}
