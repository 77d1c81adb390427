package dev.latent.sync;

import dev.latent.Linearizable;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/** {@link AsyncSemaphore} of two, of which some want one and some both. */
@Param(name = "who", gen = ThreadIdGen.class)
@Param(name = "n", gen = IntGen.class, conf = "1:2")
public class AsyncSemaphoreTest extends Linearizable {
    private final AsyncSemaphore few = AsyncSemaphore.of(2);
    private final Steps steps = new Steps();

    public AsyncSemaphoreTest() {
        super(Model.class);
    }

    @Override
    protected int threads() {
        return 3;
    }

    @Operation(params = {"who", "n"})
    public String step(int who, int n) throws Exception {
        return steps.step(who, () -> few.acquire(n));
    }

    @Operation(params = "who")
    public String leave(int who) {
        return steps.leave(who);
    }

    public static class Model extends PermitsModel {
        public Model() {
            super(2);
        }

        public String step(int who, int n) {
            return super.step(who, n);
        }
    }
}
