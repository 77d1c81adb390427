package dev.latent.resilience;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.sleep;

import dev.latent.Future;
import dev.latent.sync.AsyncSemaphore;
import dev.latent.world.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * At most so many in a time, for whoever asks before it begins.
 *
 * {@snippet :
 * static final RateLimit LIMIT = RateLimit.of(50, ofSeconds(1));
 *
 * await(LIMIT.acquire());
 * await(call());
 * }
 *
 * <p>As many as that may pass at once after a pause, the {@linkplain #burst burst}, and then one by one, evenly: it is a bucket of tokens, kept as a
 * single time, that at which the bucket will be full again (the generic cell rate algorithm). First come, first served: only the first in line
 * looks at the clock, and who wants many is not overtaken by who wants one. Thread-safe.
 */
public final class RateLimit {
    /** 73 years, so that no sum overflows. */
    private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE / 4);

    /** Nanoseconds in which a token comes; rounded up, so that the rate is never exceeded. */
    private final long interval;

    private final int burst;

    /** Whose turn it is, looks at the clock; the fields below are its alone. */
    private final AsyncSemaphore line = AsyncSemaphore.of(1);

    private @Nullable Clock clock;

    /** When the bucket is full, in the time of {@link #clock}. */
    private long full;

    private RateLimit(long interval, int burst) {
        this.interval = interval;
        this.burst = burst;
    }

    /**
     * {@return one of {@code permits} in each {@code period}, which may also pass at once}
     *
     * @throws IllegalArgumentException when one is not positive
     */
    public static RateLimit of(int permits, Duration period) {
        if (permits < 1 || !period.isPositive()) {
            throw new IllegalArgumentException(permits + " in " + period);
        }
        long nanos = (period.compareTo(MOST) > 0 ? MOST : period).toNanos();
        return new RateLimit(Math.ceilDiv(nanos, permits), permits);
    }

    /**
     * {@return a new one of the same rate, of which so many may pass at once after a pause; 1: always evenly}
     *
     * @throws IllegalArgumentException when that is not positive
     */
    public RateLimit burst(int permits) {
        if (permits < 1 || permits > Long.MAX_VALUE / 4 / interval) {
            throw new IllegalArgumentException("a burst of " + permits);
        }
        return new RateLimit(interval, permits);
    }

    /** {@return as {@link #acquire(int)}, of one} */
    public Future<Void> acquire() {
        return acquire(1);
    }

    /**
     * {@return a future that is ready when {@code permits} more may pass}
     *
     * <p><em>Cancel safety:</em> dropped while it waits, it takes none, and leaves its place to those behind it. What has passed is not taken back.
     *
     * @throws IllegalArgumentException at once, when it is more than the burst, and so would never pass; or not positive
     */
    public Future<Void> acquire(int permits) {
        if (permits < 1 || permits > burst) {
            throw new IllegalArgumentException(permits + " at once, of " + this);
        }
        return async(() -> {
            try (var _ = await(line.acquire())) {
                long wait = waitOrTake(permits, context().capability(Clock.class));
                while (wait > 0) {
                    await(sleep(Duration.ofNanos(wait)));
                    wait = waitOrTake(permits, context().capability(Clock.class));
                }
            }
        });
    }

    /** {@return nanoseconds until so many may pass; none: they have} */
    private long waitOrTake(int permits, Clock its) {
        Clock before = clock;
        long now = its.nanoTime();
        if (before != its) {
            full = now + (before == null ? 0 : Math.max(0, full - before.nanoTime()));
            clock = its;
        }
        long fullThen = (full - now > 0 ? full : now) + permits * interval;
        long wait = fullThen - now - burst * interval;
        if (wait <= 0) {
            full = fullThen;
        }
        return wait;
    }

    @Override
    public String toString() {
        return "RateLimit of one in " + Duration.ofNanos(interval) + ", " + burst + " at once";
    }
}
