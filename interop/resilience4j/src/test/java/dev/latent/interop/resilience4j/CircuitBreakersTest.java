package dev.latent.interop.resilience4j;

import static dev.latent.Async.await;
import static dev.latent.Async.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.Async;
import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class CircuitBreakersTest {
    private final VirtualClock clock = new VirtualClock();
    private final LocalExecutor executor = LocalExecutor.builder()
            .world(Latent.system().with(Clock.class, clock))
            .build();
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "shop",
            CircuitBreakerConfig.custom()
                    .slidingWindow(4, 4, SlidingWindowType.COUNT_BASED)
                    .failureRateThreshold(50)
                    .slowCallDurationThreshold(ofSeconds(1))
                    .waitDurationInOpenState(ofSeconds(10))
                    .permittedNumberOfCallsInHalfOpenState(1)
                    .clock(CircuitBreakers.clock(clock))
                    .currentTimestampFunction(_ -> clock.nanoTime(), TimeUnit.NANOSECONDS)
                    .build());
    private final List<String> events = new ArrayList<>();
    private int ran;

    CircuitBreakersTest() {
        breaker.getEventPublisher().onEvent(e -> events.add(e.getEventType().name()));
    }

    private Future<String> good(int millis) {
        return CircuitBreakers.run(breaker, () -> {
            ran++;
            await(sleep(ofMillis(millis)));
            return "tea";
        });
    }

    private Future<Void> bad() {
        return CircuitBreakers.run(breaker, () -> {
            ran++;
            await(sleep(ofMillis(1)));
            throw new IOException("out of tea");
        });
    }

    @Test
    void aPermissionIsGivenBackWhateverThePredicatesThrow() throws Exception {
        IllegalStateException own = new IllegalStateException("a predicate");
        for (boolean ofValues : new boolean[] {true, false}) {
            boolean[] throwing = {false};
            CircuitBreakerConfig.Builder config = CircuitBreakerConfig.custom()
                    .permittedNumberOfCallsInHalfOpenState(2)
                    .slidingWindow(2, 2, SlidingWindowType.COUNT_BASED);
            Predicate<Object> predicate = _ -> {
                if (throwing[0]) {
                    throw own;
                }
                return !ofValues;
            };
            CircuitBreaker half = CircuitBreaker.of(
                    "half",
                    ofValues
                            ? config.recordResult(predicate).build()
                            : config.recordException(predicate::test).build());
            half.transitionToOpenState();
            half.transitionToHalfOpenState();
            throwing[0] = true;
            assertThrows(
                    IllegalStateException.class,
                    () -> executor.blockOn(CircuitBreakers.<String>run(half, () -> {
                        if (ofValues) {
                            return "tea";
                        }
                        throw new IOException("out of tea");
                    })));
            throwing[0] = false;
            for (int i = 0; i < 2 && half.getState() == State.HALF_OPEN; i++) {
                executor.blockOn(CircuitBreakers.run(half, () -> "tea")); // no permission is missing
            }
            assertNotEquals(State.HALF_OPEN, half.getState());
        }
    }

    @Test
    void itOpensAndClosesAsTimePasses() throws Exception {
        assertEquals("tea", executor.blockOn(good(1)));
        assertEquals("tea", executor.blockOn(good(1)));
        assertThrows(IOException.class, () -> executor.blockOn(bad()));
        assertEquals(State.CLOSED, breaker.getState());
        assertThrows(IOException.class, () -> executor.blockOn(bad()));
        assertEquals(State.OPEN, breaker.getState());
        assertThrows(CallNotPermittedException.class, () -> executor.blockOn(good(1)));
        assertEquals(4, ran, "nothing ran");
        executor.blockOn(Async.sleep(ofSeconds(11)));
        assertEquals("tea", executor.blockOn(good(1)));
        assertEquals(State.CLOSED, breaker.getState());
        assertEquals(
                List.of(
                        "SUCCESS",
                        "SUCCESS",
                        "ERROR",
                        "ERROR",
                        "FAILURE_RATE_EXCEEDED",
                        "STATE_TRANSITION",
                        "NOT_PERMITTED",
                        "STATE_TRANSITION",
                        "SUCCESS",
                        "STATE_TRANSITION"),
                events);
    }

    @Test
    void itMeasuresVirtualTime() throws Exception {
        executor.blockOn(good(999));
        executor.blockOn(good(1_500));
        assertEquals(2, breaker.getMetrics().getNumberOfSuccessfulCalls());
        assertEquals(1, breaker.getMetrics().getNumberOfSlowCalls());
    }

    @Test
    void aDropIsNeitherAndGivesThePermissionBack() throws Exception {
        breaker.transitionToOpenState();
        breaker.transitionToHalfOpenState();
        events.clear();
        for (int i = 0; i < 3; i++) { // there is one permission
            assertThrows(TimeoutException.class, () -> executor.blockOn(Async.timeout(ofMillis(5), good(1_000))));
        }
        assertEquals(3, ran);
        assertEquals(0, breaker.getMetrics().getNumberOfBufferedCalls());
        assertEquals(List.of(), events);
        good(1).drop();
        assertEquals("tea", executor.blockOn(good(1)));
        assertEquals(State.CLOSED, breaker.getState());
    }

    @Test
    void thePermissionLastsUntilTheCleanupHasEnded() {
        breaker.transitionToOpenState();
        breaker.transitionToHalfOpenState();
        var slow = executor.spawn(CircuitBreakers.run(breaker, () -> {
            try {
                await(sleep(ofSeconds(1)));
            } finally {
                await(sleep(ofMillis(10)));
            }
        }));
        executor.runUntilStalled();
        slow.close();
        executor.runUntilStalled();
        assertThrows(CallNotPermittedException.class, () -> executor.blockOn(good(1)));
        clock.advance(ofMillis(10));
        executor.runUntilStalled();
        assertEquals("tea", org.junit.jupiter.api.Assertions.assertDoesNotThrow(() -> executor.blockOn(good(1))));
    }
}
