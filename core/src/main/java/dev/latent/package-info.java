/** Lazy futures that are cancelled by dropping them, and what is built of them. */
@NullMarked
package dev.latent;

import org.jspecify.annotations.NullMarked;
