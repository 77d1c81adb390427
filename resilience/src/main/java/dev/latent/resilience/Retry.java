package dev.latent.resilience;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static dev.latent.Async.context;
import static dev.latent.Async.sleep;

import dev.latent.AsyncCallable;
import dev.latent.AsyncRunnable;
import dev.latent.Future;
import dev.latent.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tries again what has failed, after a delay.
 *
 * {@snippet :
 * static final Retry RETRY = Retry.exponential(ofMillis(100)).times(5).jitter().on(IOException.class);
 *
 * var page = await(RETRY.run(() -> await(fetch(url))));
 * }
 *
 * <p>Immutable: each of its methods gives another one, which may be kept and shared. {@link #times} counts attempts, the first included. Without
 * {@link #on} every exception is tried again; an {@link Error} is not, nor a {@link CancellationException} or {@link InterruptedException}, which say
 * that somebody wants it to end. When it gives up, the last failure is thrown as it is, the earlier ones suppressed in it.
 *
 * <p>Where many callers retry at once, they keep down what they wait for: {@link #jitter()} spreads them, a {@link RetryBudget} that they share bounds
 * them.
 */
public final class Retry {
    /** How a delay is spread, so that callers which failed together do not come back together. */
    public enum Jitter {
        /** Not at all. */
        NONE,
        /** Anything from nothing to the whole delay: the least load in all. */
        FULL,
        /** Half of the delay, and anything up to the other half: never at once. */
        EQUAL
    }

    /**
     * An attempt after which there will be another.
     *
     * @param number from 1
     * @param outcome its failure; or the value, where {@link #onResult} did not want that
     * @param delay until the next one begins
     */
    public record Attempt(int number, Outcome<?> outcome, Duration delay) {}

    final Backoff backoff;
    final int times;
    final Jitter jitter;
    final Predicate<? super Throwable> failures;
    final Predicate<@Nullable Object> results;
    final @Nullable RetryBudget budget;
    final @Nullable Consumer<? super Attempt> hook;

    private Retry(
            Backoff backoff,
            int times,
            Jitter jitter,
            Predicate<? super Throwable> failures,
            Predicate<@Nullable Object> results,
            @Nullable RetryBudget budget,
            @Nullable Consumer<? super Attempt> hook) {
        this.backoff = Objects.requireNonNull(backoff);
        this.times = times;
        this.jitter = Objects.requireNonNull(jitter);
        this.failures = Objects.requireNonNull(failures);
        this.results = Objects.requireNonNull(results);
        this.budget = budget;
        this.hook = hook;
    }

    private static Retry of(Backoff backoff) {
        return new Retry(backoff, 3, Jitter.NONE, Exception.class::isInstance, _ -> false, null, null);
    }

    // ---- how often, and when ----------------------------------------------------------------------------------------

    /** {@return three attempts, {@code first} between the first two, and twice as long each time} See {@link #maxDelay}. */
    public static Retry exponential(Duration first) {
        return of(new Backoff(first, 2, null));
    }

    /** {@return three attempts, {@code delay} between any two} */
    public static Retry fixed(Duration delay) {
        return of(new Backoff(delay, 1, null));
    }

    /**
     * {@return one that makes {@code attempts} at most, the first included}
     *
     * @throws IllegalArgumentException when that is none
     */
    public Retry times(int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException(attempts + " attempts: the first one counts, so 1 is no retry at all");
        }
        return new Retry(backoff, attempts, jitter, failures, results, budget, hook);
    }

    /** {@return one whose delays are never longer than {@code most}} */
    public Retry maxDelay(Duration most) {
        return new Retry(
                new Backoff(backoff.first(), backoff.factor(), most), times, jitter, failures, results, budget, hook);
    }

    /** {@return one with full jitter} */
    public Retry jitter() {
        return jitter(Jitter.FULL);
    }

    /** {@return one with delays spread by {@code how}, at random as the world's {@link java.util.random.RandomGenerator} has it} */
    public Retry jitter(Jitter how) {
        return new Retry(backoff, times, how, failures, results, budget, hook);
    }

    // ---- after what -------------------------------------------------------------------------------------------------

    /** {@return one that tries again only after failures of these types} */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final Retry on(Class<? extends Throwable>... types) {
        List<Class<? extends Throwable>> all = List.of(types);
        return onFailure(t -> all.stream().anyMatch(type -> type.isInstance(t)));
    }

    /** {@return one that tries again only after failures for which {@code retried} is true} */
    public Retry onFailure(Predicate<? super Throwable> retried) {
        return new Retry(backoff, times, jitter, retried, results, budget, hook);
    }

    /**
     * {@return one that also tries again after values for which {@code unwanted} is true} When it gives up, the last of them is its value; an earlier
     * one that is {@link dev.latent.Releasable} is closed.
     */
    public Retry onResult(Predicate<@Nullable Object> unwanted) {
        return new Retry(backoff, times, jitter, failures, unwanted, budget, hook);
    }

    /** {@return one that takes its retries out of {@code budget}} When that is used up, the first attempt is the last. */
    public Retry budget(RetryBudget budget) {
        return new Retry(backoff, times, jitter, failures, results, Objects.requireNonNull(budget), hook);
    }

    /** {@return one that calls {@code hook} before each delay} What the hook throws, {@code run} throws, with the failures so far suppressed in it. */
    public Retry onRetry(Consumer<? super Attempt> hook) {
        return new Retry(backoff, times, jitter, failures, results, budget, Objects.requireNonNull(hook));
    }

    // ---- running ----------------------------------------------------------------------------------------------------

    /**
     * {@return a future of what {@code body} gives, which is run anew for each attempt}
     *
     * <p><em>Cancel safety:</em> that of {@code body}: the attempt under way is dropped, cleanup included, and there is no other.
     *
     * <p><em>Throws</em> what the last attempt threw.
     */
    public <R extends @Nullable Object> Future<R> run(AsyncCallable<? extends R> body) {
        Objects.requireNonNull(body);
        return async(() -> {
            var attempts = new Attempts<R>(this);
            while (true) {
                Outcome<R> outcome;
                try {
                    outcome = new Outcome.Ok<>(await(async(body)));
                } catch (Throwable t) {
                    outcome = new Outcome.Failed<>(t);
                }
                if (!attempts.goOnAfter(outcome, context())) {
                    return attempts.result(outcome);
                }
                await(sleep(attempts.delay()));
            }
        });
    }

    /** {@return as {@link #run(AsyncCallable)}, of a body that gives nothing} */
    public Future<Void> run(AsyncRunnable body) {
        Objects.requireNonNull(body);
        AsyncCallable<Void> giving = () -> await(async(body));
        return run(giving);
    }

    /** {@return whether {@code failure} is not simply what somebody wanted} */
    static boolean isFailure(Throwable failure) {
        return !(failure instanceof CancellationException || failure instanceof InterruptedException);
    }

    @Override
    public String toString() {
        return "Retry of " + times + " attempts";
    }
}
