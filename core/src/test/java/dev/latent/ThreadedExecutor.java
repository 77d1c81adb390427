package dev.latent;

import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.World;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The smallest executor over threads. */
final class ThreadedExecutor implements TaskHome {
    private final Executor threads;

    ThreadedExecutor(Executor threads) {
        this.threads = threads;
    }

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        SpawnedTask<T> task = new SpawnedTask<>(this, future);
        schedule(task, false);
        return task;
    }

    @Override
    public void schedule(SpawnedTask<?> task, boolean yielded) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            // The test is over.
        }
    }

    @Override
    public World world() {
        return World.empty();
    }
}
