package dev.latent.runtime;

import dev.latent.Futures;
import dev.latent.Linearizable;
import dev.latent.Nowhere;
import dev.latent.task.SpawnedTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;

/** {@link Ring} beside a queue of which a thief takes half, rounded up; one thread owns it. */
public class RingTest extends Linearizable {
    private static final int MOST = 16;

    private final Ring ring = new Ring();
    private final List<SpawnedTask<?>> tasks = new ArrayList<>();
    private int pushed;

    public RingTest() {
        super(Model.class);
        for (int i = 0; i < MOST; i++) {
            tasks.add(new SpawnedTask<>(new Nowhere(), Futures.pending()));
        }
    }

    @Override
    protected int threads() {
        return 3;
    }

    /** Tasks are numbered as they are pushed. */
    @Operation(nonParallelGroup = "owner")
    public boolean push() {
        return ring.push(tasks.get(pushed++));
    }

    @Operation(nonParallelGroup = "owner")
    public int pop() {
        return number(ring.pop());
    }

    /** {@return in which order a thief has them: the last first, which is to be run at once} */
    @Operation
    public List<Integer> steal() {
        Ring own = new Ring();
        List<Integer> stolen = new ArrayList<>();
        for (SpawnedTask<?> task = ring.stealInto(own); task != null; task = own.pop()) {
            stolen.add(number(task));
        }
        return stolen;
    }

    private int number(@Nullable SpawnedTask<?> task) {
        return tasks.indexOf(task);
    }

    /** What was pushed and is not out. */
    public static class Model {
        private final Deque<Integer> ring = new ArrayDeque<>();
        private int pushed;

        public boolean push() {
            ring.add(pushed++);
            return true;
        }

        public int pop() {
            return ring.isEmpty() ? -1 : ring.remove();
        }

        public List<Integer> steal() {
            List<Integer> stolen = new ArrayList<>();
            for (int n = (ring.size() + 1) / 2; n > 0; n--) {
                stolen.add(ring.remove());
            }
            if (!stolen.isEmpty()) {
                stolen.addFirst(stolen.removeLast());
            }
            return stolen;
        }
    }
}
