package dev.latent.sync;

import dev.latent.Linearizable;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/** {@link Barrier} of two, at which three meet, and some leave. */
@Param(name = "who", gen = ThreadIdGen.class)
public class BarrierTest extends Linearizable {
    private final Barrier barrier = Barrier.of(2);
    private final Steps steps = new Steps();

    public BarrierTest() {
        super(Model.class);
    }

    @Override
    protected int threads() {
        return 3;
    }

    @Operation(params = "who")
    public String step(int who) throws Exception {
        return steps.step(who, barrier::arrive);
    }

    @Operation(params = "who")
    public String leave(int who) {
        return steps.leave(who);
    }

    public static class Model {
        private final List<Integer> there = new ArrayList<>();
        private final boolean[] goesOn = new boolean[Steps.THREADS];

        public String step(int who) {
            if (goesOn[who]) {
                goesOn[who] = false;
                return "has false";
            }
            if (there.contains(who)) {
                return "waits";
            }
            if (there.size() == 1) {
                goesOn[there.removeFirst()] = true;
                return "has true";
            }
            there.add(who);
            return "waits";
        }

        public String leave(int who) {
            boolean was = there.remove((Integer) who) | goesOn[who];
            goesOn[who] = false;
            return was ? "left" : "nothing";
        }
    }
}
