package dev.latent.examples.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The same seed gives the same trace: random programs over everything that waits, run twice, must do the same things in the same order
 * at the same times, whatever the objects' identity hashes are.
 *
 * <p>{@code -Dlatent.seeds=N} runs N of them, {@code -Dlatent.seed=S} the one of a failure.
 */
class SameSeedTest {
    private static final int SEEDS = Integer.getInteger("latent.seeds", 10_000);

    @Test
    void twoRunsOfASeedLeaveTheSameTrace() {
        Long only = Long.getLong("latent.seed");
        long polls = 0;
        Set<Integer> different = new HashSet<>();
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            SeededRun first = new SeededRun(seed);
            String trace = first.run();
            if (only != null) {
                System.out.println(trace);
            }
            shiftIdentityHashes(seed);
            String again = new SeededRun(seed).run();
            if (!trace.equals(again)) {
                assertEquals(trace, again, "seed " + seed + ": run it alone with -Dlatent.seed=" + seed);
            }
            polls += first.polls();
            different.add(trace.hashCode());
        }
        if (only == null) {
            assertTrue(different.size() > SEEDS * 9 / 10, "the programs differ: " + different.size());
            assertTrue(polls > 50L * SEEDS, "they do something: " + polls + " polls");
        }
    }

    /** A thread draws identity hashes from a sequence; so the second run has others, in another order. */
    private static void shiftIdentityHashes(long seed) {
        for (long left = 1 + seed % 97; left > 0; left--) {
            System.identityHashCode(new Object());
        }
    }
}
