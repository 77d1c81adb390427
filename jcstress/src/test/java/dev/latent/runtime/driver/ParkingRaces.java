package dev.latent.runtime.driver;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Of {@link Parking}: the steps of who parks, beside those of who notifies. What is not listed is forbidden. */
public final class ParkingRaces {
    private ParkingRaces() {}

    @JCStressTest
    @Description("Who comes out and then looks sees the content of every notice that coming out has wiped out.")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "the notice stands: the next park returns at once")
    @Outcome(id = "1, [01], [01]", expect = ACCEPTABLE, desc = "seen")
    @State
    public static class LeaveOrNotice {
        final Parking parking = new Parking();
        volatile int content;

        @Actor
        public void parks(III_Result r) {
            parking.enter();
            parking.leave();
            r.r1 = content;
        }

        @Actor
        public void notifies(III_Result r) {
            content = 1;
            r.r2 = parking.notice() ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = parking.enter() ? 0 : 1;
        }
    }

    @JCStressTest
    @Description("A thread that may wait is pulled out; one that may not needs nobody.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "waits, and is pulled out")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "found the notice")
    @State
    public static class EnterOrNotice {
        final Parking parking = new Parking();

        @Actor
        public void parks(II_Result r) {
            r.r1 = parking.enter() ? 1 : 0;
        }

        @Actor
        public void notifies(II_Result r) {
            r.r2 = parking.notice() ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("Of two that notify a parked thread one pulls it out.")
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE)
    @State
    public static class NoticeOrNotice {
        final Parking parking = new Parking();

        public NoticeOrNotice() {
            parking.enter();
        }

        @Actor
        public void notifies(II_Result r) {
            r.r1 = parking.notice() ? 1 : 0;
        }

        @Actor
        public void notifiesToo(II_Result r) {
            r.r2 = parking.notice() ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("As before, of a thread that only looked and left.")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "the notice stands")
    @Outcome(id = "1, 0, [01]", expect = ACCEPTABLE, desc = "seen")
    @State
    public static class LookOrNotice {
        final Parking parking = new Parking();
        volatile int content;

        @Actor
        public void looks(III_Result r) {
            parking.leave();
            r.r1 = content;
        }

        @Actor
        public void notifies(III_Result r) {
            content = 1;
            r.r2 = parking.notice() ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = parking.enter() ? 0 : 1;
        }
    }

    @JCStressTest
    @Description("A second notice, of who finds the first, is not lost with it.")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "a notice stands")
    @Outcome(id = "1, [01], [01]", expect = ACCEPTABLE, desc = "seen")
    @State
    public static class SecondNotice {
        final Parking parking = new Parking();
        volatile int content;

        public SecondNotice() {
            parking.notice();
        }

        @Actor
        public void parks(III_Result r) {
            parking.enter();
            parking.leave();
            r.r1 = content;
        }

        @Actor
        public void notifies(III_Result r) {
            content = 1;
            r.r2 = parking.notice() ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = parking.enter() ? 0 : 1;
        }
    }
}
