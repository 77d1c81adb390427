package dev.latent.world;

import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All that a program gets from outside: its capabilities, each under the class that stands for it. An executor is built over one,
 * and its tasks find there what they need, so whoever replaces a part, or all of them, needs to change nothing else.
 *
 * <p>The capabilities that an executor itself asks for have fields; any other type may be added. Immutable.
 *
 * <p>Where a world has a {@link Clock} and no {@link Timers}, an executor with a loop of its own brings timers over that clock. They
 * stay its own: another executor that is built over the {@linkplain dev.latent.Spawner#world() world of the first} brings others in
 * their place. The same goes for the system's timers and network, which such an executor serves itself.
 */
public final class World {
    private static final World EMPTY = new World(null, null, null, null, null, FailureHandler.logging(), null);

    private final @Nullable Clock clock;
    private final @Nullable Timers timers;
    private final @Nullable RandomGenerator random;
    private final @Nullable BlockingPool blocking;
    private final @Nullable Entropy entropy;
    private final FailureHandler failures;
    private final @Nullable Other others;

    /** A capability without a field. */
    private record Other(
            Class<?> type, Object implementation, @Nullable Other next) {}

    private World(
            @Nullable Clock clock,
            @Nullable Timers timers,
            @Nullable RandomGenerator random,
            @Nullable BlockingPool blocking,
            @Nullable Entropy entropy,
            FailureHandler failures,
            @Nullable Other others) {
        this.clock = clock;
        this.timers = timers;
        this.random = random;
        this.blocking = blocking;
        this.entropy = entropy;
        this.failures = failures;
        this.others = others;
    }

    /** {@return a world in which there is nothing, except that failures are {@linkplain FailureHandler#logging() logged}} */
    public static World empty() {
        return EMPTY;
    }

    /**
     * {@return this world with {@code implementation} for {@code type}, in the place of the one until now}
     *
     * <p>Timers belong to a clock, so a world that is given another {@link Clock} has no {@link Timers} until it is given those too, or
     * an executor brings its own.
     *
     * @param type what futures ask for; compared by identity, so it is the interface and not the implementation's class
     * @param implementation of an executor with many threads it must be thread-safe
     */
    public <C> World with(Class<C> type, C implementation) {
        C given = type.cast(Objects.requireNonNull(implementation));
        boolean isOther = type != Clock.class
                && type != Timers.class
                && type != RandomGenerator.class
                && type != BlockingPool.class
                && type != Entropy.class
                && type != FailureHandler.class;
        return new World(
                type == Clock.class ? (Clock) given : clock,
                type == Timers.class ? (Timers) given : type == Clock.class ? null : timers,
                type == RandomGenerator.class ? (RandomGenerator) given : random,
                type == BlockingPool.class ? (BlockingPool) given : blocking,
                type == Entropy.class ? (Entropy) given : entropy,
                type == FailureHandler.class ? (FailureHandler) given : failures,
                isOther ? new Other(type, given, without(others, type)) : others);
    }

    private static @Nullable Other without(@Nullable Other list, Class<?> type) {
        if (list == null || list.type == type) {
            return list == null ? null : list.next;
        }
        return new Other(list.type, list.implementation, without(list.next, type));
    }

    /** {@return what stands for {@code type}, or null} */
    public <C> @Nullable C capability(Class<C> type) {
        Object found = null;
        if (type == Timers.class) {
            found = timers;
        } else if (type == Clock.class) {
            found = clock;
        } else if (type == RandomGenerator.class) {
            found = random;
        } else if (type == BlockingPool.class) {
            found = blocking;
        } else if (type == Entropy.class) {
            found = entropy;
        } else if (type == FailureHandler.class) {
            found = failures;
        } else {
            for (Other o = others; o != null; o = o.next) {
                if (o.type == type) {
                    found = o.implementation;
                    break;
                }
            }
        }
        return type.cast(found);
    }

    /** {@return its clock, or null} */
    public @Nullable Clock clock() {
        return clock;
    }

    /** {@return its timers, or null} */
    public @Nullable Timers timers() {
        return timers;
    }

    /** {@return what is random in its schedules, or null} */
    public @Nullable RandomGenerator random() {
        return random;
    }

    /** {@return who is told what nobody else is} */
    public FailureHandler failures() {
        return failures;
    }
}
