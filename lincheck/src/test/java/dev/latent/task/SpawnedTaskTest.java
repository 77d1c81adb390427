package dev.latent.task;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Linearizable;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.WaiterList.Waiter;
import dev.latent.Waiting;
import dev.latent.world.World;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;

/**
 * {@link SpawnedTask} and those who wait for its end: threads that run it until it has ended, others that wake or close it, and joiners. An
 * order in which a wake, a cancellation or a joiner is lost is found as a thread that waits for ever.
 */
public class SpawnedTaskTest extends Linearizable {
    private static final String CANCELLED = "cancelled";

    private final Home home = new Home();
    private final Leaf leaf = new Leaf();
    private final SpawnedTask<String> task = new SpawnedTask<>(home, leaf);

    public SpawnedTaskTest() {
        super(Model.class);
    }

    /** Ready when it has been left two things, each before a wake. */
    private static final class Leaf implements Future<String> {
        private final AtomicInteger inside = new AtomicInteger();
        int one;
        int other;
        int drops;
        boolean wrong;

        @Override
        public Poll<String> poll(Context cx) {
            wrong |= inside.getAndIncrement() != 0;
            boolean ready = one + other == 2;
            inside.getAndDecrement();
            return ready ? Poll.ready("value") : Poll.pending();
        }

        @Override
        public void drop() {
            wrong |= inside.get() != 0;
            drops++;
        }
    }

    private static final class Home implements TaskHome {
        final AtomicInteger queued = new AtomicInteger(1);
        volatile boolean wrong;

        @Override
        public void schedule(SpawnedTask<?> task, boolean yielded) {
            if (queued.getAndIncrement() != 0) {
                wrong = true;
            }
        }

        @Override
        public void waits(SpawnedTask<?> task) {}

        @Override
        public void ended(SpawnedTask<?> task) {}

        @Override
        public boolean isClosing() {
            return false;
        }

        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            throw new UnsupportedOperationException();
        }

        @Override
        public World world() {
            return World.empty();
        }
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("runs")), thread(call("wakes", 1)), thread(call("wakes", 2))),
                together(thread(call("runs")), thread(call("runs")), thread(call("wakes", 1), call("wakes", 2))),
                together(thread(call("runs")), thread(call("wakes", 1), call("closes")), thread(call("joins"))),
                together(thread(call("runs")), thread(call("closes")), thread(call("ends", 1))),
                together(
                        thread(call("wakes", 1), call("runs")),
                        thread(call("wakes", 2), call("joins")),
                        thread(call("ends", 1), call("ends", 2))),
                together(
                        thread(call("wakes", 1), call("wakes", 2), call("runs")),
                        thread(call("joins")),
                        thread(call("forgets", 1), call("ends", 2))));
    }

    /** Runs it whenever it is queued, until it has ended. */
    @Operation
    public void runs() {
        while (!task.isFinished()) {
            if (home.queued.compareAndSet(1, 0)) {
                task.run(new Context(home), 0);
            } else {
                Thread.yield();
            }
        }
    }

    @Operation
    public void wakes(int who) {
        if (who == 1) {
            leaf.one = 1;
        } else {
            leaf.other = 1;
        }
        task.wake();
    }

    @Operation
    public void closes() {
        task.close();
    }

    /** Awaits the handle. */
    @Operation
    public String joins() throws Exception {
        Owners.claim(task, this);
        try {
            return new Waiting(home).forValue(task, this);
        } catch (CancellationException cancelled) {
            return CANCELLED;
        }
    }

    /** Waits for the end beside the handle. */
    @Operation
    public void ends(int who) {
        Waiting waiting = new Waiting(home);
        if (task.awaitEnd(new Waiter(), waiting)) {
            waiting.forWake();
        }
    }

    /** Begins to wait for the end, and changes its mind. */
    @Operation
    public void forgets(int who) {
        Waiter waiter = new Waiter();
        if (task.awaitEnd(waiter, new Waiting(home))) {
            task.forget(waiter);
        }
    }

    @Validate
    public void queuedAndPolledByOneAtATime() {
        if (home.wrong || leaf.wrong || leaf.drops > 1) {
            throw new AssertionError(
                    "queued twice " + home.wrong + ", polled twice at once " + leaf.wrong + ", drops " + leaf.drops);
        }
    }

    /** What a joiner gets: the value, unless it was closed. */
    public static class Model {
        private boolean closed;

        public void runs() {}

        public void wakes(int who) {}

        public void closes() {
            closed = true;
        }

        public String joins() {
            return closed ? CANCELLED : "value";
        }

        public void ends(int who) {}

        public void forgets(int who) {}
    }
}
