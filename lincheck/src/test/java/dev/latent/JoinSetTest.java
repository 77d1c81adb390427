package dev.latent;

import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * {@link JoinSet}: tasks that end on their own threads, readers that wait for outcomes, one that goes away, and one who aborts. A reader that nobody tells is found as a thread that
 * waits for ever.
 */
public class JoinSetTest extends Linearizable {
    private static final int TASKS = 3;

    private final Home home = new Home();
    private final JoinSet<Integer> set = JoinSet.in(home);
    private final List<AbortHandle> handles = new ArrayList<>();

    public JoinSetTest() {
        super(Model.class);
        for (int i = 1; i <= TASKS; i++) {
            handles.add(set.spawn(Futures.ready(i)));
        }
    }

    /** Keeps what is spawned, until somebody runs it. */
    private static final class Home implements TaskHome {
        final List<SpawnedTask<?>> tasks = new ArrayList<>();

        @Override
        public void schedule(SpawnedTask<?> task, boolean yielded) {}

        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            SpawnedTask<T> task = new SpawnedTask<>(this, future);
            tasks.add(task);
            return task;
        }

        @Override
        public World world() {
            return World.empty();
        }
    }

    @Override
    protected List<ExecutionScenario> scenarios() {
        return List.of(
                together(thread(call("next"), call("next")), thread(call("ends", 1)), thread(call("ends", 2))),
                together(thread(call("next")), thread(call("next")), thread(call("ends", 1), call("ends", 2))),
                together(thread(call("next")), thread(call("leaves", 1)), thread(call("ends", 1))),
                together(thread(call("next")), thread(call("leaves", 1), call("leaves", 2)), thread(call("ends", 1))),
                after(
                        List.of(call("ends", 1), call("ends", 2)),
                        thread(call("next"), call("next")),
                        thread(call("next"), call("next")),
                        thread(call("ends", 3))),
                after(
                        List.of(call("ends", 3)),
                        thread(call("next"), call("next"), call("next")),
                        thread(call("ends", 2)),
                        thread(call("ends", 1))),
                after(
                        List.of(call("ends", 1)),
                        thread(call("next")),
                        thread(call("abort", 1)),
                        thread(call("ends", 2))));
    }

    /** {@return whose outcome; 0: the end} */
    @Operation
    public int next() throws Exception {
        return new Waiting(home).forValue(set.next(), null) instanceof Item<Integer>(Integer value) ? value : 0;
    }

    /** A task ends, on this thread. */
    @Operation
    public void ends(int which) {
        home.tasks.get(which - 1).run(new Context(home));
    }

    /** Polls once, and goes. */
    @Operation
    public void leaves(int who) throws Exception {
        Future<Next<Integer>> next = set.next();
        if (next.poll(new Context(home)) instanceof Poll.Ready<Next<Integer>>(Next<Integer> told)) {
            Owners.undelivered(next, told);
        } else {
            next.drop();
        }
    }

    @Operation
    public void abort(int which) {
        handles.get(which - 1).abort();
    }

    /** Outcomes in the order of the ends; what would have to wait gives something that is never given. */
    public static class Model {
        private final Deque<Integer> ended = new ArrayDeque<>();
        private int running = TASKS;

        public int next() {
            return !ended.isEmpty() ? ended.remove() : running == 0 ? 0 : -1;
        }

        public void ends(int which) {
            running--;
            ended.add(which);
        }

        public void leaves(int who) {}

        public void abort(int which) {
            ended.remove((Integer) which);
        }
    }
}
