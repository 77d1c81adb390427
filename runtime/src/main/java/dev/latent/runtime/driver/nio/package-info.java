/** The driver over the JDK's selectors, and its network: sockets, what they wait for, and the buffers through which they do I/O. */
@NullMarked
package dev.latent.runtime.driver.nio;

import org.jspecify.annotations.NullMarked;
