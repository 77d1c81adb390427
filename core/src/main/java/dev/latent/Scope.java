package dev.latent;

import dev.latent.world.FailureHandler;

/** Owns the tasks that are spawned in it; nothing outlives {@code await(scope(…))}. */
public interface Scope {
    /** Starts a child task. Its first failure drops the siblings and the body, unless the scope was opened with {@link OnFailure#REPORT}. */
    <T> ScopedTask<T> spawn(Future<? extends T> future);

    /** As {@link #spawn}, of a future that may be bound to its thread: see {@link Spawner#spawnLocal}. */
    <T> ScopedTask<T> spawnLocal(Future<? extends T> future);

    /** What a child's failure does. */
    enum OnFailure {
        /** Drops the siblings and the body, and is thrown by the scope. */
        CANCEL_SIBLINGS,
        /** Goes to the executor's {@link FailureHandler}; the others run on. */
        REPORT
    }
}
