/**
 * Lazy futures that are cancelled by dropping them: the words of the language, and what carries them.
 *
 * <p>What a program says belongs here ({@link dev.latent.Future}, {@link dev.latent.Async}, {@link dev.latent.Context}), and what knows who
 * owns a future or how frames hang together, package-private. What the words make, a join or a scope, is in packages of its own that are not
 * exported; what comes from outside is in {@code world}, what an executor needs in {@code task}.
 */
@NullMarked
package dev.latent;

import org.jspecify.annotations.NullMarked;
