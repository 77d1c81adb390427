package dev.latent.runtime;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.Context;
import dev.latent.Count;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Of {@link LocalTask}: its executor's thread, beside foreign ones that leave it mail. All states have one executor, whose
 * every tick runs the tasks of whichever state. What is not listed is forbidden.
 */
public final class LocalTaskRaces {
    private LocalTaskRaces() {}

    private static final LocalExecutor EXECUTOR = new LocalExecutor();

    /** One thread at a time is the executor's. */
    private static void tick() {
        synchronized (EXECUTOR) {
            EXECUTOR.tick();
        }
    }

    private static void settle() {
        synchronized (EXECUTOR) {
            while (EXECUTOR.tick()) {}
        }
    }

    /** A task that has been spawned by a foreign thread. */
    public abstract static class Spawned {
        /** Plain, for those who make it ready and then wake. */
        @Nullable
        Integer ready;

        int drops;

        final JoinHandle<Integer> handle;
        final LocalTask<?> task;

        /** From now on another state's tick may run it. */
        Spawned(@Nullable Integer ready) {
            this.ready = ready;
            handle = EXECUTOR.spawn(new Leaf());
            task = (LocalTask<?>) handle;
        }

        private final class Leaf implements Future<Integer> {
            @Override
            public Poll<Integer> poll(Context cx) {
                Integer now = Spawned.this.ready;
                return now == null ? Poll.pending() : Poll.ready(now);
            }

            @Override
            public void drop() {
                drops++;
            }
        }

        final int ended() {
            return handle.isFinished() ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("A foreign wake brings it to another poll, which sees what was before the wake.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE)
    @State
    public static class WakeOrTick extends Spawned {
        public WakeOrTick() {
            super(null);
        }

        @Actor
        public void ticks() {
            tick();
        }

        @Actor
        public void wakes() {
            ready = 1;
            task.wake();
        }

        @Arbiter
        public void after(II_Result r) {
            settle();
            r.r1 = ended();
            r.r2 = drops;
        }
    }

    @JCStressTest
    @Description("A foreign close drops it, once.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE)
    @State
    public static class CloseOrTick extends Spawned {
        public CloseOrTick() {
            super(null);
        }

        @Actor
        public void ticks() {
            tick();
        }

        @Actor
        public void closes() {
            handle.close();
        }

        @Arbiter
        public void after(II_Result r) {
            settle();
            r.r1 = ended();
            r.r2 = drops;
        }
    }

    @JCStressTest
    @Description("Two foreign threads leave it mail: all of it arrives.")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE)
    @State
    public static class WakeOrClose extends Spawned {
        public WakeOrClose() {
            super(null);
        }

        @Actor
        public void wakes(III_Result r) {
            task.wake();
            r.r3 = 1;
        }

        @Actor
        public void closes() {
            handle.close();
        }

        @Arbiter
        public void after(III_Result r) {
            settle();
            r.r1 = ended();
            r.r2 = drops;
        }
    }

    @JCStressTest
    @Description("A foreign awaiter comes at the end: it gets the value, or is woken.")
    @Outcome(
            id = {"7, 0", "7, 1"},
            expect = ACCEPTABLE)
    @Outcome(id = "-1, 1", expect = ACCEPTABLE)
    @State
    public static class AwaitOrTick extends Spawned {
        final Count awaiter = new Count();

        public AwaitOrTick() {
            super(7);
        }

        @Actor
        public void ticks() {
            tick();
        }

        @Actor
        public void awaits(II_Result r) {
            Context cx = new Context(EXECUTOR);
            cx.begin(awaiter);
            Owners.claim(handle, this);
            try {
                r.r1 = Owners.poll(handle, this, cx) instanceof Poll.Ready<Integer>(Integer value) ? value : -1;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Arbiter
        public void after(II_Result r) {
            settle();
            r.r2 = awaiter.times();
        }
    }
}
