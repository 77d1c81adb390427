/**
 * What is known beyond the code at hand: of other classes, from javac or from class files, and what the build asks for.
 *
 * <p>What is in a body belongs to {@code body}, what is in a source file to {@code lint}.
 */
@NullMarked
package dev.latent.compiler.model;

import org.jspecify.annotations.NullMarked;
