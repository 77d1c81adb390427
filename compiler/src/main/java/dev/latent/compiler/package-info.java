/** Turns the bodies of async lambdas into state machines, as javac writes their class files. */
@NullMarked
package dev.latent.compiler;

import org.jspecify.annotations.NullMarked;
