package dev.latent;

import dev.latent.internal.scope.Restarting;
import dev.latent.world.FailureHandler;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * Keeps a child of a scope, or of a {@link JoinSet}, going: when its body fails, it is run anew. What fails too often fails for good, and so
 * the scope decides.
 *
 * {@snippet :
 * await(scopeDo(s -> {
 *     s.spawn(Restart.upTo(5).within(ofMinutes(1)).after(ofMillis(100)).run(() -> await(readFrom(feed))));
 *     s.spawn(Restart.always().after(ofSeconds(1)).run(() -> await(heartbeat())));
 * }));
 * }
 *
 * <p>Each failure that is followed by a restart goes to the {@link FailureHandler}. Errors, cancellations and interruptions are no
 * failures of this kind: they are thrown at once. A body that returns has done its work, and is not run again. To try one call until it succeeds, see {@code Retry}: that counts
 * attempts, this counts failures within a time.
 *
 * <p>Immutable: each method gives another.
 *
 * @param most failures within {@code within} that are followed by a restart; one more is thrown
 * @param within the time in which they count
 * @param after the pause before each restart
 */
public record Restart(long most, Duration within, Duration after) {
    /** Checks. */
    public Restart {
        if (most < 0 || after.isNegative() || within.isNegative()) {
            throw new IllegalArgumentException(
                    "restarts are not negative, nor are times: " + most + ", " + within + ", " + after);
        }
    }

    /** {@return restarts whenever it fails, at once} */
    public static Restart always() {
        return upTo(Long.MAX_VALUE);
    }

    /** {@return restarts at once, {@code most} times in all} */
    public static Restart upTo(long most) {
        return new Restart(most, Duration.ofSeconds(Long.MAX_VALUE), Duration.ZERO);
    }

    /** {@return the same, where a failure counts for {@code time} only} */
    public Restart within(Duration time) {
        return new Restart(most, time, after);
    }

    /** {@return the same, with a pause before each restart} */
    public Restart after(Duration pause) {
        return new Restart(most, within, pause);
    }

    /**
     * {@return a future that runs {@code body}, and runs it anew when it fails}
     *
     * <p><em>Cancel safety:</em> that of the body; dropped, it does not come back.
     *
     * <p><em>Throws</em> what the body threw once too often; a {@link CancellationException}, an {@link InterruptedException} or an
     * {@link Error} as soon as it comes.
     */
    public <R> Future<R> run(AsyncCallable<? extends R> body) {
        return new Restarting<>(this, body);
    }

    /** {@return as {@link #run(AsyncCallable)}, of a body that gives nothing} */
    public Future<Void> run(AsyncRunnable body) {
        return new Restarting<>(this, body);
    }
}
