package dev.latent.fuzz;

import static dev.latent.Async.async;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import dev.latent.runtime.LocalExecutor;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.Entropy;
import dev.latent.world.FailureHandler;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Where a target's futures run: on one thread, in virtual time, without chance and without other threads. What nobody is left to receive fails the input. */
public final class Machine {
    private final List<Throwable> reported = new ArrayList<>();
    private final LocalExecutor executor;

    /** A machine of which {@code more} makes the world. */
    public Machine(java.util.function.UnaryOperator<World> more) {
        World world = Latent.system()
                .with(Clock.class, new VirtualClock())
                .with(Entropy.class, bytes -> {})
                .with(BlockingPool.class, new Here())
                .with(FailureHandler.class, (where, failure) -> reported.add(new AssertionError(where, failure)));
        this.executor = LocalExecutor.builder().world(more.apply(world)).build();
    }

    /** Calls that block do so here: what a target calls so does not. */
    private static final class Here implements BlockingPool {
        @Override
        public <T> Future<T> run(Callable<? extends T> work) {
            return async(() -> work.call());
        }
    }

    /** {@return the value of {@code future}, at whose end no task is left} */
    public <T> T run(Future<? extends T> future) throws Exception {
        T value;
        try {
            value = executor.blockOn(future);
        } finally {
            executor.runUntilStalled();
        }
        if (!reported.isEmpty()) {
            AssertionError first = new AssertionError(reported.removeFirst());
            reported.clear();
            throw first;
        }
        if (executor.liveTasks() != 0) {
            throw new AssertionError(executor.liveTasks() + " tasks are left: " + executor.look());
        }
        return value;
    }
}
