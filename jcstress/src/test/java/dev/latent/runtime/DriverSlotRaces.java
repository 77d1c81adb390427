package dev.latent.runtime;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.Fixed;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Of {@link DriverSlot}: who takes the driver, and the pairs by which nobody is left unwatched. Its workers never run: what their threads
 * would do, the actors do. What is not listed is forbidden.
 */
public final class DriverSlotRaces {
    private DriverSlotRaces() {}

    private static final WorkStealingExecutor POOL = WorkStealingExecutor.create(1);

    @JCStressTest
    @Description("One of two gets the driver.")
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE)
    @State
    public static class TakeOrTake {
        final DriverSlot slot = new DriverSlot(() -> null, Fixed.CLOCK);

        @Actor
        public void takes(II_Result r) {
            r.r1 = slot.take() ? 1 : 0;
        }

        @Actor
        public void takesToo(II_Result r) {
            r.r2 = slot.take() ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("A look from outside takes the driver from nobody.")
    @Outcome(
            id = {"1, 1", "0, 0"},
            expect = ACCEPTABLE)
    @State
    public static class TakeOrLooked {
        final DriverSlot slot = new DriverSlot(() -> null, Fixed.CLOCK);

        @Actor
        public void takes(II_Result r) {
            r.r1 = slot.take() ? 1 : 0;
        }

        @Actor
        public void looks() {
            slot.looked(1 << 20);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = slot.isHeld() ? 1 : 0;
        }
    }

    /** Two workers that may sleep. */
    public abstract static class Slept {
        final Worker first = new Worker(POOL, 0, "first");
        final Worker second = new Worker(POOL, 0, "second");
        final DriverSlot slot = new DriverSlot(this::sleeper, Fixed.CLOCK);

        private @Nullable Worker sleeper() {
            return first.sleepsPlainly() ? first : second.sleepsPlainly() ? second : null;
        }

        static void sleeps(Worker worker) {
            worker.parkState.set(Worker.PARKED);
        }

        static void wakes(Worker worker) {
            worker.parkState.set(Worker.AWAKE);
        }

        /** Of a worker that is in the driver and has found something to poll. */
        final void leavesAndPolls() {
            slot.leave();
            slot.beforePoll();
        }
    }

    @JCStressTest
    @Description("The watch tires while somebody leaves the driver to poll: it is the watch again.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class TireOrPoll extends Slept {
        public TireOrPoll() {
            sleeps(first);
            slot.sleep(first); // the slot is free, so this only makes it the watch
            slot.take();
        }

        @Actor
        public void tires() {
            slot.tire(first);
        }

        @Actor
        public void polls() {
            leavesAndPolls();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = slot.isWatchedBy(first) ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("The watch wakes while somebody leaves the driver to poll: the other sleeper is the watch.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class WakeOrPoll extends Slept {
        public WakeOrPoll() {
            sleeps(first);
            sleeps(second);
            slot.sleep(first);
            slot.take();
        }

        @Actor
        public void wakes() {
            wakes(first);
            slot.retire(first);
        }

        @Actor
        public void polls() {
            leavesAndPolls();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = slot.isWatchedBy(second) ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("A sleeper wakes while it is armed: the other sleeper is the watch.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class WakeOrArm extends Slept {
        public WakeOrArm() {
            sleeps(second);
            slot.take();
            slot.sleep(first); // it is awake, so this only makes it the watch
            slot.retire(first);
            sleeps(first);
            slot.leave();
        }

        @Actor
        public void wakes() {
            wakes(first);
            slot.retire(first);
        }

        @Actor
        public void polls() {
            slot.beforePoll();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = slot.isWatchedBy(second) ? 1 : 0;
        }
    }

    @JCStressTest
    @Description(
            "A worker goes to sleep while somebody leaves the driver to poll: it is the watch, or finds the driver free.")
    @Outcome(
            id = {"0, 1", "1, 1", "1, 0"},
            expect = ACCEPTABLE)
    @State
    public static class SleepOrPoll extends Slept {
        public SleepOrPoll() {
            sleeps(second);
            slot.take();
            slot.sleep(first);
            slot.retire(first); // deep
        }

        @Actor
        public void sleeps(II_Result r) {
            sleeps(first);
            r.r1 = slot.isHeld() ? 0 : 1;
        }

        @Actor
        public void polls() {
            leavesAndPolls();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = slot.isWatchedBy(first) || slot.isWatchedBy(second) ? 1 : 0;
        }
    }
}
