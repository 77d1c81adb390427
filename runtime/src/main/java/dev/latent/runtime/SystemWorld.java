package dev.latent.runtime;

import dev.latent.io.Net;
import dev.latent.io.Resolver;
import dev.latent.runtime.system.SystemClock;
import dev.latent.runtime.system.SystemEntropy;
import dev.latent.runtime.system.SystemRandom;
import dev.latent.runtime.system.SystemResolver;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.Entropy;
import dev.latent.world.Timers;
import dev.latent.world.World;
import java.util.random.RandomGenerator;

/** {@link Latent#system()}. */
final class SystemWorld {
    static final World WORLD = World.empty()
            .with(Clock.class, SystemClock.INSTANCE)
            .with(Timers.class, Background.INSTANCE.timers())
            .with(RandomGenerator.class, SystemRandom.INSTANCE)
            .with(Entropy.class, SystemEntropy.INSTANCE)
            .with(BlockingPool.class, ThreadBlockingPool.SHARED)
            .with(Resolver.class, SystemResolver.INSTANCE)
            .with(Net.class, Background.INSTANCE.net());

    private SystemWorld() {}
}
