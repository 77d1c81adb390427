/** Benchmarks of woven bodies; bench/run.sh frames runs them. */
@NullMarked
package dev.latent.bench;

import org.jspecify.annotations.NullMarked;
