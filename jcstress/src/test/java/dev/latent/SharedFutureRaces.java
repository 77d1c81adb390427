package dev.latent;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.jspecify.annotations.Nullable;
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

/** Of {@link SharedFuture}: awaiters on two threads, and the event that they wait for. What is not listed is forbidden. */
public final class SharedFutureRaces {
    private SharedFutureRaces() {}

    /** What is shared: it waits for an event. */
    static final class Event implements Future<Integer> {
        private final AtomicWaker place = new AtomicWaker();
        private volatile boolean happened;
        private boolean polling;
        volatile boolean polledTwiceAtOnce;
        volatile int drops;

        /** By whose latest poll. */
        volatile @Nullable Context polledUnder;

        @Override
        public Poll<Integer> poll(Context cx) {
            polledTwiceAtOnce |= polling;
            polling = true;
            polledUnder = cx;
            place.register(cx.waker());
            boolean now = happened;
            polling = false;
            return now ? Poll.ready(1) : Poll.pending();
        }

        void happens() {
            happened = true;
            place.wake();
        }

        @Override
        public void drop() {
            drops++;
        }
    }

    /** One awaiter, on a thread of its own, with a waker of its own. */
    static final class Awaiter {
        final Future<Integer> future;
        final Count waker = new Count();
        final Context cx = new Context(new Nowhere());

        Awaiter(Shared<Integer> shared) {
            future = shared.awaiter();
        }

        /** {@return 1 when it was ready} */
        int poll() {
            cx.begin(waker);
            try {
                return future.poll(cx).isReady() ? 1 : 0;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        /** {@return whether it was woken at least once, as a number} */
        int woken() {
            return Math.min(1, waker.times());
        }
    }

    public abstract static class Two {
        final Event event = new Event();
        final Shared<Integer> shared = Futures.shared(event);
        final Awaiter one = new Awaiter(shared);
        final Awaiter other = new Awaiter(shared);
    }

    @JCStressTest
    @Description("An awaiter finds the event, or is woken by it, and then finds it.")
    @Outcome(
            id = {"1, 0, 1", "1, 1, 1"},
            expect = ACCEPTABLE)
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE)
    @State
    public static class PollOrEvent extends Two {
        @Actor
        public void polls(III_Result r) {
            r.r1 = one.poll();
        }

        @Actor
        public void happens() {
            event.happens();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r2 = one.woken();
            r.r3 = r.r1 == 1 ? 1 : one.poll();
        }
    }

    @JCStressTest
    @Description("Of two that poll at once, who finds it busy is woken by the other.")
    @Outcome(id = "1, 1, [01], [01]", expect = ACCEPTABLE, desc = "one after the other")
    @Outcome(
            id = {"1, 0, [01], 1", "0, 1, 1, [01]"},
            expect = ACCEPTABLE,
            desc = "found busy, and woken")
    @State
    public static class PollOrPoll extends Two {
        public PollOrPoll() {
            event.happens();
        }

        @Actor
        public void polls(IIII_Result r) {
            r.r1 = one.poll();
        }

        @Actor
        public void pollsToo(IIII_Result r) {
            r.r2 = other.poll();
        }

        @Arbiter
        public void after(IIII_Result r) {
            r.r3 = one.woken();
            r.r4 = other.woken() + (event.polledTwiceAtOnce ? 10 : 0);
        }
    }

    @JCStressTest
    @Description(
            "One that goes away leaves no other with a poll that was made under its own context: that one is woken.")
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE)
    @State
    public static class PollOrLeave extends Two {
        public PollOrLeave() {
            other.poll();
        }

        @Actor
        public void polls(III_Result r) {
            r.r1 = one.poll();
        }

        @Actor
        public void leaves() {
            other.poll();
            other.future.drop();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r2 = event.polledUnder == one.cx ? 1 : one.woken();
            r.r3 = event.drops;
        }
    }

    @JCStressTest
    @Description("The last that goes drops what was shared, once.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class LeaveOrLeave extends Two {
        public LeaveOrLeave() {
            one.poll();
        }

        @Actor
        public void leaves() {
            one.future.drop();
        }

        @Actor
        public void leavesToo() {
            other.future.drop();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = event.drops;
        }
    }

    @JCStressTest
    @Description("The event meets the last that goes: it is dropped, or has ended before, and nothing throws.")
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE)
    @State
    public static class LeaveOrEvent extends Two {
        public LeaveOrEvent() {
            one.poll();
        }

        @Actor
        public void leaves() {
            one.future.drop();
        }

        @Actor
        public void happens(II_Result r) {
            event.happens();
            r.r1 = other.poll();
            other.future.drop();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = event.drops;
        }
    }
}
