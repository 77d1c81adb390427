package dev.latent;

import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * {@link SharedFuture}: awaiters that wait until they are woken, one that goes away, and the event. An order in which somebody is not woken
 * is found as a thread that waits for ever.
 */
public class SharedFutureTest extends Linearizable {
    private final Spawner nowhere = new Nowhere();
    private final Event event = new Event();
    private final Shared<Integer> shared = Futures.shared(event);

    public SharedFutureTest() {
        super(Model.class);
        Owners.claim(shared, "whoever shares it"); // so that who leaves is never the last
    }

    /** What is shared. */
    private static final class Event implements Future<Integer> {
        private final AtomicWaker place = new AtomicWaker();
        private volatile boolean happened;

        @Override
        public Poll<Integer> poll(Context cx) {
            place.register(cx.waker());
            return happened ? Poll.ready(7) : Poll.pending();
        }

        @Override
        public void drop() {}
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("awaits", 0)), thread(call("awaits", 1)), thread(call("happens"))),
                together(thread(call("awaits", 0)), thread(call("leaves", 1)), thread(call("happens"))),
                together(thread(call("awaits", 0), call("awaits", 2)), thread(call("leaves", 1), call("happens"))),
                together(
                        thread(call("awaits", 0)),
                        thread(call("awaits", 1)),
                        thread(call("leaves", 2), call("happens"))));
    }

    @Operation
    public int awaits(int who) throws Exception {
        return new Waiting(nowhere).forValue(shared.awaiter(), null);
    }

    /** Polls once, and goes. */
    @Operation
    public void leaves(int who) throws Exception {
        Future<Integer> awaiter = shared.awaiter();
        if (!awaiter.poll(new Context(nowhere)).isReady()) {
            awaiter.drop();
        }
    }

    @Operation
    public void happens() {
        event.happened = true;
        event.place.wake();
    }

    /** What awaiters get once it has happened. */
    public static class Model {
        private boolean happened;

        public int awaits(int who) {
            return happened ? 7 : -1;
        }

        public void leaves(int who) {}

        public void happens() {
            happened = true;
        }
    }
}
