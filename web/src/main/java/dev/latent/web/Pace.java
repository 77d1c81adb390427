package dev.latent.web;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.timeout;

import dev.latent.Future;
import dev.latent.world.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How fast a client is at what it sends, or takes: bytes against the time for which somebody waited for them. What our side takes its time for counts for nothing.
 *
 * <p>A limit for each wait alone would let a client have a connection for as long as it likes, for a byte now and then.
 */
final class Pace {
    private final long bytesPerSecond;
    private final Duration grace;
    private long waited;
    private long bytes;

    /**
     * A pace that has not begun.
     *
     * @param bytesPerSecond 0 for any pace
     * @param grace what may be waited for beside that, altogether
     */
    Pace(long bytesPerSecond, Duration grace) {
        this.bytesPerSecond = bytesPerSecond;
        this.grace = grace;
    }

    /** Begins anew. */
    void begin() {
        waited = 0;
        bytes = 0;
    }

    /** The client has sent, or taken, so many bytes more. */
    void moved(long n) {
        bytes += n;
    }

    /** {@return {@code wait}, failing with a {@link java.util.concurrent.TimeoutException} after {@code limit}, or when the client has become too slow altogether} */
    <T extends @Nullable Object> Future<T> within(Duration limit, @Nullable Clock clock, Future<T> wait) {
        if (bytesPerSecond == 0 || clock == null) {
            return timeout(limit, wait);
        }
        return async(() -> {
            long start = clock.nanoTime();
            try {
                return await(timeout(left(limit), wait));
            } finally {
                waited += clock.nanoTime() - start;
            }
        });
    }

    /** {@return what of {@code limit} is left for a client of the slowest pace} */
    private Duration left(Duration limit) {
        Duration allowed = grace.plus(Duration.ofSeconds(bytes / bytesPerSecond))
                .plusNanos(bytes % bytesPerSecond * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond)
                .minusNanos(waited);
        if (allowed.isNegative()) {
            return Duration.ZERO;
        }
        return allowed.compareTo(limit) < 0 ? allowed : limit;
    }
}
