package dev.latent;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.WaiterList.Waiter;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of {@link WaiterList}: who comes and goes, beside who wakes. What is not listed is forbidden. */
public final class WaiterListRaces {
    private WaiterListRaces() {}

    /** A list, and the steps that a primitive built on it makes. */
    public abstract static class Listed {
        final WaiterList list = WaiterList.create();

        final void add(Waiter waiter, Waker waker) {
            list.lock();
            list.add(waiter, waker);
            list.unlock();
        }

        final boolean remove(Waiter waiter) {
            list.lock();
            boolean waited = list.remove(waiter);
            list.unlock();
            return waited;
        }

        final int wakeFirst() {
            return list.wakeFirst() ? 1 : 0;
        }

        /** {@return how many are left, who are told} */
        final int left() {
            int left = 0;
            while (list.wakeFirst()) {
                left++;
            }
            return left;
        }
    }

    @JCStressTest
    @Description("As before, of all that wait; the neighbours of the one that goes are told, once each.")
    @Outcome(id = "1, 101, 0", expect = ACCEPTABLE, desc = "removed")
    @Outcome(id = "0, 111, 0", expect = ACCEPTABLE, desc = "told")
    @State
    public static class RemoveOrWakeAll extends Listed {
        final Count[] wakers = {new Count(), new Count(), new Count()};
        final Waiter middle = new Waiter();

        public RemoveOrWakeAll() {
            add(new Waiter(), wakers[0]);
            add(middle, wakers[1]);
            add(new Waiter(), wakers[2]);
        }

        @Actor
        public void drop(III_Result r) {
            r.r1 = remove(middle) ? 1 : 0;
        }

        @Actor
        public void event() {
            list.wakeAll();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r2 = 100 * wakers[0].times() + 10 * wakers[1].times() + wakers[2].times();
            r.r3 = left();
        }
    }

    @JCStressTest
    @Description("The lock keeps what is under it, which is plain.")
    @Outcome(id = "4", expect = ACCEPTABLE)
    @State
    public static class Lock extends Listed {
        int plain;

        private void twice() {
            for (int i = 0; i < 2; i++) {
                list.lock();
                plain++;
                list.unlock();
            }
        }

        @Actor
        public void one() {
            twice();
        }

        @Actor
        public void other() {
            twice();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = plain;
        }
    }

    @JCStressTest
    @Description("To find nothing and to wait is one step: who then makes it true finds the waiter.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "found")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "waits, and is woken")
    @State
    public static class WaitOrWake extends Listed {
        final Count waker = new Count();
        final Waiter waiter = new Waiter();
        int permit;

        @Actor
        public void poll(II_Result r) {
            list.lock();
            r.r1 = permit;
            if (permit == 0) {
                list.add(waiter, waker);
            }
            list.unlock();
        }

        @Actor
        public void event() {
            list.lock();
            permit = 1;
            list.unlock();
            list.wakeFirst();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("A waiter is removed or told, never both and never neither.")
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "removed")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "told")
    @State
    public static class RemoveOrWake extends Listed {
        final Count waker = new Count();
        final Waiter waiter = new Waiter();

        public RemoveOrWake() {
            add(waiter, waker);
        }

        @Actor
        public void drop(III_Result r) {
            r.r1 = remove(waiter) ? 1 : 0;
        }

        @Actor
        public void event(III_Result r) {
            r.r2 = wakeFirst();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r3 = waker.times();
        }
    }

    @JCStressTest
    @Description("A wake that comes to one who goes is handed on: who is behind is told, once.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class HandOn extends Listed {
        final Waiter first = new Waiter();
        final Count second = new Count();

        public HandOn() {
            add(first, Waker.noop());
            add(new Waiter(), second);
        }

        @Actor
        public void drop() {
            if (!remove(first)) {
                list.wakeFirst();
            }
        }

        @Actor
        public void event() {
            list.wakeFirst();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = second.times();
        }
    }

    @JCStressTest
    @Description("Two wakes reach two waiters.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE)
    @State
    public static class TwoWakes extends Listed {
        final Count one = new Count();
        final Count other = new Count();

        public TwoWakes() {
            add(new Waiter(), one);
            add(new Waiter(), other);
        }

        @Actor
        public void wakes() {
            list.wakeFirst();
        }

        @Actor
        public void wakesToo() {
            list.wakeFirst();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = one.times();
            r.r2 = other.times();
        }
    }

    @JCStressTest
    @Description("Who comes while all are woken is told or stays, never both; who was there is told.")
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "was in time")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "stays")
    @State
    public static class AddOrWakeAll extends Listed {
        final Count there = new Count();
        final Count comes = new Count();

        public AddOrWakeAll() {
            add(new Waiter(), there);
        }

        @Actor
        public void poll() {
            add(new Waiter(), comes);
        }

        @Actor
        public void event() {
            list.wakeAll();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r1 = there.times();
            r.r2 = comes.times();
            r.r3 = left();
        }
    }

    @JCStressTest
    @Description("Who puts another waker in its place is told by that one, or is out of the list and comes again.")
    @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "in time, by the new one")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "told before: waits again")
    @State
    public static class RenewOrWake extends Listed {
        final Waiter waiter = new Waiter();
        final Count before = new Count();
        final Count latest = new Count();

        public RenewOrWake() {
            add(waiter, before);
        }

        @Actor
        public void poll() {
            add(waiter, latest);
        }

        @Actor
        public void event() {
            list.wakeFirst();
        }

        @Arbiter
        public void after(III_Result r) {
            r.r1 = before.times();
            r.r2 = latest.times();
            r.r3 = left();
        }
    }
}
