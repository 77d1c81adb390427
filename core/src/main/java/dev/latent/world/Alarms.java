package dev.latent.world;

import dev.latent.Context;
import dev.latent.Poll;

/** Timers that hold an {@link Alarm} as it is, so that a sleep needs no other object. */
public interface Alarms extends Timers {
    /** As {@link dev.latent.Future#poll} of {@code alarm}; on any thread. */
    Poll<Void> poll(Alarm alarm, Context cx) throws Exception;

    /** As {@link dev.latent.Future#drop} of {@code alarm}, held or not; on any thread. */
    void drop(Alarm alarm);

    /** {@return the clock of the deadlines} */
    Clock clock();

    /** {@return whether a sleep that waits here may be polled in {@code cx}}; else it goes to the timers there. */
    default boolean serves(Context cx) {
        return cx.capability(Timers.class) == this;
    }

    @Override
    default Alarm sleepUntil(long deadline) {
        return new Alarm(this, deadline);
    }
}
