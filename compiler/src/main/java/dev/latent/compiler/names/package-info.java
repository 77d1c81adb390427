/**
 * What the compiler knows of core, runtime and web by name: classes, methods and their descriptors. The compiler depends on none of them,
 * so a class that moves there is edited here, and nowhere else.
 *
 * <p>Names of the JDK and of other libraries stand where they are used.
 */
@NullMarked
package dev.latent.compiler.names;

import org.jspecify.annotations.NullMarked;
