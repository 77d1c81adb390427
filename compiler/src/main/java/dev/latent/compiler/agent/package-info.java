/**
 * Weaving at load time.
 *
 * <p>Only what differs when a class is loaded already: how it is found, and where its frames go. The rest belongs to {@code weave}.
 */
@NullMarked
package dev.latent.compiler.agent;

import org.jspecify.annotations.NullMarked;
