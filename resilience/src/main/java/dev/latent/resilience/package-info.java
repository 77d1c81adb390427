/**
 * What stands between a program and what fails: {@link dev.latent.resilience.Retry}, {@link dev.latent.resilience.Hedge},
 * {@link dev.latent.resilience.RateLimit}, {@link dev.latent.resilience.Bulkhead}. Each takes an async body and gives a future; a limit on time is
 * {@link dev.latent.Async#timeout}. Time and chance are those of the world that polls.
 *
 * <p>No circuit breaker, no metrics: those are Resilience4j's, with an adapter in {@code interop}.
 */
@NullMarked
package dev.latent.resilience;

import org.jspecify.annotations.NullMarked;
