package dev.latent.runtime.time;

import dev.latent.Context;
import dev.latent.Linearizable;
import dev.latent.Nowhere;
import dev.latent.world.Alarm;
import dev.latent.world.VirtualClock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;

/** {@link TimerShard} beside a sorted set: each thread has an alarm of its own, which it sets and takes back; one lets time go on. */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "time", gen = IntGen.class, conf = "1:100")
public class TimerShardTest extends Linearizable {
    private final VirtualClock clock = new VirtualClock();
    private final TimerShard shard = new TimerShard(clock, null, () -> {});
    private final Alarm[] alarms = new Alarm[8];
    private final ThreadLocal<List<Integer>> fired = ThreadLocal.withInitial(ArrayList::new);

    public TimerShardTest() {
        super(Model.class);
    }

    @Override
    protected int threads() {
        return 3;
    }

    /** Sets its alarm to {@code deadline}, or polls the one that it has: {@return whether it is due} */
    @Operation
    public boolean sleeps(@Param(name = "thread") int thread, @Param(name = "time") int deadline) throws Exception {
        Alarm alarm = alarms[thread] == null ? shard.sleepUntil(deadline) : alarms[thread];
        Context cx = new Context(new Nowhere());
        cx.begin(() -> fired.get().add((int) alarm.deadline));
        boolean due = alarm.poll(cx).isReady();
        alarms[thread] = due ? null : alarm;
        return due;
    }

    @Operation
    public void wakesUp(@Param(name = "thread") int thread) {
        if (alarms[thread] != null) {
            alarms[thread].drop();
            alarms[thread] = null;
        }
    }

    /** {@return the deadlines that have come, in order} */
    @Operation(nonParallelGroup = "driver")
    public List<Integer> fires(@Param(name = "time") int time) {
        fired.get().clear();
        shard.fire(time);
        return List.copyOf(fired.get());
    }

    /**
     * Who sleeps, by deadline and then in the order in which they came. A thread that lets time go on before there is anything to do only
     * looks at the bound, so it takes no time with it.
     */
    public static class Model {
        private record Sleep(int deadline, int number, int thread) implements Comparable<Sleep> {
            @Override
            public int compareTo(Sleep other) {
                return deadline != other.deadline ? deadline - other.deadline : number - other.number;
            }
        }

        private final TreeSet<Sleep> sleeping = new TreeSet<>();
        private final Set<Integer> fired = new HashSet<>();
        private int number;
        private int now;

        /** Not later than the first deadline. */
        private int bound = Integer.MAX_VALUE;

        public boolean sleeps(int thread, int deadline) {
            if (fired.remove(thread)) {
                return true;
            }
            if (sleeping.stream().anyMatch(sleep -> sleep.thread() == thread)) {
                return false;
            }
            if (deadline > now) {
                sleeping.add(new Sleep(deadline, number++, thread));
                bound = Math.min(bound, deadline);
            }
            return deadline <= now;
        }

        public void wakesUp(int thread) {
            fired.remove(thread);
            sleeping.removeIf(sleep -> sleep.thread() == thread);
        }

        public List<Integer> fires(int time) {
            if (bound > time) {
                return List.of();
            }
            now = Math.max(now, time);
            List<Integer> due = new ArrayList<>();
            while (!sleeping.isEmpty() && sleeping.first().deadline() <= now) {
                Sleep first = sleeping.pollFirst();
                due.add(first.deadline());
                fired.add(first.thread());
            }
            bound = sleeping.isEmpty() ? Integer.MAX_VALUE : sleeping.first().deadline();
            return due;
        }
    }
}
