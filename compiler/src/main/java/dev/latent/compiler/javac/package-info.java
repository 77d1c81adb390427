/**
 * The weaver as javac starts it: the plugin, the processor, and what they do to the classes of one run.
 *
 * <p>What is found in the source belongs to {@code lint}, what is done to a class to {@code weave}.
 */
@NullMarked
package dev.latent.compiler.javac;

import org.jspecify.annotations.NullMarked;
