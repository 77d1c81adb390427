package dev.latent.runtime;

import dev.latent.io.Files;
import dev.latent.io.Net;
import dev.latent.io.Processes;
import dev.latent.io.Resolver;
import dev.latent.io.Signals;
import dev.latent.runtime.blocking.ForkJoinComputePool;
import dev.latent.runtime.blocking.ThreadBlockingPool;
import dev.latent.runtime.system.SystemClock;
import dev.latent.runtime.system.SystemEntropy;
import dev.latent.runtime.system.SystemFiles;
import dev.latent.runtime.system.SystemProcesses;
import dev.latent.runtime.system.SystemRandom;
import dev.latent.runtime.system.SystemResolver;
import dev.latent.runtime.system.SystemSignals;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.ComputePool;
import dev.latent.world.Entropy;
import dev.latent.world.Timers;
import dev.latent.world.World;
import java.util.random.RandomGenerator;

/** {@link Latent#system()}. */
final class SystemWorld {
    /** Threads that all worlds share which take this part of the system's; more calls wait in a queue. As in tokio: they mostly wait. */
    private static final int MAX_THREADS = 512;

    static final World WORLD = World.empty()
            .with(Clock.class, SystemClock.INSTANCE)
            .with(Timers.class, Background.INSTANCE.timers())
            .with(RandomGenerator.class, SystemRandom.INSTANCE)
            .with(Entropy.class, SystemEntropy.INSTANCE)
            .with(BlockingPool.class, new ThreadBlockingPool(MAX_THREADS))
            .with(
                    ComputePool.class,
                    new ForkJoinComputePool(Runtime.getRuntime().availableProcessors()))
            .with(Resolver.class, SystemResolver.INSTANCE)
            .with(Files.class, SystemFiles.INSTANCE)
            .with(Processes.class, SystemProcesses.INSTANCE)
            .with(Signals.class, SystemSignals.INSTANCE)
            .with(Net.class, Background.INSTANCE.net());

    private SystemWorld() {}
}
