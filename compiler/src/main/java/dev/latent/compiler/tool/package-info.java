/**
 * Weaving after compilation, of folders and jars.
 *
 * <p>It reads and writes files, and says what is wrong with them; what is done to a class belongs to {@code weave}.
 */
@NullMarked
package dev.latent.compiler.tool;

import org.jspecify.annotations.NullMarked;
