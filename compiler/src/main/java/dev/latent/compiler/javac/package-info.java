/** The weaver as javac starts it: the plugin, the processor, and what they do to the classes of one run. */
@NullMarked
package dev.latent.compiler.javac;

import org.jspecify.annotations.NullMarked;
