/** What javac knows of the program beyond its trees, and what the build asks for. */
@NullMarked
package dev.latent.compiler.model;

import org.jspecify.annotations.NullMarked;
