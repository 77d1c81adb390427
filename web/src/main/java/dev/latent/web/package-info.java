/**
 * Servers that are given handlers, WebSockets and files, and WebSocket (RFC 6455) itself, both sides, over the executor's own network.
 *
 * <p>What keeps, bounds and ends connections belongs here, and frames with their rules; what HTTP says on them is in {@code .http}. No socket, thread or
 * clock does: they come by the {@link dev.latent.world.World}, so that all of it runs over any network.
 */
@NullMarked
package dev.latent.web;

import org.jspecify.annotations.NullMarked;
