/**
 * The machine: what the system's world is made of that needs nothing of an executor. Here, and nowhere else, the program asks the
 * machine for time and randomness, opens its files and starts its processes.
 */
@NullMarked
package dev.latent.runtime.system;

import org.jspecify.annotations.NullMarked;
