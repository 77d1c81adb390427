/** The {@code latent} command. */
@NullMarked
package dev.latent.cli;

import org.jspecify.annotations.NullMarked;
