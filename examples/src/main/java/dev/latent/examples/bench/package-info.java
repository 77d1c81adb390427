/** What {@code bench/} measures of Latent, beside its peers. */
@NullMarked
package dev.latent.examples.bench;

import org.jspecify.annotations.NullMarked;
