package dev.latent;

import dev.latent.WaiterList.Waiter;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * {@link WaiterList} beside a queue of those who wait. Of {@code wakeAll} nobody promises that it is one step: between two that it
 * tells, others may come and go.
 */
@Param(name = "who", gen = IntGen.class, conf = "1:3")
public class WaiterListTest extends Linearizable {
    private final WaiterList list = WaiterList.create();
    private final ThreadLocal<Integer> told = ThreadLocal.withInitial(() -> 0);
    private final Waiter[] waiters = {new Waiter(), new Waiter(), new Waiter(), new Waiter()};

    public WaiterListTest() {
        super(Model.class);
    }

    @Override
    protected int threads() {
        return 3;
    }

    @Operation(params = "who")
    public void add(int who) {
        list.lock();
        list.add(waiters[who], () -> told.set(who));
        list.unlock();
    }

    @Operation(params = "who")
    public boolean remove(int who) {
        list.lock();
        boolean waited = list.remove(waiters[who]);
        list.unlock();
        return waited;
    }

    /** {@return who was told; 0: nobody} */
    @Operation
    public int wakeFirst() {
        told.set(0);
        return list.wakeFirst() ? told.get() : 0;
    }

    /** Who waits, in order. */
    public static class Model {
        private final Deque<Integer> waiting = new ArrayDeque<>();

        public void add(int who) {
            if (!waiting.contains(who)) {
                waiting.add(who);
            }
        }

        public boolean remove(int who) {
            return waiting.remove((Integer) who);
        }

        public int wakeFirst() {
            return waiting.isEmpty() ? 0 : waiting.remove();
        }
    }
}
