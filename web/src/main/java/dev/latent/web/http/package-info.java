/**
 * HTTP's words on the side of a service: requests, responses, handlers and what stands around them.
 *
 * <p>Nothing here reads or writes a connection, so that a handler is tried by calling it; a {@link dev.latent.web.WebServer} does.
 */
@NullMarked
package dev.latent.web.http;

import org.jspecify.annotations.NullMarked;
