package dev.latent;

import java.util.ArrayList;
import java.util.List;

/** All ways through something that chooses: each run asks {@link #choose} the same as the run before, up to where {@link #next} has gone another way. */
public final class Choices {
    /** What was chosen at each step of a run, and among how many. */
    private final List<int[]> path = new ArrayList<>();

    private int step;

    /** The first way. */
    public Choices() {}

    /** {@return one of the numbers from 0 to {@code options - 1}} */
    public int choose(int options) {
        if (step == path.size()) {
            path.add(new int[] {0, options});
        }
        int[] here = path.get(step++);
        if (here[1] != options) {
            throw new IllegalStateException("not the same again: " + options + " options, " + here[1] + " before");
        }
        return here[0];
    }

    /** After a run: {@return whether there is another way, which is the next one then} */
    public boolean next() {
        step = 0;
        while (!path.isEmpty()) {
            int[] last = path.getLast();
            if (++last[0] < last[1]) {
                return true;
            }
            path.removeLast();
        }
        return false;
    }

    /** The way taken: what was chosen, of how many. */
    @Override
    public String toString() {
        StringBuilder chosen = new StringBuilder("choices");
        path.forEach(p -> chosen.append(' ').append(p[0]).append('/').append(p[1]));
        return chosen.toString();
    }
}
