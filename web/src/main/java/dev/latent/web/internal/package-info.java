/** Heads of HTTP messages as bytes, by Netty's codecs; not for programs. */
@NullMarked
package dev.latent.web.internal;

import org.jspecify.annotations.NullMarked;
