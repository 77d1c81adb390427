/**
 * The ways through a body: in which order its source runs, what is known where ways meet, what lives across an await, what a loop repeats.
 *
 * <p>It knows no rule: what to make of it belongs to {@code lint}.
 */
@NullMarked
package dev.latent.compiler.lint.flow;

import org.jspecify.annotations.NullMarked;
