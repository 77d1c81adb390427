/**
 * Executors over the real world: its clock, its network, its blocking threads.
 *
 * <p>Each executor stands here with its tasks, its queues and the timers on its own thread, since they change together. What an executor
 * uses by an interface, or could do without, has a package of its own below: where it waits ({@code driver}), the timer wheel
 * ({@code time}), threads that may block ({@code blocking}), the machine ({@code system}), the dump ({@code inspect}). What a task is
 * without any executor is core's.
 */
@NullMarked
package dev.latent.runtime;

import org.jspecify.annotations.NullMarked;
