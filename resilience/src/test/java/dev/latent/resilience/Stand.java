package dev.latent.resilience;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Virtual time from zero, chance from a seed, and a list of what happened when. */
final class Stand {
    final VirtualClock clock = new VirtualClock();
    final List<String> log = new ArrayList<>();
    final List<Throwable> reported = new ArrayList<>();
    final LocalExecutor executor;

    Stand() {
        this(1);
    }

    Stand(long seed) {
        executor = LocalExecutor.builder()
                .world(Latent.system()
                        .with(Clock.class, clock)
                        .with(RandomGenerator.class, new SplittableRandom(seed))
                        .with(FailureHandler.class, (where, failure) -> reported.add(failure)))
                .build();
    }

    long now() {
        return clock.nanoTime() / 1_000_000;
    }

    void note(String what) {
        log.add(what + "@" + now());
    }

    <T> T run(Future<? extends T> future) throws Exception {
        return executor.blockOn(future);
    }

    /** Lets time pass, and what is ready run. */
    void pass(long millis) {
        long end = clock.nanoTime() + Duration.ofMillis(millis).toNanos();
        executor.runUntilStalled();
        for (var next = executor.nextDeadline();
                next.isPresent() && next.getAsLong() <= end;
                next = executor.nextDeadline()) {
            clock.advanceTo(next.getAsLong());
            executor.runUntilStalled();
        }
        clock.advanceTo(end);
        executor.runUntilStalled();
    }

    /** Polls {@code future} by hand, {@code polls} times at most and time passing in between, then drops it: {@return whether it was dropped} */
    <T> boolean dropAfter(int polls, Future<T> future) throws Exception {
        boolean[] dropped = {false};
        executor.blockOn(new OwnedFuture<Void>() {
            private int left = polls;

            @Override
            protected Poll<Void> pollOwned(Context cx) throws Exception {
                if (left > 0) {
                    left--;
                    if (future.poll(cx).isReady()) {
                        return Poll.done();
                    }
                    if (left > 0) {
                        return Poll.pending();
                    }
                }
                dropped[0] = true;
                return future.pollDrop(cx);
            }

            @Override
            protected void dropOwned() {
                future.drop();
            }
        });
        return dropped[0];
    }
}
