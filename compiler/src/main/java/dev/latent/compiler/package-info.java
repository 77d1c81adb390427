/**
 * What all rooms of the compiler share: the rules that it has, and the refusal of a class that breaks one.
 *
 * <p>Nothing else belongs here; each part has a package of its own. From the bottom up:
 *
 * <ol>
 *   <li>{@code names}: what the compiler knows of core by name;
 *   <li>{@code model}: what is known of other classes, and what the build asks for;
 *   <li>{@code body}: one async body as bytecode; {@code cleanup} and {@code weave}: the passes over it;
 *   <li>{@code lint.source}: what a tree of the source is; {@code lint.flow}: the ways through a body; {@code lint}: the lints;
 *   <li>{@code javac}, {@code tool}, {@code agent}: the ways in.
 * </ol>
 */
@NullMarked
package dev.latent.compiler;

import org.jspecify.annotations.NullMarked;
