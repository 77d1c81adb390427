/** The goals {@code weave} and {@code weave-tests}. */
@org.jspecify.annotations.NullMarked
package dev.latent.maven;
