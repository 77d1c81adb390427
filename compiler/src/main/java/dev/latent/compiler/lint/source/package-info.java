/**
 * What lints ask of the source at one place: what is called there, of which type it is, and how to say what is wrong with it.
 *
 * <p>What depends on the order in which code runs belongs to {@code lint.flow}; what is wrong to {@code lint}.
 */
@NullMarked
package dev.latent.compiler.lint.source;

import org.jspecify.annotations.NullMarked;
