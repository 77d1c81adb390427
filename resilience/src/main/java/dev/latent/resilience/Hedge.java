package dev.latent.resilience;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.pin;
import static dev.latent.Async.selectOk;
import static dev.latent.Async.withTimeout;

import dev.latent.AsyncCallable;
import dev.latent.AsyncRunnable;
import dev.latent.Future;
import dev.latent.Timed;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tries a second time what takes longer than usual, without giving up the first: whichever succeeds first counts, and the other is dropped. It trades a
 * little more load for far fewer slow answers, where the same question may be asked twice.
 *
 * {@snippet :
 * var answer = await(Hedge.after(ofMillis(50)).run(() -> await(ask(anyReplica()))));
 * }
 *
 * <p>An attempt that fails lets the next begin at once; it fails when all have failed, with the last failure, the others suppressed. An {@link Error}, a
 * cancellation or an interruption of the only attempt under way is thrown at once. Immutable.
 *
 * @see <a href="https://research.google/pubs/the-tail-at-scale/">Dean and Barroso, The Tail at Scale</a>
 */
public final class Hedge {
    private final Duration delay;
    private final int times;
    private final @Nullable RetryBudget budget;

    private Hedge(Duration delay, int times, @Nullable RetryBudget budget) {
        this.delay = Objects.requireNonNull(delay);
        this.times = times;
        this.budget = budget;
    }

    /** {@return two attempts, of which the second begins {@code delay} after the first, if that has not ended} */
    public static Hedge after(Duration delay) {
        return new Hedge(delay, 2, null);
    }

    /**
     * {@return one that makes {@code attempts} at most, the first included, each so long after the one before}
     *
     * @throws IllegalArgumentException when they are fewer than two
     */
    public Hedge times(int attempts) {
        if (attempts < 2) {
            throw new IllegalArgumentException(attempts + " attempts: a hedge has two at least");
        }
        return new Hedge(delay, attempts, budget);
    }

    /** {@return one that takes all attempts but the first out of {@code budget}} Where that is used up, the ones under way go on alone. */
    public Hedge budget(RetryBudget budget) {
        return new Hedge(delay, times, Objects.requireNonNull(budget));
    }

    /**
     * {@return a future of what the first attempt gives that succeeds; the cleanup of the others has ended by then}
     *
     * <p><em>Cancel safety:</em> that of {@code body}: all attempts under way are dropped, cleanup included.
     */
    public <R extends @Nullable Object> Future<R> run(AsyncCallable<? extends R> body) {
        Objects.requireNonNull(body);
        return async(() -> {
            if (budget != null) {
                budget.called();
            }
            return await(attempts(times, body));
        });
    }

    /** {@return as {@link #run(AsyncCallable)}, of a body that gives nothing} */
    public Future<Void> run(AsyncRunnable body) {
        Objects.requireNonNull(body);
        AsyncCallable<Void> giving = () -> await(async(body));
        return run(giving);
    }

    private <R extends @Nullable Object> Future<R> attempts(int left, AsyncCallable<? extends R> body) {
        if (left == 1) {
            return async(body);
        }
        return async(() -> {
            try (var first = pin(async(body))) {
                Exception failed = null;
                try {
                    if (await(withTimeout(delay, first)) instanceof Timed.InTime(var value)) {
                        return value;
                    }
                } catch (Exception e) {
                    failed = e;
                }
                if (failed != null && !Retry.isFailure(failed)) {
                    throw failed;
                }
                boolean goOn = budget == null || budget.tryRetry();
                if (failed != null) {
                    if (!goOn) {
                        throw failed;
                    }
                    return await(afterFailure(failed, attempts(left - 1, body)));
                }
                return goOn
                        ? await(selectOk(List.<Future<? extends R>>of(first, attempts(left - 1, body))))
                        : await(first);
            }
        });
    }

    private static <R extends @Nullable Object> Future<R> afterFailure(Exception failed, Future<? extends R> next) {
        return async(() -> {
            try {
                return await(next);
            } catch (Throwable last) {
                Thrown.suppress(last, failed);
                throw last;
            }
        });
    }

    @Override
    public String toString() {
        return "Hedge of " + times + " attempts, " + delay + " apart";
    }
}
