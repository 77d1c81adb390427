/**
 * Bytes, connections, names, files, processes and signals as capabilities of a {@link dev.latent.world.World}, and what can be built of them alone.
 *
 * <p>An interface belongs here when a world may replace it, a combinator when it works in every world. Nothing here opens a socket or a file, starts a
 * thread or asks the system: that is the world's, in the runtime or in a simulation.
 */
@NullMarked
package dev.latent.io;

import org.jspecify.annotations.NullMarked;
