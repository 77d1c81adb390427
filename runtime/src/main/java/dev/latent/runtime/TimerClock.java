package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.world.Timers;

/** Timers whose sleeps stand in a {@link TimerWheel}. It guards the wheel in its own way. */
interface TimerClock extends Timers, OwnPart {
    /** As {@link dev.latent.Future#poll} of {@code sleep}; on any thread. */
    Poll<Void> poll(Sleep sleep, Context cx);

    /** As {@link dev.latent.Future#drop} of {@code sleep}; on any thread. */
    void drop(Sleep sleep);

    @Override
    default Sleep sleepUntil(long deadline) {
        return new Sleep(this, deadline);
    }

    /** Refuses a sleep polled under another executor than its own. */
    static IllegalStateException elsewhere(Object home, Context cx) {
        return new IllegalStateException(
                "a sleep of " + home + " was polled by " + cx.spawner() + ": create it on the executor that polls it");
    }
}
