package dev.latent.channel;

import dev.latent.Item;
import dev.latent.Linearizable;
import dev.latent.Next;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** {@link Channel#bounded} beside a queue with two places, used by those who don't wait. */
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public class BoundedTest extends Linearizable {
    private final Channel<Integer> channel = Channel.bounded(2);
    private final Receiver<Integer> inbox = channel.receiver();

    public BoundedTest() {
        super(Model.class);
    }

    @Override
    protected int threads() {
        return 3;
    }

    @Operation(params = "value")
    public String trySend(int value) {
        return channel.trySend(value).name();
    }

    /** {@return the message; 0: none, -1: the end} */
    @Operation
    public int tryReceive() {
        return switch (inbox.tryReceive()) {
            case Item<Integer>(Integer value) -> value;
            case Next<Integer> end -> -1;
            default -> 0;
        };
    }

    @Operation
    public int size() {
        return inbox.size();
    }

    @Operation
    public void close() {
        channel.close();
    }

    /** What a queue does. */
    public static class Model {
        private final Deque<Integer> queue = new ArrayDeque<>();
        private boolean closed;

        public String trySend(int value) {
            if (closed) {
                return "CLOSED";
            }
            return queue.size() < 2 && queue.add(value) ? "SENT" : "FULL";
        }

        public int tryReceive() {
            return !queue.isEmpty() ? queue.remove() : closed ? -1 : 0;
        }

        public int size() {
            return queue.size();
        }

        public void close() {
            closed = true;
        }
    }
}
