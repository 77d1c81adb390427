/**
 * {@link dev.latent.Async#scope}: a body, and tasks that do not outlive it.
 *
 * <p>What spawns belongs here; what only polls other futures to {@code combine}.
 */
@NullMarked
package dev.latent.internal.scope;

import org.jspecify.annotations.NullMarked;
