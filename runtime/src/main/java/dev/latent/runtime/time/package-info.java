/**
 * Timers over a clock: what waits stands in a wheel by its deadline, and whoever serves the wheel wakes it.
 *
 * <p>A wheel and its guards belong here. When it is looked at, and by which thread, is the executor's.
 */
@NullMarked
package dev.latent.runtime.time;

import org.jspecify.annotations.NullMarked;
