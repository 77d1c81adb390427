package dev.latent.sync;

import dev.latent.Linearizable;
import org.jetbrains.lincheck.datastructures.BooleanGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/** {@link AsyncRwLock}: a reader wants one place of the table, a writer the whole table. */
@Param(name = "who", gen = ThreadIdGen.class)
@Param(name = "writes", gen = BooleanGen.class)
public class AsyncRwLockTest extends Linearizable {
    private final AsyncRwLock<String> lock = AsyncRwLock.of("x");
    private final Steps steps = new Steps();

    public AsyncRwLockTest() {
        super(Model.class);
    }

    @Override
    protected int threads() {
        return 3;
    }

    @Operation(params = {"who", "writes"})
    public String step(int who, boolean writes) throws Exception {
        return steps.step(who, writes ? lock::write : lock::read);
    }

    @Operation(params = "who")
    public String leave(int who) {
        return steps.leave(who);
    }

    public static class Model extends PermitsModel {
        private static final int TABLE = 100;

        public Model() {
            super(TABLE);
        }

        public String step(int who, boolean writes) {
            return step(who, writes ? TABLE : 1);
        }
    }
}
