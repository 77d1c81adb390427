package dev.latent.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.Count;
import dev.latent.Owners;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of {@link SpawnedTask}: its run beside whatever other threads may ask of it. What is not listed is forbidden. */
public final class SpawnedTaskRaces {
    private SpawnedTaskRaces() {}

    // ---- wakes

    @JCStressTest
    @Description("A wake while it runs brings it to another poll, which sees what was before the wake.")
    @Outcome(
            id = {"1, 1", "1, 2"},
            expect = ACCEPTABLE)
    @State
    public static class WakeOrRun extends OneTask {
        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void wakes() {
            leaf.ready = "";
            task.wake();
        }

        @Arbiter
        public void after(II_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = leaf.polls;
        }
    }

    @JCStressTest
    @Description("Of two wakes one queues it; some poll after them sees what was before either.")
    @Outcome(
            id = {"3, 2, 0", "3, 3, 0"},
            expect = ACCEPTABLE)
    @State
    public static class WakeOrWake extends OneTask {
        public WakeOrWake() {
            turn();
        }

        @Actor
        public void wakes() {
            leaf.left = 1;
            task.wake();
            turn();
        }

        @Actor
        public void wakesToo() {
            leaf.right = 1;
            task.wake();
            turn();
        }

        @Arbiter
        public void after(III_Result r) {
            drain();
            r.r1 = leaf.seen;
            r.r2 = leaf.polls;
            r.r3 = ended();
        }
    }

    // ---- cancellation

    @JCStressTest
    @Description("A close while it runs drops the future, once.")
    @Outcome(
            id = {"1, 1, 0", "1, 1, 1"},
            expect = ACCEPTABLE)
    @State
    public static class CloseOrRun extends OneTask {
        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void closes() {
            task.close();
        }

        @Arbiter
        public void after(III_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = leaf.drops;
            r.r3 = leaf.polls;
        }
    }

    @JCStressTest
    @Description("A close at the end: the future is dropped, or its value closed.")
    @Outcome(id = "1, 0, 1, 0", expect = ACCEPTABLE, desc = "dropped unpolled")
    @Outcome(id = "1, 1, 0, 1", expect = ACCEPTABLE, desc = "was faster; nobody gets its value")
    @State
    public static class CloseOrEnd extends OneTask {
        final Resource value = new Resource();

        public CloseOrEnd() {
            leaf.ready = value;
        }

        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void closes() {
            task.close();
        }

        @Arbiter
        public void after(IIII_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = leaf.polls;
            r.r3 = leaf.drops;
            r.r4 = value.closed.get();
        }
    }

    @JCStressTest
    @Description("Of two that close one drops the future.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE)
    @State
    public static class CloseOrClose extends OneTask {
        public CloseOrClose() {
            turn();
        }

        @Actor
        public void closes() {
            task.close();
            turn();
        }

        @Actor
        public void closesToo() {
            task.close();
            turn();
        }

        @Arbiter
        public void after(II_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = leaf.drops;
        }
    }

    @JCStressTest
    @Description("A wake and a close of one that waits: queued once, dropped once.")
    @Outcome(
            id = {"1, 1"},
            expect = ACCEPTABLE)
    @State
    public static class WakeOrClose extends OneTask {
        public WakeOrClose() {
            turn();
        }

        @Actor
        public void wakes() {
            task.wake();
            turn();
        }

        @Actor
        public void closes() {
            task.close();
            turn();
        }

        @Arbiter
        public void after(II_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = leaf.drops;
        }
    }

    @JCStressTest
    @Description(
            "Who awaits the value and who closes the handle: it is delivered or closed, never both and never neither.")
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE)
    @State
    public static class TakeOrClose extends OneTask {
        final Resource value = new Resource();

        public TakeOrClose() {
            leaf.ready = value;
            turn();
            claim(value);
        }

        @Actor
        public void takes(II_Result r) {
            r.r1 = await(value, new Count()) == value ? 1 : 0;
        }

        @Actor
        public void closes() {
            task.close();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = value.closed.get();
        }
    }

    @JCStressTest
    @Description(
            "The close of its executor: it is cancelled before its first poll, by itself as it begins to wait, or by who closes.")
    @Outcome(
            id = {"1, 1, 0", "1, 1, 1"},
            expect = ACCEPTABLE)
    @State
    public static class CloseOfTheExecutorOrRun extends OneTask {
        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void closes() {
            cancelAll();
        }

        @Arbiter
        public void after(III_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = leaf.drops;
            r.r3 = leaf.polls;
        }
    }

    @JCStressTest
    @Description("Its executor's time is up while it runs: it is dropped, once, by one of the two.")
    @Outcome(
            id = {"1, 1, 0", "1, 1, 1"},
            expect = ACCEPTABLE)
    @State
    public static class EndNowOrRun extends OneTask {
        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void ends() {
            if (!task.endNow()) {
                task.cancelByExecutor();
            }
        }

        @Arbiter
        public void after(III_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = leaf.drops;
            r.r3 = leaf.polls;
        }
    }

    // ---- detachment

