package dev.latent.resilience;

import dev.latent.Context;
import dev.latent.Outcome;
import dev.latent.Releasable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The attempts of one {@link Retry#run}: how many there were, and what became of them. */
final class Attempts<R extends @Nullable Object> {
    /** Earlier failures that are told with the last: where it is tried for ever, they must not fill the memory. */
    private static final int KEPT = 16;

    private final Retry retry;
    private final ArrayDeque<Throwable> earlier = new ArrayDeque<>(0);
    private int made;
    private Duration delay = Duration.ZERO;

    Attempts(Retry retry) {
        this.retry = retry;
        if (retry.budget != null) {
            retry.budget.called();
        }
    }

    /** {@return whether there is another attempt}, after {@link #delay}. What the program's own words throw, ends it. */
    boolean goOnAfter(Outcome<R> outcome, Context cx) {
        boolean goesOn;
        try {
            goesOn = isFollowed(outcome, cx);
        } catch (Throwable t) {
            letGo(outcome);
            earlier.forEach(before -> Thrown.suppress(t, before));
            throw t;
        }
        if (goesOn) {
            letGo(outcome);
        }
        return goesOn;
    }

    private boolean isFollowed(Outcome<R> outcome, Context cx) {
        made++;
        if (!isUnwanted(outcome) || made >= retry.times || retry.budget != null && !retry.budget.tryRetry()) {
            return false;
        }
        long nanos = retry.backoff.nanos(made);
        if (retry.jitter != Retry.Jitter.NONE) {
            nanos = Backoff.spread(nanos, retry.jitter, cx.capability(RandomGenerator.class));
        }
        delay = Duration.ofNanos(nanos);
        if (retry.hook != null) {
            retry.hook.accept(new Retry.Attempt(made, outcome, delay));
        }
        return true;
    }

    private boolean isUnwanted(Outcome<R> outcome) {
        return switch (outcome) {
            case Outcome.Ok<R>(var value) -> retry.results.test(value);
            case Outcome.Failed<R>(var failure) -> Retry.isFailure(failure) && retry.failures.test(failure);
        };
    }

    private void letGo(Outcome<R> outcome) {
        switch (outcome) {
            case Outcome.Ok<R>(var value) -> {
                if (value instanceof Releasable held) {
                    held.close();
                }
            }
            case Outcome.Failed<R>(var failure) -> {
                if (earlier.size() == KEPT) {
                    earlier.removeFirst();
                }
                earlier.addLast(failure);
            }
        }
    }

    Duration delay() {
        return delay;
    }

    /** {@return the value of the last attempt}, or throws its failure. */
    R result(Outcome<R> last) throws Exception {
        switch (last) {
            case Outcome.Ok<R>(var value) -> {
                return value;
            }
            case Outcome.Failed<R>(var failure) -> {
                for (Throwable before : earlier) {
                    Thrown.suppress(failure, before);
                }
                throw Thrown.as(failure);
            }
        }
    }
}
