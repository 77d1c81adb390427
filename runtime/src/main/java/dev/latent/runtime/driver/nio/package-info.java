/**
 * The driver over the JDK's selectors, and its network: sockets, what they wait for, and the buffers through which they do I/O.
 *
 * <p>All that knows a channel or a selector belongs here. What works over any stream belongs to {@code dev.latent.io}, what any network
 * would write again to its {@code spi}.
 */
@NullMarked
package dev.latent.runtime.driver.nio;

import org.jspecify.annotations.NullMarked;
