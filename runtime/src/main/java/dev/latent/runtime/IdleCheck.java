package dev.latent.runtime;

import dev.latent.Spawner;
import dev.latent.task.Deadlocks;
import java.util.OptionalLong;

/**
 * When an executor that has nothing to run looks for deadlocks and the like: at most once in a period, so twice within two seconds of their coming, if
 * it stays idle. What the garbage collector may find is looked for again as long as it is idle, after longer and longer times. As long as no task has ever waited for
 * anything of the kind this is a look at a few flags. For one thread at a time.
 */
final class IdleCheck {
    /** At most, between two looks for what has come by itself. */
    private static final long LONGEST_NANOS = 64 * Deadlocks.PERIOD_NANOS;

    private final Spawner home;
    private boolean checked;
    private long last;

    /** For how long this was to wait after the last look, if nobody woke it before. */
    private long pause = Deadlocks.PERIOD_NANOS;

    IdleCheck(Spawner home) {
        this.home = home;
    }

    /** Looks, if it is time; whoever is told may spawn. {@return for how many nanoseconds to wait at most before the next call} */
    long beforeWait(long now) {
        if (!Deadlocks.mayBe()) {
            return Long.MAX_VALUE;
        }
        long since = now - last;
        if (checked && since < Deadlocks.PERIOD_NANOS) {
            return Deadlocks.PERIOD_NANOS - since;
        }
        checked = true;
        last = now;
        boolean again = Deadlocks.check(home);
        pause = again || since < pause ? Deadlocks.PERIOD_NANOS : Math.min(2 * pause, LONGEST_NANOS);
        return again || Deadlocks.mayComeByItself() ? pause : Long.MAX_VALUE;
    }

    /**
     * As {@link #beforeWait}, where waiting takes no real time, and nobody is to be woken for this: looks as often as the leap would pass
     * the time for it.
     *
     * @param until where it leads; none: nothing is due at any time
     */
    void beforeLeap(long now, OptionalLong until) {
        if (Deadlocks.mayBe() && (!checked || until.isEmpty() || until.getAsLong() - last >= Deadlocks.PERIOD_NANOS)) {
            checked = true;
            last = now;
            boolean passes = until.isEmpty() || until.getAsLong() - now >= Deadlocks.PERIOD_NANOS;
            if (Deadlocks.check(home) && passes) {
                Deadlocks.check(home);
            }
        }
    }
}
