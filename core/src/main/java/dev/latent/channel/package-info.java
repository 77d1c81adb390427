/**
 * What tasks, and threads, hand values through: {@link dev.latent.channel.Channel} for many senders and receivers of which one gets each
 * value, {@link dev.latent.channel.Oneshot} for a single one, {@link dev.latent.channel.Broadcast} for all to all, {@link dev.latent.channel.Watch}
 * for the latest only.
 *
 * <p>All of them are thread-safe, nothing is lost where a wait is dropped, who waits is served in order, and no code of the program is called
 * under a lock. What comes out of them over time is a {@link dev.latent.Source}; operators on such are elsewhere, in {@code stream}.
 */
@NullMarked
package dev.latent.channel;

import org.jspecify.annotations.NullMarked;
