/** Weaving after compilation, of folders and jars. */
@org.jspecify.annotations.NullMarked
package dev.latent.compiler.tool;
