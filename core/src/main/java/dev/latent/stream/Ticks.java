package dev.latent.stream;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.world.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link AsyncStream#interval}. */
final class Ticks extends Leaf<Long> {
    private final long period;
    private @Nullable Clock clock;
    private long due;
    private long count;
    private @Nullable Future<Void> sleep;

    Ticks(Duration period) {
        super("interval of " + period);
        if (!period.isPositive()) {
            throw new IllegalArgumentException("an interval of " + period + ", which has to be positive");
        }
        this.period = period.toNanos();
    }

    @Override
    @Nullable
    Leaf<?> leaf() {
        return null;
    }

    @Override
    Object advance(Context cx) throws Exception {
        Clock now = clock;
        if (now == null) {
            clock = now = cx.capability(Clock.class);
            due = now.nanoTime();
        }
        while (sleep != null || due - now.nanoTime() > 0) {
            if (sleep == null) {
                sleep = Async.sleep(Duration.ofNanos(due - now.nanoTime()));
                Owners.claim(sleep, this);
            }
            if (Owners.pollRaw(sleep, this, cx) == PENDING) {
                return PENDING;
            }
            sleep = null;
        }
        if (!cx.spend()) {
            return PENDING;
        }
        due += period;
        return count++;
    }

    @Override
    void disposeNow() {
        if (sleep != null) {
            drop(sleep, this);
            sleep = null;
        }
    }

    @Override
    void children(List<Future<?>> into) {
        if (sleep != null) {
            into.add(sleep);
        }
    }
}
