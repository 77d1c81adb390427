/**
 * The task kit, for people who bring an executor of their own: a future that has been spawned, with its waker, its handle and its
 * place in a queue in one object.
 *
 * <p>An executor implements {@link dev.latent.task.TaskHome}, makes each spawned future a {@link dev.latent.task.SpawnedTask}, and runs
 * tasks when they are scheduled; some thirty lines do. {@link dev.latent.task.LiveSet} holds those that wait, for its close.
 * {@link dev.latent.task.Task} is what every kind of task has in common. To extend it is for executors that know more about their
 * threads than that one at a time polls; what it leaves to its kind is protected, and may change between versions.
 *
 * <p>What polls, parks or owns a thread does not belong here, and no particular executor either.
 */
@NullMarked
package dev.latent.task;

import org.jspecify.annotations.NullMarked;