    @JCStressTest
    @Description("A task given up as it ends: its value is closed, once.")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE)
    @State
    public static class DetachOrEnd extends OneTask {
        final Resource value = new Resource();

        public DetachOrEnd() {
            leaf.ready = value;
        }

        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void detaches() {
            task.detach();
        }

        @Arbiter
        public void after(III_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = leaf.polls;
            r.r3 = value.closed.get();
        }
    }

    @JCStressTest
    @Description("A task given up as it fails: its failure is reported, once.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE)
    @State
    public static class DetachOrFail extends OneTask {
        public DetachOrFail() {
            leaf.failure = new IllegalStateException("of a test");
        }

        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void detaches() {
            task.detach();
        }

        @Arbiter
        public void after(II_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = reports();
        }
    }

    @JCStressTest
    @Description(
            "One thread gives it up, another closes it: it is dropped, or runs to its end and its value is closed.")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "dropped")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "ran on")
    @State
    public static class DetachOrClose extends OneTask {
        final Resource value = new Resource();

        public DetachOrClose() {
            turn();
        }

        @Actor
        public void detaches() {
            task.detach();
        }

        @Actor
        public void closes() {
            task.close();
        }

        @Arbiter
        public void after(III_Result r) {
            drain();
            leaf.ready = value;
            task.wake();
            drain();
            r.r1 = ended();
            r.r2 = leaf.drops;
            r.r3 = value.closed.get();
        }
    }

    // ---- looking

    @JCStressTest
    @Description(
            "Somebody looks at it as it begins to run: it runs, once, and the one who looks sees it ready, running or ended.")
    @Outcome(
            id = {"1, 1, 1", "1, 1, 2", "1, 1, 3"},
            expect = ACCEPTABLE)
    @State
    public static class LookOrRun extends OneTask {
        public LookOrRun() {
            leaf.ready = "";
        }

        @Actor
        public void runs() {
            turn();
        }

        @Actor
        public void looks(III_Result r) {
            TaskInfo info = task.look(dev.latent.Fixed.CLOCK);
            if (info == null) {
                r.r3 = 3;
            } else {
                r.r3 = info.state() == TaskInfo.State.READY ? 1 : info.state() == TaskInfo.State.RUNNING ? 2 : 0;
            }
        }

        @Arbiter
        public void after(III_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = leaf.polls;
        }
    }

    @JCStressTest
    @Description("Somebody looks at it as it is woken: the wake is not lost.")
    @Outcome(id = "1, 2", expect = ACCEPTABLE)
    @State
    public static class LookOrWake extends OneTask {
        public LookOrWake() {
            turn();
        }

        @Actor
        public void wakes() {
            leaf.ready = "";
            task.wake();
            turn();
        }

        @Actor
        public void looks() {
            task.look(dev.latent.Fixed.CLOCK);
        }

        @Arbiter
        public void after(II_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = leaf.polls;
        }
    }

    // ---- claims

    @JCStressTest
    @Description("Of two that claim the handle one gets it.")
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE)
    @State
    public static class ClaimOrClaim extends OneTask {
        @Actor
        public void claims(II_Result r) {
            r.r1 = claim("one");
        }

        @Actor
        public void claimsToo(II_Result r) {
            r.r2 = claim("other");
        }
    }

    @JCStressTest
    @Description("One claims the handle, another drops it: one of them is refused.")
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "claimed; the task goes on")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "dropped, and so the future")
    @State
    public static class ClaimOrDrop extends OneTask {
        @Actor
        public void claims(III_Result r) {
            r.r1 = claim("one");
        }

        @Actor
        public void drops(III_Result r) {
            try {
                task.drop();
                r.r2 = 1;
            } catch (IllegalStateException refused) {
                r.r2 = 0;
            }
        }

        @Arbiter
        public void after(III_Result r) {
            drain();
            r.r3 = leaf.drops;
        }
    }

    @JCStressTest
    @Description("One claims the handle, another gives it up: one of them is refused.")
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE)
    @State
    public static class ClaimOrDetach extends OneTask {
        @Actor
        public void claims(II_Result r) {
            r.r1 = claim("one");
        }

        @Actor
        public void detaches(II_Result r) {
            try {
                task.detach();
                r.r2 = 1;
            } catch (IllegalStateException refused) {
                r.r2 = 0;
            }
        }
    }

    @JCStressTest
    @Description("One drops the handle, another gives it up: neither is refused, and the first decides.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "dropped")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "ran on")
    @State
    public static class DropOrDetach extends OneTask {
        final Resource value = new Resource();

        @Actor
        public void drops() {
            task.drop();
        }

        @Actor
        public void detaches() {
            task.detach();
        }

        @Arbiter
        public void after(II_Result r) {
            leaf.ready = value;
            drain();
            r.r1 = leaf.drops;
            r.r2 = value.closed.get();
        }
    }

    @JCStressTest
    @Description("Of two that drop the handle neither is refused, and the future is dropped once.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class DropOrDrop extends OneTask {
        @Actor
        public void drops() {
            task.drop();
        }

        @Actor
        public void dropsToo() {
            task.drop();
        }

        @Arbiter
        public void after(I_Result r) {
            drain();
            r.r1 = leaf.drops;
        }
    }

    @JCStressTest
    @Description("One has claimed the handle and waits, another closes it: it is woken, and gets nothing.")
    @Outcome(
            id = {"1, 1, 1", "1, 1, 0"},
            expect = ACCEPTABLE)
    @State
    public static class AwaitOrClose extends OneTask {
        final Count waker = new Count();
        boolean pending;

        public AwaitOrClose() {
            turn();
            claim(waker);
        }

        @Actor
        public void awaits() {
            pending = await(waker, waker) == Owners.PENDING;
        }

        @Actor
        public void closes() {
            task.close();
            turn();
        }

        @Arbiter
        public void after(III_Result r) {
            drain();
            r.r1 = ended();
            r.r2 = pending && waker.times() == 0 ? 0 : 1;
            r.r3 = pending && await(waker, waker) == null ? 1 : 0;
        }
    }
}
