/** The two processes of {@code latent demo}: the chat server, and the load. */
@NullMarked
package dev.latent.cli.demo;

import org.jspecify.annotations.NullMarked;
