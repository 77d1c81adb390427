package dev.latent;

import dev.latent.world.World;

/** An executor that runs nothing. */
public final class Nowhere implements Spawner {
    /** Where nothing runs. */
    public Nowhere() {}

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        throw new UnsupportedOperationException();
    }

    @Override
    public World world() {
        return World.empty();
    }
}
