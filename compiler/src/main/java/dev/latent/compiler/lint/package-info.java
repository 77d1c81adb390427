/**
 * What is looked for in the source, while there are still names and columns to point at: a class for each rule.
 *
 * <p>What several of them ask belongs to {@code lint.source}, and to {@code lint.flow} where it follows the ways through a body.
 */
@NullMarked
package dev.latent.compiler.lint;

import org.jspecify.annotations.NullMarked;
