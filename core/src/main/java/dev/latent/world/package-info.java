/**
 * What a program gets from outside: the {@link dev.latent.world.World} of an executor and the capabilities in it that every program
 * may need. Interfaces, and what needs neither a thread nor a machine; the real ones are the runtime's, and the network's, files' and
 * processes' interfaces have a module of their own.
 */
@NullMarked
package dev.latent.world;

import org.jspecify.annotations.NullMarked;
