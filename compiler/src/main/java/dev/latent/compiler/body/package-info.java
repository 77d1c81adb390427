/**
 * One async body as bytecode: its elements, which passes replace, and what can be told of them by looking: types, liveness, regions.
 *
 * <p>What a pass does with a body belongs to {@code weave} or {@code cleanup}; what is known of other classes to {@code model}.
 */
@NullMarked
package dev.latent.compiler.body;

import org.jspecify.annotations.NullMarked;
