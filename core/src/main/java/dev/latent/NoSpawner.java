package dev.latent;

import dev.latent.world.World;

/** Stands where a future was never polled, so no executor is known. */
enum NoSpawner implements Spawner {
    INSTANCE;

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        throw new IllegalStateException("no executor has ever polled " + future);
    }

    @Override
    public World world() {
        return World.empty();
    }

    @Override
    public String toString() {
        return "none";
    }
}
