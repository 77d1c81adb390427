package dev.latent.runtime;

import dev.latent.BlockingPool;
import dev.latent.FailureHandler;
import dev.latent.Timers;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What an executor gives its tasks beside polls: time, network, blocking threads, randomness, and an ear for failures.
 *
 * <p>Where the system's world leaves a part open, the executor brings its own: timers over {@link System#nanoTime()} that its
 * own thread serves, and a network whose events its own thread waits for, opened when a task first asks for it. Every part can
 * be replaced; a simulation replaces all of them. Immutable.
 */
public final class World {
    private static final World SYSTEM = new World(null, null, ThreadBlockingPool.SHARED, SystemRandom.INSTANCE, null);

    private final @Nullable Timers timers;
    private final @Nullable Net net;
    private final @Nullable BlockingPool blocking;
    private final @Nullable RandomGenerator random;
    private final @Nullable FailureHandler failures;

    private World(
            @Nullable Timers timers,
            @Nullable Net net,
            @Nullable BlockingPool blocking,
            @Nullable RandomGenerator random,
            @Nullable FailureHandler failures) {
        this.timers = timers;
        this.net = net;
        this.blocking = blocking;
        this.random = random;
        this.failures = failures;
    }

    /** {@return the real one} */
    public static World system() {
        return SYSTEM;
    }

    /** {@return this world with another clock} */
    public World withTimers(Timers timers) {
        return new World(timers, net, blocking, random, failures);
    }

    /** {@return this world with another network} */
    public World withNet(Net net) {
        return new World(timers, net, blocking, random, failures);
    }

    /** {@return this world with other threads for blocking calls} */
    public World withBlockingPool(BlockingPool blocking) {
        return new World(timers, net, blocking, random, failures);
    }

    /** {@return this world with another source of randomness; of an executor with many threads it must be thread-safe} */
    public World withRandom(RandomGenerator random) {
        return new World(timers, net, blocking, random, failures);
    }

    /** {@return this world with {@code failures} told what nobody else is; by default the system logger is} */
    public World withFailureHandler(FailureHandler failures) {
        return new World(timers, net, blocking, random, failures);
    }

    /** What an executor brings itself where its world has none. */
    interface Own {
        Timers timers();

        Net net();
    }

    /** {@return its clock, or {@code own} where it has none} */
    Timers timersOr(Timers own) {
        return timers != null ? timers : own;
    }

    /** {@return the capability, or null} */
    <C> @Nullable C capability(Class<C> type, Own own) {
        if (type == Timers.class) {
            return type.cast(timers != null ? timers : own.timers());
        }
        if (type == RandomGenerator.class) {
            return type.cast(random);
        }
        if (type == Net.class) {
            return type.cast(net != null ? net : own.net());
        }
        if (type == BlockingPool.class) {
            return type.cast(blocking);
        }
        if (type == FailureHandler.class) {
            return type.cast(failures);
        }
        return null;
    }
}
