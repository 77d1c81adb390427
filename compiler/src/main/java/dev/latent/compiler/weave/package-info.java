/**
 * Turns the bodies of async lambdas into state machines: the passes in their order, the frame classes, and the class around them.
 *
 * <p>It knows class files only: no source, no javac, no folder. What becomes of cleanups is in {@code cleanup}.
 */
@NullMarked
package dev.latent.compiler.weave;

import org.jspecify.annotations.NullMarked;
