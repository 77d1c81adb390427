/**
 * Threads for what would hold up those that poll: the system's {@link dev.latent.world.BlockingPool}, and its
 * {@link dev.latent.world.ComputePool}.
 *
 * <p>Nothing here polls. How an executor lets one of its own threads block is the executor's.
 */
@NullMarked
package dev.latent.runtime.blocking;

import org.jspecify.annotations.NullMarked;
