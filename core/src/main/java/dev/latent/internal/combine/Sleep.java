package dev.latent.internal.combine;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.world.Alarm;
import dev.latent.world.Alarms;
import dev.latent.world.Clock;
import dev.latent.world.Timers;
import dev.latent.world.VirtualClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@link Async#sleep}: waits on the clock of the executor that polls it; under another one, for the rest of its time.
 *
 * <p>It is the alarm of the {@link Alarms} that it finds first. Under any other timers it waits for an entry {@linkplain Entry apart}: so it
 * does after it has moved, since the first may still hold it.
 */
public sealed class Sleep extends Alarm permits SleepUntil {
    /** The longest time, in nanoseconds, so that a deadline never overflows; about 146 years. */
    private static final long MOST = Long.MAX_VALUE / 2;

    /** Not to change once time counts. */
    private long nanos;

    public Sleep(Duration duration) {
        last(duration);
    }

    final void last(Duration duration) {
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
        Alarms before = timers;
        if (before != null && before.serves(cx)) {
            return;
        }
        Timers its = cx.capability(Timers.class);
        if (before == null && its instanceof Alarms alarms) {
            deadline = alarms.clock().nanoTime() + nanos;
            timers = alarms;
            return;
        }
        Clock clock = cx.capability(Clock.class);
        long until;
        if (before == null) {
            until = clock.nanoTime() + nanos;
        } else if (before.clock() == clock) {
            until = until();
        } else {
            until = clock.nanoTime() + Math.max(0, until() - before.clock().nanoTime());
        }
        timers = new Entry(cx.executor(), its, clock, until);
        if (before != null) {
            before.drop(this);
        }
    }

    private long until() {
        return timers instanceof Entry apart ? apart.until : deadline;
    }

    /** {@return whether its time is one that somebody moves} */
    final boolean isVirtual() {
        return timers != null && timers.clock() instanceof VirtualClock;
    }

    /** {@return whether its time is over}, for one that has started; costs no budget, and a look at the clock. */
    public final boolean isDue() {
        return timers != null && until() - timers.clock().nanoTime() <= 0;
    }

    @Override
    protected final Poll<Void> pollOwned(Context cx) throws Exception {
        start(cx);
        if (nanos == 0) {
            return cx.spend() ? Poll.done() : Poll.pending();
        }
        return super.pollOwned(cx);
    }

    @Override
    public String toString() {
        return "sleep of " + Duration.ofNanos(nanos);
    }

    /** Holds one sleep by an entry of other timers, with a deadline of its own: the first may still read the sleep's. */
    private static final class Entry implements Alarms {
        /** It may make its timers anew each time that it is asked. */
        private final Spawner home;

        private final Timers of;
        private final Clock clock;
        final long until;
        private @Nullable OwnedFuture<Void> entry;

        Entry(Spawner home, Timers of, Clock clock, long until) {
            this.home = home;
            this.of = of;
            this.clock = clock;
            this.until = until;
        }

        @Override
        public Poll<Void> poll(Alarm alarm, Context cx) throws Exception {
            if (entry == null) {
                OwnedFuture<Void> made = of.sleepUntil(until);
                Owners.claim(made, this);
                entry = made;
            }
            return Owners.poll(entry, this, cx);
        }

        @Override
        public void drop(Alarm alarm) {
            if (entry != null) {
                Owners.drop(entry, this);
            }
        }

        @Override
        public Clock clock() {
            return clock;
        }

        @Override
        public boolean serves(Context cx) {
            return cx.executor() == home || cx.capability(Timers.class) == of && cx.capability(Clock.class) == clock;
        }

        @Override
        public String toString() {
            return "a sleep";
        }
    }
}
