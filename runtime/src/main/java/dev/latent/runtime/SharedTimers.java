package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Poll;
import dev.latent.runtime.time.TimerShard;
import dev.latent.runtime.time.WheelTimers;
import dev.latent.world.Alarm;
import dev.latent.world.Clock;

/**
 * The timers of a {@link WorkStealingExecutor}: a {@link TimerShard} for each worker, so that workers rarely meet. An alarm belongs to the
 * shard of the worker that polled it first; any worker fires what is due in all of them.
 */
final class SharedTimers implements WheelTimers {
    private final WorkStealingExecutor home;
    private final Clock clock;
    private final TimerShard[] shards;

    /** @param earlier called when there is a new first deadline */
    SharedTimers(WorkStealingExecutor home, int parallelism, Clock clock, Runnable earlier) {
        this.home = home;
        this.clock = clock;
        shards = new TimerShard[parallelism];
        for (int i = 0; i < parallelism; i++) {
            shards[i] = new TimerShard(clock, home, earlier);
        }
    }

    @Override
    public Poll<Void> poll(Alarm alarm, Context cx) {
        Worker here = home.here();
        TimerShard shard = shards[here == null ? 0 : here.number % shards.length];
        alarm.timers = shard;
        return shard.poll(alarm, cx);
    }

    @Override
    public void drop(Alarm alarm) {}

    @Override
    public Clock clock() {
        return clock;
    }

    /** {@return nanoseconds from now until {@link #fire} may have something to do; {@link Long#MAX_VALUE}: never} */
    long untilNext() {
        long until = Long.MAX_VALUE;
        long now = clock.nanoTime();
        for (TimerShard shard : shards) {
            until = Math.min(until, shard.untilNext(now));
        }
        return until;
    }

    /** Wakes what is due. */
    void fire() {
        boolean any = false;
        for (TimerShard shard : shards) {
            any |= shard.hasTimers();
        }
        if (any) {
            long now = clock.nanoTime();
            for (TimerShard shard : shards) {
                shard.fire(now);
            }
        }
    }
}
