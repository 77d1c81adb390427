package dev.latent.cli.advise;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What somebody has in mind.
 *
 * @param work what it does most of its time
 * @param concurrent how many pieces of it are under way at the same time
 * @param each how many waits of one piece need nothing of each other
 * @param waiting how long one wait takes
 * @param computing how long one piece computes
 * @param deadline by when a piece has to be done, null if nobody minds
 * @param blocking whether what it calls blocks its thread
 * @param cores of the machine
 */
public record Situation(
        Work work,
        int concurrent,
        int each,
        Duration waiting,
        Duration computing,
        @Nullable Duration deadline,
        boolean blocking,
        int cores) {
    /** {@return how many waits are under way at the same time} */
    int waits() {
        return (int) Math.min(Integer.MAX_VALUE, (long) concurrent * each);
    }

    /** {@return how much of the machine's computing it takes when nothing is late: 1 is all cores, all the time} */
    double load() {
        double piece = millis(waiting) + millis(computing);
        return piece == 0 ? 0 : concurrent * millis(computing) / piece / cores;
    }

    /** {@return milliseconds} */
    static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
