/**
 * {@link java.net.http.HttpClient}: an exchange that is cancelled by its drop, bodies that stream both ways, WebSockets.
 *
 * <p>A module of its own, and no part of {@code io}: the client brings threads and sockets of its own, which no world replaces; a simulation has none of it, and
 * who needs only interfaces does not want its module.
 */
@NullMarked
package dev.latent.interop.http;

import org.jspecify.annotations.NullMarked;
