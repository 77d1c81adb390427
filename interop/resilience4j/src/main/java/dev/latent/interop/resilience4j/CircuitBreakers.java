package dev.latent.interop.resilience4j;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.AsyncCallable;
import dev.latent.AsyncRunnable;
import dev.latent.Future;
import dev.latent.world.Clock;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * Runs async bodies under a Resilience4j {@link CircuitBreaker}.
 *
 * {@snippet :
 * var page = await(CircuitBreakers.run(breaker, () -> await(fetch(url))));
 * }
 *
 * <p>What the body gives, throws, and how long it takes is the breaker's to judge, so its configuration, its metrics and its events count async calls
 * as they do any other. A body that is dropped half-way was neither a success nor a failure: its permission is given back.
 */
public final class CircuitBreakers {
    private CircuitBreakers() {}

    /**
     * {@return a future of what {@code body} gives, if the breaker lets it run}
     *
     * <p><em>Cancel safety:</em> that of {@code body}; the breaker's permission is given back once its cleanup has ended.
     *
     * <p><em>Throws</em> {@link CallNotPermittedException} where the breaker is open, and nothing has run; otherwise what {@code body} throws.
     */
    public static <R> Future<R> run(CircuitBreaker breaker, AsyncCallable<? extends R> body) {
        Objects.requireNonNull(breaker);
        Objects.requireNonNull(body);
        return async(() -> {
            breaker.acquirePermission();
            long start = breaker.getCurrentTimestamp();
            boolean told = false;
            try {
                R value = await(async(body));
                breaker.onResult(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), value);
                told = true;
                return value;
            } catch (Throwable failure) { // the body's, or that of a predicate about its value
                breaker.onError(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit(), failure);
                told = true;
                throw failure;
            } finally {
                if (!told) {
                    breaker.releasePermission();
                }
            }
        });
    }

    /** {@return as {@link #run(CircuitBreaker, AsyncCallable)}, of a body that gives nothing} */
    public static Future<Void> run(CircuitBreaker breaker, AsyncRunnable body) {
        Objects.requireNonNull(body);
        AsyncCallable<Void> giving = () -> await(async(body));
        return run(breaker, giving);
    }

    /**
     * {@return {@code clock} for {@code CircuitBreakerConfig.custom().clock(…)}} So that a breaker stays open by the time of a world, a virtual one
     * perhaps. How long calls take it measures by {@code currentTimestampFunction(_ -> clock.nanoTime(), NANOSECONDS)}.
     */
    public static java.time.Clock clock(Clock clock) {
        return new WorldClock(Objects.requireNonNull(clock), ZoneOffset.UTC);
    }

    private static final class WorldClock extends java.time.Clock {
        private final Clock clock;
        private final ZoneId zone;

        WorldClock(Clock clock, ZoneId zone) {
            this.clock = clock;
            this.zone = zone;
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public java.time.Clock withZone(ZoneId other) {
            return new WorldClock(clock, other);
        }

        @Override
        public Instant instant() {
            return clock.instant();
        }
    }
}
