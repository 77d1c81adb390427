package dev.latent.channel;

import dev.latent.Linearizable;
import dev.latent.Nowhere;
import dev.latent.Spawner;
import dev.latent.Waiting;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/** {@link Oneshot}: one who waits, those who send, and who gives up. */
public class OneshotTest extends Linearizable {
    private final Spawner nowhere = new Nowhere();
    private final Oneshot<Integer> oneshot = Oneshot.create();

    public OneshotTest() {
        super(Model.class);
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("receive")), thread(call("send", 1))),
                together(thread(call("receive")), thread(call("send", 1)), thread(call("send", 2))),
                together(thread(call("receive")), thread(call("send", 1)), thread(call("close"))),
                together(thread(call("receive")), thread(call("closed")), thread(call("send", 1))),
                together(thread(call("closed")), thread(call("send", 1), call("close"))));
    }

    @Operation
    public boolean send(int value) {
        return oneshot.send(value);
    }

    /** {@return the value; -1: there will be none} */
    @Operation
    public int receive() throws Exception {
        try {
            return new Waiting(nowhere).forValue(oneshot.receive(), null);
        } catch (ChannelClosedException closed) {
            return -1;
        }
    }

    @Operation
    public boolean closed() throws Exception {
        return new Waiting(nowhere).forValue(oneshot.closed(), null) == null;
    }

    @Operation
    public void close() {
        oneshot.close();
    }

    /** One place; what would have to wait gives something that is never given. */
    public static class Model {
        private int value;
        private boolean over;

        public boolean send(int sent) {
            if (over || value != 0) {
                return false;
            }
            value = sent;
            return true;
        }

        public int receive() {
            if (over) {
                return -1;
            }
            over = value != 0;
            return over ? value : -2;
        }

        public boolean closed() {
            return over;
        }

        public void close() {
            over = true;
        }
    }
}
