/**
 * WebSocket (RFC 6455), both sides: connections, messages, and how one is opened.
 *
 * <p>Frames and their rules belong here. What HTTP has to do with it is a request that becomes a connection; of HTTP itself nothing does.
 */
@NullMarked
package dev.latent.web.ws;

import org.jspecify.annotations.NullMarked;
