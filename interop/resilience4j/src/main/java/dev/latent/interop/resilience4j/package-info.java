/**
 * Resilience4j's circuit breaker, its metrics and its events, for async bodies. Its retries, rate limits and bulkheads would hold threads: those of
 * Latent are in {@code dev.latent.resilience}.
 */
@NullMarked
package dev.latent.interop.resilience4j;

import org.jspecify.annotations.NullMarked;
