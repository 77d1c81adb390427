/**
 * What comes at its time, again and again: {@link dev.latent.time.Interval}, {@link dev.latent.time.DelayQueue}. A single wait is
 * {@link dev.latent.Async#sleep}, a limit {@link dev.latent.Async#timeout}; what time it is, and who waits for it, is the
 * {@linkplain dev.latent.world world}'s.
 */
@NullMarked
package dev.latent.time;

import org.jspecify.annotations.NullMarked;
