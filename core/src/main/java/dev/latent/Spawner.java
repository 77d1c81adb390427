package dev.latent;

import dev.latent.world.World;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An executor as its tasks see it: where a future becomes a task, and which capabilities it has for them. */
public interface Spawner {
    /**
     * Makes {@code future} a task of its own, which starts soon.
     *
     * @return the handle that owns the task: closing or dropping it cancels the task, {@link JoinHandle#detach()} lets it go.
     *     On an executor that is closing, the handle of an already cancelled task.
     * @throws IllegalStateException when the future has another owner, or is bound to a thread and this executor moves its tasks between
     *     threads
     * @throws OutOfMemoryError then it is still its holder's
     * @see NotSend
     */
    <T> JoinHandle<T> spawn(Future<? extends T> future);

    /**
     * As {@link #spawn}, of a future that may be {@linkplain NotSend bound to its thread}. An executor that polls all its tasks on
     * one thread overrides it, and that is how javac knows it for one.
     *
     * @throws IllegalStateException also when this executor moves its tasks between threads
     */
    default <T> JoinHandle<T> spawnLocal(Future<? extends T> future) {
        throw new IllegalStateException(
                this + " moves its tasks between threads, so it can't take " + future
                        + " by spawnLocal: use spawnLocal on a LocalExecutor, or spawn where nothing binds the future to a thread");
    }

    /** {@return what this executor's tasks get from outside} */
    World world();

    /**
     * {@return this executor's {@code type}, a clock or a network for example, or null when its world has none}
     *
     * @see Context#capability(Class)
     */
    default <C> @Nullable C capability(Class<C> type) {
        return world().capability(type);
    }

    /**
     * Spawns {@code future} and gives its outcome to code that knows only {@link CompletableFuture}.
     *
     * @return completes with the future's value or failure; cancelling it cancels the task
     */
    default <T> CompletableFuture<T> toCompletableFuture(Future<? extends T> future) {
        return CompletionStages.spawn(this, future);
    }
}
