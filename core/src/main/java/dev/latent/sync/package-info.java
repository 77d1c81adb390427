/**
 * Locks and meeting points of tasks: what one task waits for until another lets it go on. All are first come, first served, can be left by
 * a drop at any await without a loss, and are for any threads.
 *
 * <p>All that waits here waits in a {@code Line}; what has permits is a {@code Turnstile}. What carries values from task to task is a
 * channel, and not here.
 */
@NullMarked
package dev.latent.sync;

import org.jspecify.annotations.NullMarked;
