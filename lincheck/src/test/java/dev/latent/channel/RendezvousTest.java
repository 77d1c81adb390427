package dev.latent.channel;

import dev.latent.Item;
import dev.latent.Linearizable;
import dev.latent.Nowhere;
import dev.latent.Spawner;
import dev.latent.Waiting;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/** {@link Channel#rendezvous}: each who sends meets one who receives. */
public class RendezvousTest extends Linearizable {
    private final Spawner nowhere = new Nowhere();
    private final Channel<Integer> channel = Channel.rendezvous();
    private final Receiver<Integer> inbox = channel.receiver();

    public RendezvousTest() {
        super(Model.class);
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("send", 1), call("send", 2)), thread(call("next"), call("next"))),
                together(thread(call("send", 1)), thread(call("send", 2)), thread(call("next"), call("next"))),
                together(thread(call("send", 1), call("send", 2)), thread(call("next")), thread(call("next"))),
                together(
                        thread(call("send", 1), call("send", 2)),
                        thread(call("leaves", 1)),
                        thread(call("next"), call("next"))));
    }

    @Operation
    public boolean send(int value) throws Exception {
        return new Waiting(nowhere).forValue(channel.send(value), null) == null;
    }

    @Operation
    public int next() throws Exception {
        return new Waiting(nowhere).forValue(inbox.next(), null) instanceof Item<Integer>(Integer value) ? value : -1;
    }

    /** Waits, and goes. */
    @Operation
    public void leaves(int who) throws Exception {
        var next = inbox.next();
        if (next.poll(new dev.latent.Context(nowhere))
                instanceof dev.latent.Poll.Ready<dev.latent.Next<Integer>>(var found)) {
            dev.latent.Owners.undelivered(next, found);
        } else {
            next.drop();
        }
    }

    /** A queue, whose messages are sent before they are received; what would have to wait gives something that is never given. */
    public static class Model {
        private final Deque<Integer> queue = new ArrayDeque<>();

        public boolean send(int value) {
            return queue.add(value);
        }

        public int next() {
            return queue.isEmpty() ? -2 : queue.remove();
        }

        public void leaves(int who) {}
    }
}
