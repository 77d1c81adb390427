package dev.latent.sync;

import dev.latent.Calls;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Linearizable;
import dev.latent.Nowhere;
import dev.latent.Waiting;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * {@link OnceCell} and {@link LazyAsync}: those who make the value or wait for it, one who fails, one who goes away as it makes it, and one who sets it. Nobody looks behind a {@code set}
 * that comes too late: that says only that the value is being made.
 */
public class OnceCellTest extends Linearizable {
    private final Nowhere nowhere = new Nowhere();
    private final OnceCell<Integer> cell = OnceCell.create();
    private final LazyAsync<Integer> lazy = LazyAsync.of(Calls.of(Futures.ready(7)));

    public OnceCellTest() {
        super(Model.class);
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("get", 1)), thread(call("get", 2)), thread(call("get", 3))),
                together(thread(call("get", 1), call("look")), thread(call("set", 2), call("get", 3))),
                together(thread(call("get", 1)), thread(call("get", 2)), thread(call("leaves", 3))),
                together(thread(call("get", 1)), thread(call("fails", 2)), thread(call("get", 3))),
                together(thread(call("lazy"), call("lazy")), thread(call("lazy")), thread(call("lazy"))));
    }

    @Operation
    public int get(int value) throws Exception {
        return new Waiting(nowhere).forValue(cell.getOrInit(Calls.of(Futures.ready(value))), null);
    }

    @Operation
    public int lazy() throws Exception {
        return new Waiting(nowhere).forValue(lazy.get(), null);
    }

    /** Without a trace, over which Lincheck would count every step. */
    private static final class Fails extends Exception {
        private static final long serialVersionUID = 1;

        Fails() {
            super("fails", null, false, false);
        }
    }

    /** {@return the value that somebody else made; 0: it had to, and failed} */
    @Operation
    public int fails(int who) throws Exception {
        try {
            return new Waiting(nowhere).forValue(cell.getOrInit(Calls.<Integer>of(Futures.failed(new Fails()))), null);
        } catch (Fails failed) {
            return 0;
        }
    }

    /** Begins to make it, or to wait, and goes. */
    @Operation
    public void leaves(int who) throws Exception {
        Future<Integer> future = cell.getOrInit(Calls.of(Futures.pending()));
        if (!future.poll(new Context(nowhere)).isReady()) {
            future.drop();
        }
    }

    @Operation
    public boolean set(int value) {
        return cell.set(value);
    }

    /** {@return the value, or 0} */
    @Operation
    public int look() {
        return cell.get().orElse(0);
    }

    /** A value, which the first who wants it has made. */
    public static class Model {
        private int value;

        public int get(int made) {
            value = value == 0 ? made : value;
            return value;
        }

        public int lazy() {
            return 7;
        }

        public int fails(int who) {
            return value;
        }

        public void leaves(int who) {}

        public boolean set(int made) {
            boolean first = value == 0;
            value = first ? made : value;
            return first;
        }

        public int look() {
            return value;
        }
    }
}
