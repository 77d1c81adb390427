/** {@code latent learn}: the guide as exercises. */
@NullMarked
package dev.latent.cli.learn;

import org.jspecify.annotations.NullMarked;
