/** What is looked for in the source, while there are still names and columns to point at. */
@NullMarked
package dev.latent.compiler.lint;

import org.jspecify.annotations.NullMarked;
