package dev.latent.runtime;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Nowhere;
import dev.latent.Poll;
import dev.latent.task.SpawnedTask;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of {@link Ring}: its owner, beside a thief. What is not listed is forbidden. */
public final class RingRaces {
    private RingRaces() {}

    /** Never run, so all states may share them. */
    private static final SpawnedTask<?>[] TASKS = new SpawnedTask<?>[Ring.CAPACITY + 1];

    static {
        for (int i = 0; i < TASKS.length; i++) {
            TASKS[i] = new SpawnedTask<>(new Nowhere(), Futures.pending());
        }
    }

    /** A ring with a number of tasks. */
    public abstract static class Filled {
        final Ring ring = new Ring();

        /** The thief's. */
        final Ring own = new Ring();

        final int tasks;

        /** A decimal digit for each of the first tasks: how often it has come out, on the owner's thread, on the thief's. */
        int popped;

        int stolen;

        Filled(int tasks) {
            this.tasks = tasks;
            for (int i = 0; i < tasks; i++) {
                ring.push(TASKS[i]);
            }
        }

        private static int digit(@Nullable SpawnedTask<?> task) {
            int digit = 1;
            for (int i = 0; i < 8; i++, digit *= 10) {
                if (TASKS[i] == task) {
                    return digit;
                }
            }
            return 0;
        }

        final void pop() {
            popped += digit(ring.pop());
        }

        final void steal() {
            for (SpawnedTask<?> task = ring.stealInto(own); task != null; task = own.pop()) {
                stolen += digit(task);
            }
        }

        /** {@return all, ones: each came out once} */
        final int out() {
            while (!ring.isEmpty()) {
                pop();
            }
            return popped + stolen;
        }
    }

    @JCStressTest
    @Description("Five tasks, three of them popped while somebody steals: each comes out once.")
    @Outcome(id = "11111", expect = ACCEPTABLE)
    @State
    public static class PopsOrSteal extends Filled {
        public PopsOrSteal() {
            super(5);
        }

        @Actor
        public void owner() {
            pop();
            pop();
            pop();
        }

        @Actor
        public void thief() {
            steal();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = out();
        }
    }

    @JCStressTest
    @Description("One task, wanted by both: one of them gets it.")
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE)
    @State
    public static class PopOrSteal extends Filled {
        public PopOrSteal() {
            super(1);
        }

        @Actor
        public void owner(II_Result r) {
            pop();
            r.r1 = popped;
        }

        @Actor
        public void thief(II_Result r) {
            steal();
            r.r2 = stolen;
        }
    }

    @JCStressTest
    @Description("Tasks are pushed and popped while somebody steals: each comes out once.")
    @Outcome(id = "111", expect = ACCEPTABLE)
    @State
    public static class PushOrSteal extends Filled {
        public PushOrSteal() {
            super(1);
        }

        @Actor
        public void owner() {
            ring.push(TASKS[1]);
            pop();
            ring.push(TASKS[2]);
        }

        @Actor
        public void thief() {
            steal();
            steal();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = out();
        }
    }

    @JCStressTest
    @Description("Two thieves: each task comes out once.")
    @Outcome(id = "1111", expect = ACCEPTABLE)
    @State
    public static class StealOrSteal extends Filled {
        final Ring others = new Ring();
        int stolenToo;

        public StealOrSteal() {
            super(4);
        }

        @Actor
        public void thief() {
            steal();
        }

        @Actor
        public void other() {
            for (SpawnedTask<?> task = ring.stealInto(others); task != null; task = others.pop()) {
                stolenToo += Filled.digit(task);
            }
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = out() + stolenToo;
        }
    }

    @JCStressTest
    @Description("A full ring, whose first slot is used again while a thief copies it: each task comes out once.")
    @Outcome(id = "257, 11111111", expect = ACCEPTABLE)
    @State
    public static class FullOrSteal extends Filled {
        private int count;

        public FullOrSteal() {
            super(Ring.CAPACITY);
        }

        @Actor
        public void owner() {
            pop();
            ring.push(TASKS[Ring.CAPACITY]);
        }

        @Actor
        public void thief() {
            for (SpawnedTask<?> task = ring.stealInto(own); task != null; task = own.pop()) {
                stolen += Filled.digit(task);
                count++;
            }
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = count + ring.size() + 1;
            r.r2 = out();
        }
    }

    @JCStressTest
    @Description("A thief sees what was written before the push.")
    @Outcome(
            id = {"-1", "1"},
            expect = ACCEPTABLE)
    @State
    public static class Publication {
        /** What the pushed task runs. */
        static final class Marked implements Future<Integer> {
            int mark;

            @Override
            public Poll<Integer> poll(Context cx) {
                return Poll.ready(mark);
            }

            @Override
            public void drop() {}
        }

        final Ring ring = new Ring();
        final Ring own = new Ring();

        @Actor
        public void owner() {
            Marked future = new Marked();
            future.mark = 1;
            ring.push(new SpawnedTask<>(new Nowhere(), future));
        }

        @Actor
        public void thief(I_Result r) {
            SpawnedTask<?> task = ring.stealInto(own);
            r.r1 = task == null ? -1 : run(task);
        }

        private static int run(SpawnedTask<?> task) {
            task.run(new Context(new Nowhere()), 0);
            try {
                return (Integer) task.result();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
