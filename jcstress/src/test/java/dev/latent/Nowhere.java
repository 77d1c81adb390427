package dev.latent;

import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.World;

/** An executor that runs nothing. */
public final class Nowhere implements TaskHome {
    @Override
    public void schedule(SpawnedTask<?> task, boolean yielded) {}

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        throw new UnsupportedOperationException();
    }

    @Override
    public World world() {
        return World.empty();
    }
}
