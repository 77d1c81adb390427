package physics;

import java.util.Arrays;

/**
 * When frames were due, begun and done. A frame whose step is not done when the next one is due is missed; so are those that had no
 * turn at all. Written by whoever runs the loop, read when it has ended.
 */
final class FrameTimes {
    /** A frame, in ns: 60 a second. */
    static final long PERIOD = 1_000_000_000L / 60;

    private static final double NANOS_PER_MILLI = 1e6;

    /** How late each frame was begun, and how long it took until it was done, from when it was due; in ns. */
    private final long[] late;

    private final long[] done;

    /** Which of all that were due each frame was, from 1 on. */
    private final int[] numbers;

    private int made;
    private int skipped;
    private int missed;

    /** Has room for so many; further ones are counted, not kept. */
    FrameTimes(int most) {
        late = new long[most];
        done = new long[most];
        numbers = new int[most];
    }

    /** A frame's step has been made. */
    void frame(long due, long begun, long ended) {
        if (made < late.length) {
            late[made] = Math.max(0, begun - due);
            done[made] = ended - due;
            numbers[made] = frames() + 1;
        }
        made++;
        if (ended - due > PERIOD) {
            missed++;
        }
    }

    /** {@return when the next frame is due; those whose time has passed altogether are missed} */
    long next(long due, long now) {
        long next = due + PERIOD;
        long behind = Math.max(0, (now - next) / PERIOD);
        skipped += (int) behind;
        return next + behind * PERIOD;
    }

    /** {@return how many were due} */
    int frames() {
        return made + skipped;
    }

    int missed() {
        return missed + skipped;
    }

    double missedPercent() {
        return frames() == 0 ? 0 : 100.0 * missed() / frames();
    }

    /** {@return how late that part of the frames was begun at most, in ms} */
    double latePercentile(double percent) {
        return percentile(late, percent);
    }

    /** {@return how long after it was due that part of the frames was done at most, in ms} */
    double donePercentile(double percent) {
        return percentile(done, percent);
    }

    /** {@return for each frame that was made, when it was done, in ms after it was due} */
    double[] done() {
        return Arrays.stream(done, 0, kept())
                .mapToDouble(nanos -> nanos / NANOS_PER_MILLI)
                .toArray();
    }

    /** {@return for each frame that was made, which of all that were due it was, from 1 on} */
    int[] numbers() {
        return Arrays.copyOf(numbers, kept());
    }

    private int kept() {
        return Math.min(made, done.length);
    }

    private double percentile(long[] of, double percent) {
        int kept = kept();
        if (kept == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(of, kept);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(kept - 1, Math.ceil(percent / 100 * kept))] / NANOS_PER_MILLI;
    }
}
