/**
 * HTTP/1.1 and its services: servers that are given handlers, WebSockets and files, over the executor's own network.
 *
 * <p>What keeps, bounds and ends connections belongs here; what is said on them is in {@code .http} and {@code .ws}. No socket, thread or
 * clock does: they come by the {@link dev.latent.world.World}, so that all of it runs over any network.
 */
@NullMarked
package dev.latent.web;

import org.jspecify.annotations.NullMarked;
