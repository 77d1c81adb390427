/** A chat: rooms, names, broadcast, and a page for people. */
@NullMarked
package dev.latent.examples.chat;

import org.jspecify.annotations.NullMarked;
