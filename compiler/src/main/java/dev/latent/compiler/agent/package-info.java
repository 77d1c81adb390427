/** Weaving at load time. */
@org.jspecify.annotations.NullMarked
package dev.latent.compiler.agent;
