/**
 * Futures over other futures, and the smallest leaves: what {@link dev.latent.Async} and {@link dev.latent.Futures} make.
 *
 * <p>A combinator knows futures by {@link dev.latent.Owners} alone, so it could as well stand outside core. What knows frames, or is known to
 * {@code Owners}, stands in {@link dev.latent}; scopes, which spawn, have their own package.
 */
@NullMarked
package dev.latent.internal.combine;

import org.jspecify.annotations.NullMarked;
