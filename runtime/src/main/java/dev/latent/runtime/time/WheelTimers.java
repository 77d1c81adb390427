package dev.latent.runtime.time;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.runtime.system.OwnPart;
import dev.latent.world.Timers;

/** Timers whose alarms stand in a {@link TimerWheel}. It guards the wheel in its own way. */
public interface WheelTimers extends Timers, OwnPart {
    /** As {@link dev.latent.Future#poll} of {@code alarm}; on any thread. */
    Poll<Void> poll(Alarm alarm, Context cx);

    /** As {@link dev.latent.Future#drop} of {@code alarm}; on any thread. */
    void drop(Alarm alarm);

    @Override
    default Alarm sleepUntil(long deadline) {
        return new Alarm(this, deadline);
    }

    /** Refuses a sleep polled under another executor than its own. */
    static IllegalStateException elsewhere(Object home, Context cx) {
        return new IllegalStateException(
                "a sleep of " + home + " was polled by " + cx.spawner() + ": create it on the executor that polls it");
    }
}
