/**
 * Streams: values that come over time, and what is done with each of them.
 *
 * <p>What takes values from a {@link dev.latent.Source} and gives others belongs here, and the ways in and out of
 * {@link java.util.concurrent.Flow}. What tasks hand to each other, and where values are kept between them, is a channel's affair.
 */
@NullMarked
package dev.latent.stream;

import org.jspecify.annotations.NullMarked;
