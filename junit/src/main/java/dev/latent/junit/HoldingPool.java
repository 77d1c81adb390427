package dev.latent.junit;

import static dev.latent.Async.async;
import static dev.latent.Async.await;

import dev.latent.Future;
import dev.latent.world.BlockingPool;
import java.util.concurrent.Callable;

/** Threads for blocking calls; while a task waits for one, the clock stands. */
record HoldingPool(BlockingPool threads, TestClock clock) implements BlockingPool {
    @Override
    public <T> Future<T> run(Callable<? extends T> work) {
        return async(() -> {
            try (var _ = clock.hold("a blocking call")) {
                return await(threads.<T>run(work));
            }
        });
    }
}
