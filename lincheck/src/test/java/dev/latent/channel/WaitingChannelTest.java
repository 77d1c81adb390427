package dev.latent.channel;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Item;
import dev.latent.Linearizable;
import dev.latent.Next;
import dev.latent.Nowhere;
import dev.latent.Spawner;
import dev.latent.Waiting;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * Those who wait at a {@link Channel#bounded} one with one place, and those who go away while they do. An order in which somebody is not woken is found as a thread that
 * waits for ever.
 */
public class WaitingChannelTest extends Linearizable {
    private final Spawner nowhere = new Nowhere();
    private final Channel<Integer> channel = Channel.bounded(1);
    private final Receiver<Integer> inbox = channel.receiver();

    public WaitingChannelTest() {
        super(Model.class);
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("send", 1), call("send", 2)), thread(call("next"), call("next"))),
                together(thread(call("send", 1)), thread(call("send", 2)), thread(call("next"), call("next"))),
                together(thread(call("send", 1), call("send", 2)), thread(call("next")), thread(call("next"))),
                together(thread(call("send", 1)), thread(call("next")), thread(call("leavesNext", 1))),
                together(
                        thread(call("send", 1), call("send", 2)),
                        thread(call("leavesSend", 3)),
                        thread(call("next"), call("next"))),
                together(thread(call("send", 1), call("close")), thread(call("next")), thread(call("next"))));
    }

    @Operation
    public boolean send(int value) throws Exception {
        return forValue(channel.send(value)) == null;
    }

    /** {@return the message; -1: the end} */
    @Operation
    public int next() throws Exception {
        return forValue(inbox.next()) instanceof Item<Integer>(Integer value) ? value : -1;
    }

    private <T> T forValue(Future<T> future) throws Exception {
        return new Waiting(nowhere).forValue(future, null);
    }

    /** Polls once, and goes; what it was given comes first again. */
    @Operation
    public void leavesNext(int who) throws Exception {
        Future<Next<Integer>> next = inbox.next();
        if (next.poll(new Context(nowhere)) instanceof dev.latent.Poll.Ready<Next<Integer>>(Next<Integer> found)) {
            dev.latent.Owners.undelivered(next, found);
        } else {
            next.drop();
        }
    }

    /** {@return whether it was sent at the first poll} */
    @Operation
    public boolean leavesSend(int value) throws Exception {
        Future<Void> send = channel.send(value);
        boolean sent = send.poll(new Context(nowhere)).isReady();
        send.drop();
        return sent;
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
            return !closed && queue.isEmpty() && queue.add(value);
        }

        public int next() {
            return !queue.isEmpty() ? queue.remove() : closed ? -1 : -2;
        }

        public void leavesNext(int who) {}

        public boolean leavesSend(int value) {
            return queue.isEmpty() && queue.add(value);
        }

        public void close() {
            closed = true;
        }
    }
}
