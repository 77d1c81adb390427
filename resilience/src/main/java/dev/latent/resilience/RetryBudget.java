package dev.latent.resilience;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many retries all callers may make together: so that what is down is not kept down by those who try again.
 *
 * {@snippet :
 * static final RetryBudget BUDGET = RetryBudget.of(0.2, 10);
 * static final Retry RETRY = Retry.exponential(ofMillis(50)).times(4).budget(BUDGET);
 * }
 *
 * <p>A bucket of tokens that is filled by calls. Each call puts a part of a token in, whatever becomes of it, each retry takes one out; none left, no
 * retry. So however much fails, there are about 0.2 retries for each call, and not as many as there are attempts. It begins full, and never holds more than the
 * reserve, which is for short failures of a service that is seldom called. Thread-safe, and knows no time.
 *
 * @see <a href="https://finagle.github.io/blog/2016/02/08/retry-budgets">Finagle's retry budgets</a>, whose tokens go stale where ours overflow
 * @see <a href="https://github.com/grpc/proposal/blob/master/A6-client-retries.md">gRPC's retry throttling</a>, which counts successes
 */
public final class RetryBudget {
    private static final long TOKEN = 1_000_000;

    private final long perCall;
    private final long most;
    private final AtomicLong left;

    private RetryBudget(long perCall, long most) {
        this.perCall = perCall;
        this.most = most;
        this.left = new AtomicLong(most);
    }

    /**
     * {@return a budget of so many retries for each call, 0.2 being one for five; and {@code reserve} to begin with}
     *
     * @throws IllegalArgumentException when one is negative, or the reserve is none
     */
    public static RetryBudget of(double retriesPerCall, int reserve) {
        if (!(retriesPerCall >= 0 && retriesPerCall <= 1_000) || reserve < 1) {
            throw new IllegalArgumentException(retriesPerCall + " retries for each call, and " + reserve
                    + " in reserve: without a whole one there would never be any");
        }
        return new RetryBudget(Math.round(retriesPerCall * TOKEN), reserve * TOKEN);
    }

    /** There is a call. */
    void called() {
        left.accumulateAndGet(perCall, (now, more) -> Math.min(now + more, most));
    }

    /** {@return whether it may be tried once more}, which is counted then. */
    boolean tryRetry() {
        return left.getAndUpdate(now -> now >= TOKEN ? now - TOKEN : now) >= TOKEN;
    }

    /** {@return how many retries there might be now} */
    public int left() {
        return (int) (left.get() / TOKEN);
    }

    @Override
    public String toString() {
        return "RetryBudget with " + left() + " left";
    }
}
