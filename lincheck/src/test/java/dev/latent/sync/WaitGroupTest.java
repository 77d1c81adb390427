package dev.latent.sync;

import dev.latent.Linearizable;
import dev.latent.Nowhere;
import dev.latent.Releasable;
import dev.latent.Waiting;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/** {@link WaitGroup} and {@link CancellationToken}: who waits is woken, whatever comes in between. */
public class WaitGroupTest extends Linearizable {
    private final Nowhere nowhere = new Nowhere();
    private final WaitGroup group = WaitGroup.create();
    private final Releasable[] in = {group.enter(), group.enter()};
    private final CancellationToken root = CancellationToken.create();
    private final CancellationToken child = root.child();

    public WaitGroupTest() {
        super(Model.class);
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("ended")), thread(call("out", 0)), thread(call("out", 1))),
                together(thread(call("ended"), call("ended")), thread(call("out", 0), call("out", 1))),
                together(thread(call("cancelled")), thread(call("cancelled")), thread(call("cancel"))),
                together(thread(call("cancelled")), thread(call("cancel")), thread(call("cancelChild"))),
                together(thread(call("cancelledLater")), thread(call("cancel"))));
    }

    @Operation
    public int ended() throws Exception {
        new Waiting(nowhere).forValue(group.ended(), null);
        return 1;
    }

    @Operation
    public void out(int which) {
        in[which].close();
    }

    @Operation
    public int cancelled() throws Exception {
        new Waiting(nowhere).forValue(child.cancelled(), null);
        return child.isCancelled() ? 1 : 0;
    }

    /** Of a child that is made meanwhile. */
    @Operation
    public int cancelledLater() throws Exception {
        new Waiting(nowhere).forValue(child.child().cancelled(), null);
        return 1;
    }

    @Operation
    public void cancel() {
        root.cancel();
    }

    @Operation
    public void cancelChild() {
        child.cancel();
    }

    /** Everybody who waits comes through, once it is so. */
    public static class Model {
        private int out;
        private boolean cancelled;

        public int ended() {
            return out == 3 ? 1 : -1;
        }

        public void out(int which) {
            out |= 1 << which;
        }

        public int cancelled() {
            return cancelled ? 1 : -1;
        }

        public int cancelledLater() {
            return cancelled ? 1 : -1;
        }

        public void cancel() {
            cancelled = true;
        }

        public void cancelChild() {
            cancelled = true;
        }
    }
}
