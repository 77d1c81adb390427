package dev.latent.bench;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Poll;

/** A leaf that is pending at one poll in {@code period}, and may be awaited again and again. */
final class Tick implements Future<Integer> {
    private static final Poll<Integer> ONE = Poll.ready(1);

    private final int period;
    private int polls;

    Tick(int period) {
        this.period = period;
    }

    @Override
    public Poll<Integer> poll(Context cx) {
        if (++polls == period) {
            polls = 0;
            return Poll.pending();
        }
        return ONE;
    }

    @Override
    public void drop() {}

    /** What plain code calls in its place. */
    Integer take() {
        if (++polls == period) {
            polls = 0;
        }
        return 1;
    }
}
