/**
 * What a person, or a tool, sees of a running program: the live tasks of its executors, and what each waits for.
 *
 * <p>Executors show themselves by {@link dev.latent.runtime.inspect.Tasks.Shown}; nothing here is asked on the way of a poll.
 */
@NullMarked
package dev.latent.runtime.inspect;

import org.jspecify.annotations.NullMarked;
