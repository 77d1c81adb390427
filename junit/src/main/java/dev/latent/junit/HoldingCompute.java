package dev.latent.junit;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.world.ComputePool;
import java.util.concurrent.Callable;

/** Threads that compute; while a task waits for one, the clock stands. */
record HoldingCompute(ComputePool threads, TestClock clock) implements ComputePool {
    @Override
    public <T> Future<T> run(Callable<? extends T> work) {
        return async(() -> {
            try (var _ = clock.hold("a computation")) {
                return await(threads.<T>run(work));
            }
        });
    }
}
