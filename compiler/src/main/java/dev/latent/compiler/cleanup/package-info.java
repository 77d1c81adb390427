/**
 * The passes that find the cleanups of a body, its closes and its {@code finally} blocks as compilers have copied them, and make a
 * drop respect them.
 *
 * <p>All else that becomes of a body belongs to {@code weave}; what a {@code finally} may not do in the source to {@code lint}.
 */
@NullMarked
package dev.latent.compiler.cleanup;

import org.jspecify.annotations.NullMarked;
