package dev.latent;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of {@link AtomicWaker}: a poll registers and then looks, an event makes it true and then wakes. What is not listed is forbidden. */
public final class AtomicWakerRaces {
    private AtomicWakerRaces() {}

    @JCStressTest
    @Description("The poll finds the state, or the event finds the waker.")
    @Outcome(
            id = {"1, 0", "1, 1"},
            expect = ACCEPTABLE,
            desc = "found, perhaps woken for nothing")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "waits, and is woken")
    @State
    public static class RegisterOrWake {
        final AtomicWaker place = new AtomicWaker();
        final Count waker = new Count();
        volatile int ready;

        @Actor
        public void poll(II_Result r) {
            place.register(waker);
            r.r1 = ready;
        }

        @Actor
        public void event() {
            ready = 1;
            place.wake();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("As before, where the same waker has been left before, so that nothing need be written.")
    @Outcome(
            id = {"1, 0", "1, 1"},
            expect = ACCEPTABLE)
    @Outcome(id = "0, 1", expect = ACCEPTABLE)
    @State
    public static class RegisterTheSameAgain {
        final AtomicWaker place = new AtomicWaker();
        final Count waker = new Count();
        volatile int ready;

        public RegisterTheSameAgain() {
            place.register(waker);
        }

        @Actor
        public void poll(II_Result r) {
            place.register(waker);
            r.r1 = ready;
        }

        @Actor
        public void event() {
            ready = 1;
            place.wake();
            place.wake();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = Math.min(1, waker.times());
        }
    }

    @JCStressTest
    @Description("As before, where another waker has been left before: the latest counts.")
    @Outcome(
            id = {"1, 0", "1, 1"},
            expect = ACCEPTABLE)
    @Outcome(id = "0, 1", expect = ACCEPTABLE)
    @State
    public static class RegisterAnother {
        final AtomicWaker place = new AtomicWaker();
        final Count waker = new Count();
        volatile int ready;

        public RegisterAnother() {
            place.register(Waker.noop());
        }

        @Actor
        public void poll(II_Result r) {
            place.register(waker);
            r.r1 = ready;
        }

        @Actor
        public void event() {
            ready = 1;
            place.wake();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("Two events wake whoever has registered once.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class TwoEvents {
        final AtomicWaker place = new AtomicWaker();
        final Count waker = new Count();

        public TwoEvents() {
            place.register(waker);
        }

        @Actor
        public void one() {
            place.wake();
        }

        @Actor
        public void other() {
            place.wake();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = waker.times();
        }
    }

    @JCStressTest
    @Description("Who takes a waker sees what was written before it was registered.")
    @Outcome(
            id = {"-1", "1"},
            expect = ACCEPTABLE)
    @State
    public static class Publication {
        /** A waker with something to read. */
        private static final class Marked implements Waker {
            int mark;

            @Override
            public void wake() {}
        }

        final AtomicWaker place = new AtomicWaker();
        final Marked waker = new Marked();

        @Actor
        public void poll() {
            waker.mark = 1;
            place.register(waker);
        }

        @Actor
        public void event(I_Result r) {
            @Nullable Waker taken = place.take();
            r.r1 = taken instanceof Marked marked ? marked.mark : -1;
        }
    }
}
