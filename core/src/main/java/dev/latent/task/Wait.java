package dev.latent.task;

import dev.latent.Future;

/**
 * That a future waits for what tasks hold.
 *
 * @param leaf the future, which waits for nothing else
 * @param lock what it waits for
 */
public record Wait(Future<?> leaf, HeldByTasks lock) {}
