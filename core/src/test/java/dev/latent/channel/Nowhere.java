package dev.latent.channel;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Spawner;
import dev.latent.world.World;

/** An executor that runs nothing. */
final class Nowhere implements Spawner {
    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        throw new UnsupportedOperationException();
    }

    @Override
    public World world() {
        return World.empty();
    }
}
