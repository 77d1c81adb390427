/** Executors over the real world: its clock, its network, its blocking threads. */
@NullMarked
package dev.latent.runtime;

import org.jspecify.annotations.NullMarked;
