package dev.latent.runtime.system;

import dev.latent.Context;
import dev.latent.world.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What a thread for blocking calls has found a moment ago, so that to find it again won't block: it stands in the machine's memory.
 *
 * <p>Two goals compete. A poll must not wait for a disk; and to hand a call to another thread costs several times what the call does, where nothing has to be waited for.
 * What was read less than a second ago is in memory as surely as the pages of this program are: a machine that is so short of memory that it
 * throws one away throws away the other. So within that second who polls may make the call himself. Once it is over, a thread makes it again, and another second begins.
 *
 * <p>A disk that is across a network, or behind another program, may ask back all the same. That shows, by {@link #took}: after a call that has taken long the next one is a thread's again, and
 * after three in a row all that follow are. So a file like that holds up polls three times; and one call that was long because the machine had other things to do decides nothing.
 *
 * <p>Both fields are volatile, and what is lost between two threads is one such call at most: a range is always one that was read.
 */
final class Warmth {
    /** Nanoseconds. */
    private static final long LASTS = 1_000_000_000L;

    /** Nanoseconds: more than any call that finds everything in memory, less than a person notices. */
    private static final long TOO_LONG = 5_000_000L;

    private static final int MAX_SLOW = 3;

    private record Range(long from, long to, long since) {}

    private volatile @Nullable Range range;

    /** Calls that took long, without one between them that did not. */
    private volatile int slow;

    /** {@return the clock by which all this is measured; null where the world has none, and nothing is warm} */
    static @Nullable Clock clock(Context cx) {
        return cx.spawner().world().clock();
    }

    boolean covers(long now, long from, long to) {
        Range known = range;
        return known != null && slow < MAX_SLOW && from >= known.from && to <= known.to && now - known.since < LASTS;
    }

    /** A thread for such calls has just found what is from {@code from} to {@code to}; it began at {@code since}. */
    void found(long since, long from, long to) {
        Range known = range;
        range = known != null && from >= known.from && from <= known.to && since - known.since < LASTS
                ? new Range(known.from, Math.max(known.to, to), known.since)
                : new Range(from, to, since);
    }

    /** A poll has spent so many nanoseconds on what was warm. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // see above
    void took(long nanos) {
        if (nanos > TOO_LONG) {
            range = null;
            slow = slow + 1;
        } else if (slow > 0) {
            slow = 0;
        }
    }
}
