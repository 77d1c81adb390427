/** Benchmarks of woven bodies; {@code ./latent bench frames} runs them. */
@NullMarked
package dev.latent.bench;

import org.jspecify.annotations.NullMarked;
