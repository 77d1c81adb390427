/** Threads for calls that block: the system's {@link dev.latent.world.BlockingPool}. */
@NullMarked
package dev.latent.runtime.blocking;

import org.jspecify.annotations.NullMarked;
