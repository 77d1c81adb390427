package dev.latent.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.Count;
import dev.latent.Owners;
import dev.latent.WaiterList.Waiter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Of {@link Joiners}: who waits for the end of a task, beside that end. What is not listed is forbidden. */
public final class JoinersRaces {
    private JoinersRaces() {}

    /** A value that is written in the poll that makes it. */
    static final class Box {
        int content;
    }

    @JCStressTest
    @Description("The handle's awaiter gets the value, all of it, or is woken once.")
    @Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "got it")
    @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "waits, and is woken")
    @State
    public static class AwaitOrEnd extends OneTask {
        final Count waker = new Count();
        final Box box = new Box();

        public AwaitOrEnd() {
            claim(waker);
        }

        @Actor
        public void runs() {
            box.content = 7;
            leaf.ready = box;
            turn();
        }

        @Actor
        public void awaits(II_Result r) {
            Object got = await(waker, waker);
            r.r1 = got == Owners.PENDING ? -1 : got instanceof Box b ? b.content : -2;
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("A second joiner comes at the end: it is too late, or is woken; the first is woken once.")
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "too late")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE)
    @State
    public static class SecondOrEnd extends OneTask {
        final Count first = new Count();
        final Count second = new Count();
        final Waiter waiter = new Waiter();

        public SecondOrEnd() {
            leaf.ready = "";
            task.awaitEnd(null, first);
        }

        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void joins(III_Result r) {
            r.r1 = task.awaitEnd(waiter, second) ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r2 = first.times();
            r.r3 = second.times();
        }
    }

    @JCStressTest
    @Description("A third joiner comes at the end, when there is a list.")
    @Outcome(id = "0, 11, 0", expect = ACCEPTABLE, desc = "too late")
    @Outcome(id = "1, 11, 1", expect = ACCEPTABLE)
    @State
    public static class ThirdOrEnd extends OneTask {
        final Count first = new Count();
        final Count second = new Count();
        final Count third = new Count();
        final Waiter waiter = new Waiter();

        public ThirdOrEnd() {
            leaf.ready = "";
            task.awaitEnd(null, first);
            task.awaitEnd(new Waiter(), second);
        }

        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void joins(III_Result r) {
            r.r1 = task.awaitEnd(waiter, third) ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r2 = first.times() + 10 * second.times();
            r.r3 = third.times();
        }
    }

    @JCStressTest
    @Description("The handle's awaiter and another come at once: both are woken.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE)
    @State
    public static class HandleOrOther extends OneTask {
        final Count handle = new Count();
        final Count other = new Count();

        public HandleOrOther() {
            leaf.ready = "";
        }

        @Actor
        public void awaits() {
            task.awaitEnd(null, handle);
        }

        @Actor
        public void joins() {
            task.awaitEnd(new Waiter(), other);
        }

        @Arbiter
        public void after(II_Result r) {
            drain();
            r.r1 = handle.times();
            r.r2 = other.times();
        }
    }

    @JCStressTest
    @Description("Two others come at once: both are woken.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE)
    @State
    public static class OtherOrOther extends OneTask {
        final Count one = new Count();
        final Count other = new Count();

        public OtherOrOther() {
            leaf.ready = "";
        }

        @Actor
        public void joins() {
            task.awaitEnd(new Waiter(), one);
        }

        @Actor
        public void joinsToo() {
            task.awaitEnd(new Waiter(), other);
        }

        @Arbiter
        public void after(II_Result r) {
            drain();
            r.r1 = one.times();
            r.r2 = other.times();
        }
    }

    @JCStressTest
    @Description("One that waits no more, at the end: woken or not, and the other is woken once.")
    @Outcome(
            id = {"1, 0", "1, 1"},
            expect = ACCEPTABLE)
    @State
    public static class ForgetOrEnd extends OneTask {
        final Count stays = new Count();
        final Count goes = new Count();
        final Waiter waiter = new Waiter();

        public ForgetOrEnd() {
            leaf.ready = "";
            task.awaitEnd(waiter, goes);
            task.awaitEnd(null, stays);
        }

        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void forgets() {
            task.forget(waiter);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = stays.times();
            r.r2 = goes.times();
        }
    }
}
