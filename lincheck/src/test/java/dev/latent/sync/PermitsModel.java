package dev.latent.sync;

import java.util.ArrayList;
import java.util.List;

/** Permits that are handed out strictly in the order in which they were asked for; written without a look at the locks. */
public class PermitsModel {
    private enum Has {
        NOTHING,
        A_PLACE,
        AN_OFFER,
        PERMITS
    }

    private final Has[] has = new Has[Steps.THREADS];
    private final int[] wants = new int[Steps.THREADS];
    private final List<Integer> line = new ArrayList<>();
    private int free;

    protected PermitsModel(int permits) {
        free = permits;
        java.util.Arrays.fill(has, Has.NOTHING);
    }

    protected String step(int who, int n) {
        switch (has[who]) {
            case NOTHING -> {
                wants[who] = n;
                line.add(who);
                has[who] = Has.A_PLACE;
                serve();
            }
            case PERMITS -> {
                has[who] = Has.NOTHING;
                free += wants[who];
                serve();
                return "gave back";
            }
            default -> {}
        }
        if (has[who] == Has.AN_OFFER) {
            has[who] = Has.PERMITS;
            return "has it";
        }
        return "waits";
    }

    public final String leave(int who) {
        Has before = has[who];
        has[who] = Has.NOTHING;
        line.remove((Integer) who);
        if (before == Has.AN_OFFER || before == Has.PERMITS) {
            free += wants[who];
        }
        serve();
        return before == Has.PERMITS ? "gave back" : before == Has.NOTHING ? "nothing" : "left";
    }

    public final boolean tries() {
        return line.isEmpty() && free > 0;
    }

    private void serve() {
        while (!line.isEmpty() && wants[line.getFirst()] <= free) {
            int who = line.removeFirst();
            free -= wants[who];
            has[who] = Has.AN_OFFER;
        }
    }
}
