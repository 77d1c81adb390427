package dev.latent.runtime;

import dev.latent.world.Clock;
import dev.latent.world.World;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What may be chosen for every executor.
 *
 * @param <B> the builder itself
 */
public abstract sealed class ExecutorBuilder<B extends ExecutorBuilder<B>>
        permits LocalExecutor.Builder, WorkStealingExecutor.Builder, ThreadPerCore.Builder {
    World world = Latent.system();
    String name;

    @Nullable
    PollHook hook;

    long closeTimeoutNanos = Duration.ofSeconds(30).toNanos();

    ExecutorBuilder(String name) {
        this.name = name;
    }

    abstract B self();

    /**
     * What its tasks get from outside; {@link Latent#system()} by default. If tasks run on several threads, all of it must be
     * thread-safe.
     *
     * @throws IllegalArgumentException when there is no {@link Clock} in it
     */
    public B world(World world) {
        clockOf(world);
        this.world = world;
        return self();
    }

    /** Called around every poll. */
    public B pollHook(PollHook hook) {
        this.hook = Objects.requireNonNull(hook);
        return self();
    }

    /** How long closing lets cleanups run; 30 seconds by default. */
    public B closeTimeout(Duration closeTimeout) {
        this.closeTimeoutNanos = saturatedNanos(closeTimeout);
        return self();
    }

    /** What it is called, where a person reads of it; its threads' names, if it has any, begin with that. */
    public B name(String name) {
        this.name = Objects.requireNonNull(name);
        return self();
    }

    final Clock clock() {
        return clockOf(world);
    }

    private static Clock clockOf(World world) {
        Clock clock = world.clock();
        if (clock == null) {
            throw new IllegalArgumentException(
                    "a world without a Clock: begin with Latent.system(), or with World.empty().with(Clock.class, …)");
        }
        return clock;
    }

    /** {@return {@code time} in nanoseconds; one that has no end ends after 292 years} */
    static long saturatedNanos(Duration time) {
        try {
            return time.toNanos();
        } catch (ArithmeticException e) {
            return time.isNegative() ? 0 : Long.MAX_VALUE;
        }
    }
}
