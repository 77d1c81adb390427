/**
 * Where an executor's thread waits when it has nothing to poll, and how it is told that it has.
 *
 * <p>What any driver has in common. How sockets wake tasks is the business of one, in a package of its own beside this.
 */
@NullMarked
package dev.latent.runtime.driver;

import org.jspecify.annotations.NullMarked;
