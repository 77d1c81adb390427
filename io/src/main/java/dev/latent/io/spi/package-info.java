/** For who implements a network or files: what each would have to write again, so that all fail in the same words. Not for programs. */
@NullMarked
package dev.latent.io.spi;

import org.jspecify.annotations.NullMarked;
