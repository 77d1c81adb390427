package dev.latent;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.World;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Of {@link JoinSet}: a task that ends, beside who reads, leaves and aborts. What is not listed is forbidden. */
public final class JoinSetRaces {
    private JoinSetRaces() {}

    /** An outcome whose content is plain; closed where nobody receives it. */
    static final class Letter implements Releasable {
        int text;
        volatile int closed;

        @Override
        public void close() {
            closed++;
        }
    }

    /** A set with one task, which whoever runs it ends. */
    public abstract static class OneTaskSet implements TaskHome {
        @Nullable
        SpawnedTask<?> task;

        final JoinSet<Letter> set = JoinSet.in(this);
        final Letter letter = new Letter();
        final AbortHandle handle = set.spawn(Futures.pollFn(_ -> {
            letter.text = 7;
            return Poll.ready(letter);
        }));

        @Override
        public void schedule(SpawnedTask<?> scheduled, boolean yielded) {}

        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            SpawnedTask<T> made = new SpawnedTask<>(this, future);
            task = made;
            return made;
        }

        @Override
        public World world() {
            return World.empty();
        }

        final void ends() {
            java.util.Objects.requireNonNull(task).run(new Context(this));
        }

        /** {@return what is in the letter; 0: it has not come} */
        final int read(Future<Next<Letter>> next, Waker waker) {
            Context cx = new Context(this);
            cx.begin(waker);
            try {
                return next.poll(cx) instanceof Poll.Ready<Next<Letter>>(Item<Letter>(Letter found)) ? found.text : 0;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @JCStressTest
    @Description("Who reads finds the outcome, with what was written before the end, or is woken.")
    @Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "found")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "woken")
    @State
    public static class EndOrWait extends OneTaskSet {
        final Count waker = new Count();
        final Future<Next<Letter>> next = set.next();

        @Actor
        public void end() {
            ends();
        }

        @Actor
        public void reads(II_Result r) {
            r.r1 = read(next, waker);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("A reader that leaves as the task ends hands its wake on to the next.")
    @Outcome(id = "1, 7", expect = ACCEPTABLE, desc = "woken, and found")
    @State
    public static class EndOrLeave extends OneTaskSet {
        final Count waker = new Count();
        final Future<Next<Letter>> first = set.next();
        final Future<Next<Letter>> second = set.next();

        public EndOrLeave() {
            read(first, Waker.noop());
            read(second, waker);
        }

        @Actor
        public void end() {
            ends();
        }

        @Actor
        public void leaves() {
            first.drop();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = Math.min(1, waker.times());
            r.r2 = read(second, Waker.noop());
        }
    }

    @JCStressTest
    @Description("An outcome is received, or the abort that came first lets it go, or the task never ran; once.")
    @Outcome(id = "7, 0, 0", expect = ACCEPTABLE, desc = "received before")
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "aborted after the end")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "aborted before it ran")
    @State
    public static class AbortOrRead extends OneTaskSet {
        final Future<Next<Letter>> next = set.next();

        @Actor
        public void end(III_Result r) {
            ends();
            r.r1 = read(next, Waker.noop());
        }

        @Actor
        public void aborts() {
            handle.abort();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r2 = letter.closed;
            r.r3 = set.size();
        }
    }
}
