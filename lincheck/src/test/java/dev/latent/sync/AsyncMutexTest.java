package dev.latent.sync;

import dev.latent.Linearizable;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/** {@link AsyncMutex} beside a line of people. */
@Param(name = "who", gen = ThreadIdGen.class)
public class AsyncMutexTest extends Linearizable {
    private final AsyncMutex<String> mutex = AsyncMutex.of("x");
    private final Steps steps = new Steps();

    public AsyncMutexTest() {
        super(Model.class);
    }

    @Override
    protected int threads() {
        return 3;
    }

    /** Somebody begins to wait while it is given back: from then on it is theirs. */
    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(together(thread(call("step", 2), call("step", 2)), thread(call("step", 3), call("isFree"))));
    }

    @Override
    protected boolean random() {
        return true;
    }

    @Operation(params = "who")
    public String step(int who) throws Exception {
        return steps.step(who, mutex::lock);
    }

    @Operation(params = "who")
    public String leave(int who) {
        return steps.leave(who);
    }

    @Operation
    public boolean isFree() {
        return !mutex.isLocked();
    }

    public static class Model extends PermitsModel {
        public Model() {
            super(1);
        }

        public String step(int who) {
            return step(who, 1);
        }

        public boolean isFree() {
            return tries();
        }
    }
}
