package dev.latent.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.First;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.Nowhere;
import dev.latent.Poll;
import dev.latent.Releasable;
import dev.latent.Second;
import dev.latent.Waker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What each lock and meeting point promises, poll by poll. */
class LocksTest {
    private final Context cx = new Context(new Nowhere());

    /** A future, and how often it has been woken. */
    private final class Polled<T> implements Waker {
        final Future<T> future;
        int wakes;

        Polled(Future<T> future) {
            this.future = future;
        }

        @Override
        public void wake() {
            wakes++;
        }

        Poll<T> poll() {
            cx.begin(this);
            try {
                return future.poll(cx);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        T now() {
            return assertInstanceOf(Poll.Ready.class, poll()) instanceof Poll.Ready<?>(var value) ? cast(value) : null;
        }

        @SuppressWarnings("unchecked")
        private T cast(Object value) {
            return (T) value;
        }

        Polled<T> waits() {
            assertFalse(poll().isReady());
            return this;
        }
    }

    private <T> Polled<T> of(Future<T> future) {
        return new Polled<>(future);
    }

    // ---- mutex -----------------------------------------------------------------------------------------------------

    @Test
    void theNextHasItBeforeItIsPolledAndIsWokenOnce() {
        AsyncMutex<String> mutex = AsyncMutex.of("x");
        ExclusiveGuard<String> first = of(mutex.lock()).now();
        Polled<ExclusiveGuard<String>> second = of(mutex.lock()).waits();
        Polled<ExclusiveGuard<String>> third = of(mutex.lock()).waits().waits();
        assertTrue(mutex.tryLock().isEmpty());
        first.close();
        first.close();
        assertEquals(List.of(1, 0), List.of(second.wakes, third.wakes));
        assertTrue(mutex.isLocked() && mutex.tryLock().isEmpty(), "it is the second's");
        second.now().close();
        assertEquals(1, third.wakes);
        third.future.drop();
        assertFalse(mutex.isLocked(), "handed to one that was dropped, it comes back");
    }

    @Test
    void nothingHappensBeforeThePoll() {
        AsyncMutex<String> mutex = AsyncMutex.of("x");
        Future<ExclusiveGuard<String>> never = mutex.lock();
        assertFalse(mutex.isLocked());
        never.drop();
        Future<ExclusiveGuard<String>> later = mutex.lock();
        Releasable held = mutex.tryLock().orElseThrow();
        of(later).waits();
        held.close();
        assertTrue(mutex.isLocked());
    }

    @Test
    void aGuardGivesSetsAndEnds() {
        AsyncMutex<Integer> mutex = AsyncMutex.of(1);
        ExclusiveGuard<Integer> guard = mutex.tryLock().orElseThrow();
        guard.set(guard.get() + 1);
        guard.close();
        assertThrows(IllegalStateException.class, guard::get);
        assertThrows(IllegalStateException.class, () -> guard.set(3));
        try (var again = mutex.tryLock().orElseThrow()) {
            assertEquals(2, again.get());
        }
        assertTrue(AsyncMutex.create().tryLock().isPresent());
    }

    @Test
    void aMappedGuardTakesThePlaceOfTheOther() {
        AsyncMutex<Map<String, List<String>>> mutex = AsyncMutex.of(Map.of("a", List.of("b")));
        ExclusiveGuard<Map<String, List<String>>> whole = mutex.tryLock().orElseThrow();
        assertThrows(ArithmeticException.class, () -> whole.map(m -> 1 / (m.size() - 1)));
        Guard<List<String>> part = whole.map(m -> m.get("a"));
        whole.close();
        assertTrue(mutex.isLocked());
        assertThrows(IllegalStateException.class, whole::get);
        Guard<String> deeper = part.map(List::getFirst).owned();
        assertEquals("b", deeper.get());
        part.close();
        assertTrue(mutex.isLocked());
        deeper.close();
        assertFalse(mutex.isLocked());
        assertThrows(IllegalStateException.class, deeper::get);
    }

    @Test
    void aGuardThatIsClosedWhileItIsMappedIsClosedOnce() {
        AsyncMutex<String> mutex = AsyncMutex.of("x");
        ExclusiveGuard<String> guard = mutex.tryLock().orElseThrow();
        assertThrows(IllegalStateException.class, () -> guard.map(closing(guard)));
        Guard<String> part = mutex.tryLock().orElseThrow().map(v -> v);
        assertThrows(IllegalStateException.class, () -> part.map(closing(part)));
        assertTrue(mutex.tryLock().isPresent());
        assertTrue(mutex.tryLock().isEmpty(), "one permit, and no more");

        AsyncRwLock<String> lock = AsyncRwLock.of("x");
        Guard<String> reading = lock.tryRead().orElseThrow();
        assertThrows(IllegalStateException.class, () -> reading.map(closing(reading)));
        WriteGuard<String> writing = lock.tryWrite().orElseThrow();
        assertThrows(IllegalStateException.class, () -> writing.map(closing(writing)));
        assertTrue(lock.tryWrite().isPresent());
    }

    private static UnaryOperator<String> closing(Guard<String> guard) {
        return value -> {
            guard.close();
            return value;
        };
    }

    @Test
    void whoseGuardItIsIsNobodysBusinessWhateverItCanDo() {
        AsyncRwLock<String> lock = AsyncRwLock.of("x");
        WriteGuard<String> writing = lock.tryWrite().orElseThrow().owned();
        UpgradableGuard<String> upgradable = writing.downgradeToUpgradable().owned();
        of(upgradable.upgrade()).now().close();
        assertTrue(lock.tryWrite().isPresent());
    }

    @Test
    void theNowPathTakesWhatTheFirstPollWould() {
        AsyncMutex<String> mutex = AsyncMutex.of("x");
        cx.begin(Waker.noop());
        Object guard = mutex.lockNow(cx);
        assertInstanceOf(ExclusiveGuard.class, guard);
        assertSame(Poll.pending(), mutex.lockNow(cx));
        Polled<ExclusiveGuard<String>> waits = of(mutex.lock()).waits();
        ((Releasable) guard).close();
        assertEquals(1, waits.wakes);
        assertSame(Poll.pending(), mutex.lockNow(cx), "it is handed over");
        waits.now().close();
        cx.begin(Waker.noop());
        int given = 0;
        while (mutex.lockNow(cx) instanceof Releasable each) {
            each.close();
            given++;
        }
        assertTrue(given > 0 && cx.isSpent(), "as often as the budget allows");
        assertFalse(mutex.isLocked());
    }

    @Test
    void aPollWithoutBudgetTakesNothing() {
        AsyncMutex<String> mutex = AsyncMutex.of("x");
        int[] wakes = {0};
        cx.begin(() -> wakes[0]++);
        while (!cx.isSpent()) {
            cx.spend();
        }
        Future<ExclusiveGuard<String>> future = mutex.lock();
        try {
            assertFalse(future.poll(cx).isReady());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertEquals(1, wakes[0]);
        assertFalse(mutex.isLocked());
        of(future).now().close();
    }

    @Test
    void aWakerThatThrowsKeepsNobodyOut() {
        AsyncMutex<String> mutex = AsyncMutex.of("x");
        Releasable held = mutex.tryLock().orElseThrow();
        cx.begin(() -> {
            throw new IllegalStateException("a waker");
        });
        Future<ExclusiveGuard<String>> first = mutex.lock();
        try {
            assertFalse(first.poll(cx).isReady());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        Polled<ExclusiveGuard<String>> second = of(mutex.lock()).waits();
        held.close();
        first.drop();
        assertEquals(1, second.wakes);
        second.now().close();
    }

    @Test
    void aLeafThatMovesToAnotherTaskIsWokenThere() {
        AsyncMutex<String> mutex = AsyncMutex.of("x");
        Releasable held = mutex.tryLock().orElseThrow();
        Polled<ExclusiveGuard<String>> before = of(mutex.lock()).waits();
        Polled<ExclusiveGuard<String>> after = of(before.future).waits();
        held.close();
        assertEquals(List.of(0, 1), List.of(before.wakes, after.wakes));
    }

    // ---- readers and writers
    // -----------------------------------------------------------------------------------------

    @Test
    void readersShareAndAWriterIsNotOvertaken() {
        AsyncRwLock<String> lock = AsyncRwLock.of("x");
        Guard<String> one = of(lock.read()).now();
        Guard<String> other = of(lock.read()).now();
        Polled<WriteGuard<String>> writer = of(lock.write()).waits();
        Polled<Guard<String>> late = of(lock.read()).waits();
        Polled<Guard<String>> later = of(lock.read()).waits();
        assertTrue(lock.tryRead().isEmpty(), "a writer waits");
        one.close();
        assertEquals(0, writer.wakes);
        other.close();
        assertEquals(List.of(1, 0), List.of(writer.wakes, late.wakes));
        WriteGuard<String> writing = writer.now();
        writing.set("y");
        writing.close();
        assertEquals(List.of(1, 1), List.of(late.wakes, later.wakes), "both readers at once");
        assertEquals("y", late.now().get());
        later.future.drop();
        assertTrue(lock.tryWrite().isEmpty());
    }

    @Test
    void aWriterThatLeavesLetsTheReadersBehindItIn() {
        AsyncRwLock<String> lock = AsyncRwLock.of("x");
        Guard<String> one = of(lock.read()).now();
        Polled<WriteGuard<String>> writer = of(lock.write()).waits();
        Polled<Guard<String>> behind = of(lock.read()).waits();
        writer.future.drop();
        assertEquals(1, behind.wakes);
        behind.now().close();
        one.close();
        lock.tryWrite().orElseThrow().close();
    }

    @Test
    void anUpgradeComesBeforeWritersThatWaitAndAfterTheReaders() {
        AsyncRwLock<String> lock = AsyncRwLock.of("x");
        UpgradableGuard<String> mine = of(lock.upgradableRead()).now();
        Guard<String> reader = of(lock.read()).now();
        Polled<UpgradableGuard<String>> second = of(lock.upgradableRead()).waits();
        Polled<WriteGuard<String>> writer = of(lock.write()).waits();
        Polled<WriteGuard<String>> upgrade = of(mine.upgrade()).waits();
        assertThrows(IllegalStateException.class, mine::upgrade);
        assertThrows(IllegalStateException.class, mine::downgrade);
        assertEquals("x", mine.get());
        reader.close();
        assertEquals(List.of(1, 0, 0), List.of(upgrade.wakes, second.wakes, writer.wakes));
        WriteGuard<String> writing = upgrade.now();
        mine.close();
        assertThrows(IllegalStateException.class, mine::get);
        writing.set("y");
        UpgradableGuard<String> again = writing.downgradeToUpgradable();
        writing.close();
        assertEquals(0, second.wakes, "one at a time");
        Guard<String> reading = again.downgrade();
        assertEquals(1, second.wakes);
        assertEquals("y", second.now().get());
        reading.close();
        assertEquals(0, writer.wakes);
    }

    @Test
    void anUpgradeThatIsDroppedLeavesTheGuardAsItWas() {
        AsyncRwLock<String> lock = AsyncRwLock.of("x");
        UpgradableGuard<String> mine = of(lock.upgradableRead()).now();
        Guard<String> reader = of(lock.read()).now();
        Polled<WriteGuard<String>> upgrade = of(mine.upgrade()).waits();
        Polled<Guard<String>> behind = of(lock.read()).waits();
        upgrade.future.drop();
        assertEquals(1, behind.wakes, "readers come in again");
        behind.now().close();
        upgrade = of(mine.upgrade()).waits();
        reader.close();
        upgrade.future.drop(); // handed, and not taken
        assertEquals("x", mine.get());
        mine.close();
        lock.tryWrite().orElseThrow().close();
    }

    @Test
    void aGuardThatIsClosedDuringItsUpgradeLeavesTheLockToThat() {
        AsyncRwLock<String> lock = AsyncRwLock.of("x");
        UpgradableGuard<String> mine = of(lock.upgradableRead()).now();
        Guard<String> reader = of(lock.read()).now();
        Polled<WriteGuard<String>> upgrade = of(mine.upgrade()).waits();
        mine.close();
        upgrade.future.drop();
        reader.close();
        lock.tryWrite().orElseThrow().close();
    }

    @Test
    void aWriterThatIsContentToReadLetsReadersIn() {
        AsyncRwLock<String> lock = AsyncRwLock.of("x");
        WriteGuard<String> writing = of(lock.write()).now();
        Polled<Guard<String>> reader = of(lock.read()).waits();
        Polled<WriteGuard<String>> writer = of(lock.write()).waits();
        Guard<String> reading = writing.downgrade();
        assertEquals(List.of(1, 0), List.of(reader.wakes, writer.wakes));
        reader.now().close();
        reading.close();
        assertEquals(1, writer.wakes);
    }

    // ---- semaphore -------------------------------------------------------------------------------------------------

    @Test
    void whoWantsManyIsNotOvertaken() {
        AsyncSemaphore few = AsyncSemaphore.of(2);
        AsyncSemaphore.Permits one = few.tryAcquire().orElseThrow();
        Polled<AsyncSemaphore.Permits> many = of(few.acquire(3)).waits();
        Polled<AsyncSemaphore.Permits> less = of(few.acquire()).waits();
        assertTrue(few.tryAcquire().isEmpty(), "somebody waits");
        assertEquals(1, few.availablePermits());
        one.close();
        assertEquals(0, many.wakes, "more than there are");
        few.addPermits(1);
        assertEquals(List.of(1, 0), List.of(many.wakes, less.wakes));
        many.now().close();
        assertEquals(1, less.wakes);
        less.now().forget();
        assertEquals(2, few.availablePermits());
    }

    @Test
    void permitsAreSplitForgottenAndGivenBackOnce() {
        AsyncSemaphore few = AsyncSemaphore.of(5);
        AsyncSemaphore.Permits five = few.tryAcquire(5).orElseThrow();
        AsyncSemaphore.Permits two = five.split(2);
        assertThrows(IllegalArgumentException.class, () -> five.split(4));
        assertEquals(List.of(3, 2), List.of(five.count(), two.count()));
        two.close();
        two.close();
        assertEquals(2, few.availablePermits());
        five.forget();
        five.close();
        assertEquals(2, few.availablePermits());
        assertThrows(IllegalArgumentException.class, () -> few.acquire(-1));
        assertThrows(IllegalArgumentException.class, () -> AsyncSemaphore.of(-1));
        few.tryAcquire(0).orElseThrow().close();
    }

    @Test
    void closedWithWaitersAllAreTold() {
        AsyncSemaphore few = AsyncSemaphore.of(1);
        AsyncSemaphore.Permits held = few.tryAcquire().orElseThrow();
        Polled<AsyncSemaphore.Permits> one = of(few.acquire()).waits();
        Polled<AsyncSemaphore.Permits> other = of(few.acquire()).waits();
        few.close();
        few.close();
        assertEquals(List.of(1, 1), List.of(one.wakes, other.wakes));
        assertThrows(SemaphoreClosedException.class, one::poll);
        other.future.drop();
        assertThrows(SemaphoreClosedException.class, () -> of(few.acquire()).poll());
        assertTrue(few.tryAcquire().isEmpty());
        held.close();
        assertEquals(1, few.availablePermits());
    }

    @Test
    void whatWasHandedBeforeTheCloseIsGood() {
        AsyncSemaphore few = AsyncSemaphore.of(0);
        Polled<AsyncSemaphore.Permits> one = of(few.acquire()).waits();
        few.addPermits(1);
        few.close();
        one.now().close();
        assertEquals(1, few.availablePermits());
    }

    // ---- notify ----------------------------------------------------------------------------------------------------

    @Test
    void oneWordIsKeptAndNoMore() {
        Notify notify = Notify.create();
        notify.notifyOne();
        notify.notifyOne();
        of(notify.notified()).now();
        of(notify.notified()).waits();
    }

    @Test
    void theWordOfOneThatIsDroppedGoesToTheNextOrIsKept() {
        Notify notify = Notify.create();
        Polled<Void> one = of(notify.notified()).waits();
        Polled<Void> other = of(notify.notified()).waits();
        notify.notifyOne();
        one.future.drop();
        assertEquals(1, other.wakes);
        other.future.drop();
        of(notify.notified()).now();
        of(notify.notified()).waits();
    }

    @Test
    void allAreToldWhoHadAskedAlsoThoseNotPolledYet() {
        Notify notify = Notify.create();
        Future<Void> asked = notify.notified();
        Polled<Void> waiting = of(notify.notified()).waits();
        notify.notifyWaiters();
        assertEquals(1, waiting.wakes);
        of(notify.notified()).waits();
        of(asked).now();
        waiting.future.drop();
        of(notify.notified()).waits();
    }

    @Test
    void aWordAfterTheWordToAllIsNotSwallowed() {
        Notify notify = Notify.create();
        Polled<Void> told = of(notify.notified()).waits();
        Future<Void> asked = notify.notified();
        notify.notifyWaiters();
        notify.notifyOne();
        of(asked).now();
        told.now();
        of(notify.notified()).now();
    }

    // ---- barrier ---------------------------------------------------------------------------------------------------

    @Test
    void aBarrierThatOneLeavesWaitsForAnother() {
        Barrier barrier = Barrier.of(3);
        Polled<Boolean> one = of(barrier.arrive()).waits();
        Polled<Boolean> left = of(barrier.arrive()).waits();
        left.future.drop();
        Polled<Boolean> other = of(barrier.arrive()).waits();
        assertEquals(true, of(barrier.arrive()).now());
        assertEquals(List.of(1, 0, 1), List.of(one.wakes, left.wakes, other.wakes));
        assertEquals(false, one.now());
        other.future.drop(); // told already: the others have gone on
        of(barrier.arrive()).waits();
        assertEquals(true, of(Barrier.of(1).arrive()).now());
        assertThrows(IllegalArgumentException.class, () -> Barrier.of(0));
    }

    // ---- cancellation ----------------------------------------------------------------------------------------------

    @Test
    void aCancelReachesAllBelowAndNobodyAbove() {
        CancellationToken root = CancellationToken.create();
        CancellationToken left = root.child();
        CancellationToken right = root.child();
        CancellationToken leaf = left.child();
        Polled<Void> waits = of(leaf.cancelled()).waits();
        Polled<Void> others = of(right.cancelled()).waits();
        left.cancel();
        assertTrue(left.isCancelled() && leaf.isCancelled());
        assertFalse(root.isCancelled() || right.isCancelled());
        assertEquals(List.of(1, 0), List.of(waits.wakes, others.wakes));
        waits.now();
        of(leaf.cancelled()).now();
        root.cancel();
        root.cancel();
        assertEquals(1, others.wakes);
        assertTrue(root.child().isCancelled());
    }

    @Test
    void whoIsWokenFindsTheWholeTreeCancelled() {
        CancellationToken root = CancellationToken.create();
        List<CancellationToken> below = new ArrayList<>();
        CancellationToken at = root;
        for (int i = 0; i < 100_000; i++) { // deeper than a stack
            at = at.child();
            below.add(at);
        }
        CancellationToken last = at;
        boolean[] seen = {false};
        cx.begin(() -> seen[0] = last.isCancelled());
        try {
            assertFalse(root.cancelled().poll(cx).isReady());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        root.cancel();
        assertTrue(seen[0]);
        assertTrue(below.stream().allMatch(CancellationToken::isCancelled));
    }

    @Test
    void childrenThatNobodyHoldsAreForgotten() throws Exception {
        CancellationToken root = CancellationToken.create();
        ReferenceQueue<CancellationToken> forgotten = new ReferenceQueue<>();
        List<WeakReference<CancellationToken>> children = new ArrayList<>();
        CancellationToken grandchild = null;
        for (int i = 0; i < 100; i++) {
            CancellationToken child = root.child();
            grandchild = child.child();
            children.add(new WeakReference<>(child, forgotten));
        }
        int gone = 0;
        for (int i = 0; i < 50 && gone < 99; i++) {
            System.gc();
            while (gone < 99 && forgotten.remove(100) != null) {
                gone++;
            }
        }
        assertEquals(99, children.stream().filter(c -> c.refersTo(null)).count(), "all but the parent of who is held");
        root.cancel();
        assertTrue(grandchild.isCancelled());
    }

    @Test
    void aGuardCancelsUnlessDisarmed() {
        CancellationToken token = CancellationToken.create();
        try (var guard = token.dropGuard()) {
            guard.disarm();
        }
        assertFalse(token.isCancelled());
        try (var _ = token.dropGuard()) {}
        assertTrue(token.isCancelled());
    }

    @Test
    void workRunsUntilItIsCancelled() {
        CancellationToken token = CancellationToken.create();
        assertEquals(
                new First<>("x"),
                of(token.runUntilCancelled(Futures.ready("x"))).now());
        int[] drops = {0};
        Future<String> work = new Future<>() {
            @Override
            public Poll<String> poll(Context cx) {
                return Poll.pending();
            }

            @Override
            public void drop() {
                drops[0]++;
            }
        };
        Polled<?> running = of(token.runUntilCancelled(work)).waits();
        token.cancel();
        assertEquals(1, running.wakes);
        assertInstanceOf(Second.class, running.now());
        assertEquals(1, drops[0]);
        int[] polls = {0};
        assertInstanceOf(
                Second.class,
                of(token.runUntilCancelled(Futures.pollFn(_ -> {
                            polls[0]++;
                            return Poll.ready("y");
                        })))
                        .now());
        assertEquals(0, polls[0], "not begun");
    }

    // ---- groups ----------------------------------------------------------------------------------------------------

    @Test
    void whoWaitsForTheGroupIsToldWhenItIsEmptyThoughAnotherComesIn() {
        WaitGroup group = WaitGroup.create();
        of(group.ended()).now();
        Releasable one = group.enter();
        Polled<Void> waits = of(group.ended()).waits();
        one.close();
        one.close();
        Releasable another = group.enter();
        assertEquals(1, waits.wakes);
        waits.now();
        of(group.ended()).waits().future.drop();
        another.close();
        assertEquals(0, group.size());
    }

    /** One goes out while another is in and waits: two threads at the lock of the line, which this one holds until they are there. */
    @Test
    void anEndThatLiesBeforeIsNotToldToWhoWaitsForTheNext() throws Exception {
        for (int round = 0; round < 500; round++) {
            WaitGroup group = WaitGroup.create();
            Releasable first = group.enter();
            Polled<Void> old = of(group.ended()).waits();
            Line line = ((WaitFuture<Void>) old.future).line();
            line.list.lock();
            Thread out = Thread.ofPlatform().start(first::close);
            while (group.size() != 0) {
                Thread.onSpinWait();
            }
            Releasable second = group.enter();
            Polled<Void> late = new LocksTest().of(group.ended());
            Thread waits = Thread.ofPlatform().start(late::waits);
            line.list.unlock();
            out.join();
            waits.join();
            assertEquals(0, late.wakes, "in all the time, second was in; round " + round);
            late.waits();
            assertEquals(1, old.wakes);
            old.now();
            second.close();
            assertEquals(1, late.wakes);
            late.now();
        }
    }

    @Test
    void aTrackerWakesUnderNoLock() throws Exception {
        TaskTracker tracker = TaskTracker.create();
        boolean[] stuck = {true};
        cx.begin(() -> {
            Thread other = Thread.ofPlatform().daemon().start(tracker::close);
            try {
                stuck[0] = !other.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertFalse(tracker.ended().poll(cx).isReady());
        tracker.close();
        assertFalse(stuck[0]);
    }

    @Test
    void aTrackerEndsWhenItIsClosedAndItsTasksHaveEnded() {
        TaskTracker tracker = TaskTracker.create();
        Polled<Void> end = of(tracker.ended()).waits();
        Polled<String> ready = of(tracker.track(Futures.ready("x")));
        Future<Void> never = tracker.track(Futures.pending());
        Polled<Object> fails = of(tracker.track(Futures.failed(new IllegalStateException("fails"))));
        assertEquals(3, tracker.size());
        tracker.close();
        tracker.close();
        assertEquals("x", ready.now());
        assertThrows(IllegalStateException.class, fails::poll);
        assertEquals(1, tracker.size());
        assertEquals(0, end.wakes);
        never.drop();
        assertEquals(1, end.wakes);
        end.now();
        assertTrue(tracker.isClosed());
        Future<ExclusiveGuard<String>> taken = AsyncMutex.of("x").lock();
        Async.pin(taken);
        assertThrows(IllegalStateException.class, () -> tracker.track(taken));
        assertEquals(0, tracker.size());
    }

    @Test
    void aCellIsSetOnce() {
        OnceCell<String> cell = OnceCell.create();
        assertFalse(cell.isSet());
        assertTrue(cell.get().isEmpty());
        assertTrue(cell.set("x"));
        assertFalse(cell.set("y"));
        assertEquals("x", cell.get().orElseThrow());
        cx.begin(Waker.noop());
        assertEquals("x", cell.getOrInitNow(() -> "z", cx));
    }
}
