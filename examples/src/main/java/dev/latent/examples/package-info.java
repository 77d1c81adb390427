/** Programs that show Latent. */
@NullMarked
package dev.latent.examples;

import org.jspecify.annotations.NullMarked;
