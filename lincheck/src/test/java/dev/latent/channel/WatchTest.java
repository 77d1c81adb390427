package dev.latent.channel;

import dev.latent.Linearizable;
import dev.latent.Nowhere;
import dev.latent.Spawner;
import dev.latent.Waiting;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/** {@link Watch}: those who wait for a value, while it is set and updated. */
public class WatchTest extends Linearizable {
    private final Spawner nowhere = new Nowhere();
    private final Watch<Integer> watch = Watch.of(0);

    public WatchTest() {
        super(Model.class);
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("until", 2)), thread(call("add", 1)), thread(call("add", 1))),
                together(thread(call("until", 1), call("get")), thread(call("add", 1), call("add", 1))),
                together(thread(call("until", 2)), thread(call("until", 1)), thread(call("add", 1), call("add", 1))),
                together(thread(call("until", 3)), thread(call("set", 3)), thread(call("add", 1), call("get"))));
    }

    @Operation
    public int get() {
        return watch.get();
    }

    @Operation
    public int add(int n) {
        return watch.update(value -> value + n);
    }

    @Operation
    public void set(int value) {
        watch.set(value);
    }

    /** {@return whether it has come to be at least {@code value}} */
    @Operation
    public boolean until(int value) throws Exception {
        return new Waiting(nowhere).forValue(watch.until(n -> n >= value), null) >= value;
    }

    /** A number. */
    public static class Model {
        private int value;

        public int get() {
            return value;
        }

        public int add(int n) {
            return value += n;
        }

        public void set(int n) {
            value = n;
        }

        public boolean until(int n) {
            return value >= n;
        }
    }
}
