package dev.latent.channel;

import dev.latent.Item;
import dev.latent.Linearizable;
import dev.latent.Nowhere;
import dev.latent.Waiting;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/** {@link Channel#unbounded}: those who send, and never wait, those who wait for a message, and the end. */
public class UnboundedTest extends Linearizable {
    private final Nowhere nowhere = new Nowhere();
    private final Channel<Integer> channel = Channel.unbounded();
    private final Receiver<Integer> inbox = channel.receiver();

    public UnboundedTest() {
        super(Model.class);
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("send", 1), call("send", 2)), thread(call("next")), thread(call("next"))),
                together(thread(call("send", 1)), thread(call("send", 2)), thread(call("next"), call("next"))),
                together(thread(call("send", 1), call("close")), thread(call("next"), call("next"))));
    }

    @Operation
    public boolean send(int value) {
        return channel.trySend(value) == Sent.SENT;
    }

    /** {@return the message; -1: the end} */
    @Operation
    public int next() throws Exception {
        return new Waiting(nowhere).forValue(inbox.next(), null) instanceof Item<Integer>(Integer value) ? value : -1;
    }

    @Operation
    public void close() {
        channel.close();
    }

    /** A queue; what would have to wait gives something that is never given. */
    public static class Model {
        private final Deque<Integer> queue = new ArrayDeque<>();
        private boolean closed;

        public boolean send(int value) {
            return !closed && queue.add(value);
        }

        public int next() {
            return !queue.isEmpty() ? queue.remove() : closed ? -1 : -2;
        }

        public void close() {
            closed = true;
        }
    }
}
