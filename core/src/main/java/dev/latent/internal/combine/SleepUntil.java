package dev.latent.internal.combine;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.world.Clock;
import java.time.Duration;
import java.time.Instant;

/** {@link Async#sleepUntil}: how long that takes is known at the first poll, and stays so. */
public final class SleepUntil extends Sleep {
    private final Instant deadline;
    private boolean known;

    public SleepUntil(Instant deadline) {
        super(Duration.ZERO);
        this.deadline = deadline;
    }

    @Override
    void start(Context cx) {
        if (!known) {
            last(Duration.between(cx.capability(Clock.class).instant(), deadline));
            known = true;
        }
        super.start(cx);
    }

    @Override
    public String toString() {
        return "sleep until " + deadline;
    }
}
