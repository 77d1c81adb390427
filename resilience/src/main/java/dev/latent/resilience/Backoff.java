package dev.latent.resilience;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long is waited before each attempt but the first.
 *
 * @param factor by which each is longer than the one before, 1 or 2
 * @param most null: as long as it gets
 */
record Backoff(Duration first, int factor, @Nullable Duration most) {
    /** 146 years, in nanoseconds. */
    private static final long LONGEST = Long.MAX_VALUE / 2;

    Backoff {
        if (first.isNegative() || most != null && most.isNegative()) {
            throw new IllegalArgumentException("a delay of " + (first.isNegative() ? first : most));
        }
    }

    /** {@return nanoseconds between attempt {@code number}, from 1, and the next} */
    long nanos(int number) {
        long nanos = saturated(first);
        int doubled = factor == 1 || nanos == 0 ? 0 : number - 1;
        nanos = doubled >= Long.numberOfLeadingZeros(nanos) - 1 ? LONGEST : nanos << doubled;
        return Math.min(Math.min(nanos, LONGEST), most == null ? LONGEST : saturated(most));
    }

    private static long saturated(Duration time) {
        return time.compareTo(Duration.ofNanos(LONGEST)) > 0 ? LONGEST : time.toNanos();
    }

    /**
     * {@return {@code nanos}, spread}
     *
     * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Marc Brooker, Exponential Backoff And Jitter</a>
     */
    static long spread(long nanos, Retry.Jitter jitter, RandomGenerator random) {
        return switch (jitter) {
            case NONE -> nanos;
            case FULL -> random.nextLong(nanos + 1);
            case EQUAL -> nanos - nanos / 2 + random.nextLong(nanos / 2 + 1);
        };
    }
}
