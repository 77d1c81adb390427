package dev.latent.sync;

import dev.latent.Linearizable;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/** {@link Notify}: who asks, who polls, and words to one and to all. */
@Param(name = "who", gen = ThreadIdGen.class)
public class NotifyTest extends Linearizable {
    private final Notify notify = Notify.create();
    private final Steps steps = new Steps();

    public NotifyTest() {
        super(Model.class);
    }

    @Override
    protected int threads() {
        return 3;
    }

    /** Asks, and does not poll: what is told to all from now on is told to this one. */
    @Operation(params = "who")
    public void ask(int who) {
        steps.ask(who, notify.notified());
    }

    @Operation(params = "who")
    public String poll(int who) throws Exception {
        return steps.poll(who);
    }

    @Operation
    public void one() {
        notify.notifyOne();
    }

    @Operation
    public void all() {
        notify.notifyWaiters();
    }

    /** Who has asked, in which generation; and who has been polled and stands in the line. */
    public static class Model {
        private final List<Integer> line = new ArrayList<>();
        private final int[] asked = new int[Steps.THREADS];
        private final boolean[] told = new boolean[Steps.THREADS];
        private int generation = 1;
        private boolean kept;

        public void ask(int who) {
            if (asked[who] == 0) {
                asked[who] = generation;
            }
        }

        public String poll(int who) {
            if (asked[who] == 0) {
                return "nothing";
            }
            boolean through = told[who];
            if (!through && !line.contains(who)) {
                through = asked[who] != generation || kept;
                kept &= asked[who] != generation;
            }
            if (through) {
                told[who] = false;
                asked[who] = 0;
                return "has it";
            }
            if (!line.contains(who)) {
                line.add(who);
            }
            return "waits";
        }

        public void one() {
            if (line.isEmpty()) {
                kept = true;
            } else {
                told[line.removeFirst()] = true;
            }
        }

        public void all() {
            generation++;
            line.forEach(who -> told[who] = true);
            line.clear();
        }
    }
}
