/**
 * HTTP/1.1 upgrade, WebSocket (RFC 6455) and static files, server and client, over the executor's own network.
 *
 * <p>Protocols belong here, with what bounds a peer. No socket, thread or clock does: they come by the {@link dev.latent.world.World}, so
 * that all of it runs over any network.
 */
@NullMarked
package dev.latent.web;

import org.jspecify.annotations.NullMarked;
