/** HTTP/1.1 upgrade, WebSocket (RFC 6455) and static files, server and client, over the executor's own network. */
@NullMarked
package dev.latent.web;

import org.jspecify.annotations.NullMarked;
