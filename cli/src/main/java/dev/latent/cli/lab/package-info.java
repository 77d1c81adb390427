/** {@code latent lab}: what the lesson on async claims, as experiments on this machine. */
@NullMarked
package dev.latent.cli.lab;

import org.jspecify.annotations.NullMarked;
