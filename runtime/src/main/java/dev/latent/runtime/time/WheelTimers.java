package dev.latent.runtime.time;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.runtime.system.OwnPart;
import dev.latent.world.Alarm;
import dev.latent.world.Alarms;

/** Timers whose alarms stand in a {@link TimerWheel}: it links them, in {@code previous} and {@code next}. Guards the wheel in its own way. */
public interface WheelTimers extends Alarms, OwnPart {
    @Override
    Poll<Void> poll(Alarm alarm, Context cx);

    /** Refuses a sleep polled under another executor than its own. */
    static IllegalStateException elsewhere(Object home, Context cx) {
        return new IllegalStateException(
                "a sleep of " + home + " was polled by " + cx.spawner() + ": create it on the executor that polls it");
    }
}
