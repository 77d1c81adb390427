/**
 * Threads for calls that block: the system's {@link dev.latent.world.BlockingPool}.
 *
 * <p>Nothing here polls. How an executor lets one of its own threads block is the executor's.
 */
@NullMarked
package dev.latent.runtime.blocking;

import org.jspecify.annotations.NullMarked;
