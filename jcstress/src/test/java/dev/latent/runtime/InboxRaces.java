package dev.latent.runtime;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Of {@link Inbox}: who posts, beside the reader. FIRST is 0, MORE is 1, CLOSED is 2. What is not listed is forbidden. */
public final class InboxRaces {
    private InboxRaces() {}

    /** Messages are digits. */
    public abstract static class Boxed {
        final Inbox<int[]> inbox = new Inbox<>();

        final int post(int digit) {
            return inbox.post(new int[] {digit}).ordinal();
        }

        /** {@return the digits in order} */
        final int take() {
            int[] digits = new int[1];
            inbox.take(message -> digits[0] = digits[0] * 10 + message[0]);
            return digits[0];
        }
    }

    @JCStressTest
    @Description(
            "A post beside the reader: who is not told that it is the first has its message taken with the others.")
    @Outcome(id = "1, 12, 0", expect = ACCEPTABLE, desc = "taken with the other")
    @Outcome(id = "0, 1, 2", expect = ACCEPTABLE, desc = "the first of the next")
    @State
    public static class PostOrTake extends Boxed {
        public PostOrTake() {
            post(1);
        }

        @Actor
        public void posts(III_Result r) {
            r.r1 = post(2);
        }

        @Actor
        public void takes(III_Result r) {
            r.r2 = take();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = take();
        }
    }

    @JCStressTest
    @Description("Of two posts to an empty inbox one is the first; both arrive.")
    @Outcome(
            id = {"0, 1, 12", "1, 0, 21"},
            expect = ACCEPTABLE)
    @State
    public static class PostOrPost extends Boxed {
        @Actor
        public void posts(III_Result r) {
            r.r1 = post(1);
        }

        @Actor
        public void postsToo(III_Result r) {
            r.r2 = post(2);
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = take();
        }
    }

    @JCStressTest
    @Description("A post beside the close: it is refused, or the inbox does not close.")
    @Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "does not close")
    @State
    public static class PostOrClose extends Boxed {
        @Actor
        public void posts(III_Result r) {
            r.r1 = post(1);
        }

        @Actor
        public void closes(III_Result r) {
            r.r2 = inbox.close() ? 1 : 0;
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = take();
        }
    }

    @JCStressTest
    @Description("What one thread posts is read in its order, and is all there.")
    @Outcome(
            id = {"0, 12", "1, 2", "12, 0"},
            expect = ACCEPTABLE)
    @State
    public static class Order extends Boxed {
        @Actor
        public void posts() {
            post(1);
            post(2);
        }

        @Actor
        public void takes(II_Result r) {
            r.r1 = take();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = take();
        }
    }
}
