package dev.latent;

import org.jspecify.annotations.Nullable;

/** Stands where a future was never polled, so no executor is known. */
enum NoSpawner implements Spawner {
    INSTANCE;

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        throw new IllegalStateException("no executor has ever polled " + future);
    }

    @Override
    public <C> @Nullable C capability(Class<C> type) {
        return null;
    }

    @Override
    public String toString() {
        return "none";
    }
}
