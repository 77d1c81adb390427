package dev.latent.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.latent.Context;
import dev.latent.Count;
import dev.latent.Future;
import dev.latent.Nowhere;
import dev.latent.Releasable;
import dev.latent.Waker;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Of the locks: who gives back, beside who asks, waits and leaves. What is not listed is forbidden. */
public final class LockRaces {
    private LockRaces() {}

    private static boolean poll(Future<?> future, Waker waker) {
        Context cx = new Context(new Nowhere());
        cx.begin(waker);
        try {
            return future.poll(cx).isReady();
        } catch (SemaphoreClosedException e) {
            return true;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @JCStressTest
    @Description("What one has written under the mutex, plainly, is seen by the next.")
    @Outcome(id = "7", expect = ACCEPTABLE, desc = "after it")
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "too early")
    @State
    public static class Values {
        final AsyncMutex<int[]> mutex = AsyncMutex.of(new int[1]);
        final ExclusiveGuard<int[]> first = mutex.tryLock().orElseThrow();

        @Actor
        public void gives() {
            first.get()[0] = 7;
            first.close();
        }

        @Actor
        public void takes(I_Result r) {
            r.r1 = mutex.tryLock().map(g -> g.get()[0]).orElse(-1);
        }
    }

    @JCStressTest
    @Description("Who asks as it is given back has it, or waits and is woken.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "has it")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "waits, and is woken")
    @State
    public static class TakeOrWait {
        final AsyncMutex<String> mutex = AsyncMutex.of("x");
        final Releasable first = mutex.tryLock().orElseThrow();
        final Count waker = new Count();

        @Actor
        public void gives() {
            first.close();
        }

        @Actor
        public void asks(II_Result r) {
            r.r1 = poll(mutex.lock(), waker) ? 1 : 0;
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("The lock of one that leaves as it is handed to it goes to the next, once.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE)
    @State
    public static class LeaveOrHandOver {
        final AsyncMutex<String> mutex = AsyncMutex.of("x");
        final Releasable first = mutex.tryLock().orElseThrow();
        final Future<?> leaves = mutex.lock();
        final Future<?> next = mutex.lock();
        final Count waker = new Count();

        public LeaveOrHandOver() {
            poll(leaves, Waker.noop());
            poll(next, waker);
        }

        @Actor
        public void gives() {
            first.close();
        }

        @Actor
        public void leaves() {
            leaves.drop();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = waker.times();
            r.r2 = poll(next, waker) ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("Who asks as the semaphore is closed fails at once, or waits and is woken.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "fails")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "waits, and is woken")
    @State
    public static class CloseOrWait {
        final AsyncSemaphore few = AsyncSemaphore.of(0);
        final Count waker = new Count();

        @Actor
        public void closes() {
            few.close();
        }

        @Actor
        public void asks(II_Result r) {
            r.r1 = poll(few.acquire(), waker) ? 1 : 0;
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("One word reaches one, who waits or comes; never both, never nobody.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "who came took it")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "who waited was told")
    @State
    public static class WordOrWait {
        final Notify notify = Notify.create();
        final Count waker = new Count();

        @Actor
        public void tells() {
            notify.notifyOne();
        }

        @Actor
        public void asks(II_Result r) {
            r.r1 = poll(notify.notified(), waker) ? 1 : 0;
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("The word of one that leaves goes to the other, or is kept.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class WordOrLeave {
        final Notify notify = Notify.create();
        final Future<Void> leaves = notify.notified();

        public WordOrLeave() {
            poll(leaves, Waker.noop());
        }

        @Actor
        public void tells() {
            notify.notifyOne();
        }

        @Actor
        public void leaves() {
            leaves.drop();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = poll(notify.notified(), Waker.noop()) ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("A child that is made as its parent is cancelled is cancelled.")
    @Outcome(id = "1", expect = ACCEPTABLE)
    @State
    public static class ChildOrCancel {
        final CancellationToken root = CancellationToken.create();
        CancellationToken child;

        @Actor
        public void cancels() {
            root.cancel();
        }

        @Actor
        public void makes() {
            child = root.child();
        }

        @Arbiter
        public void after(I_Result r) {
            r.r1 = child.isCancelled() ? 1 : 0;
        }
    }

    @JCStressTest
    @Description("Who waits for the group as the last goes out comes through, or is woken.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "it was out")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "is woken")
    @State
    public static class OutOrWait {
        final WaitGroup group = WaitGroup.create();
        final Releasable last = group.enter();
        final Count waker = new Count();

        @Actor
        public void out() {
            last.close();
        }

        @Actor
        public void waits(II_Result r) {
            r.r1 = poll(group.ended(), waker) ? 1 : 0;
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = waker.times();
        }
    }

    @JCStressTest
    @Description("Two permits given by two reach who wants both, once.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE)
    @State
    public static class TwoGive {
        final AsyncSemaphore few = AsyncSemaphore.of(0);
        final Future<?> wantsBoth = few.acquire(2);
        final Count waker = new Count();

        public TwoGive() {
            poll(wantsBoth, waker);
        }

        @Actor
        public void gives() {
            few.addPermits(1);
        }

        @Actor
        public void givesToo() {
            few.addPermits(1);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r1 = waker.times();
            r.r2 = poll(wantsBoth, waker) ? 1 : 0;
        }
    }

    /** What is made once; its content is plain. */
    static final class Made {
        int text;
    }

    @JCStressTest
    @Description("Who finds the value of a cell sees what was written as it was made; of two who set it, one does.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "not there yet")
    @Outcome(id = "7, 1", expect = ACCEPTABLE, desc = "there")
    @State
    public static class MadeOrFound {
        final OnceCell<Made> cell = OnceCell.create();
        private final AtomicInteger sets = new AtomicInteger();

        private void set() {
            Made made = new Made();
            made.text = 7;
            if (cell.set(made)) {
                sets.getAndIncrement();
            }
        }

        @Actor
        public void sets() {
            set();
        }

        @Actor
        public void setsToo() {
            set();
        }

        @Actor
        public void looks(II_Result r) {
            r.r1 = cell.get().map(made -> made.text).orElse(0);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = sets.get();
        }
    }
}
