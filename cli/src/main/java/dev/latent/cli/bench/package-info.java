/** {@code latent bench}: what is measured, by which programs, beside which peers, and how it is told. */
@NullMarked
package dev.latent.cli.bench;

import org.jspecify.annotations.NullMarked;
