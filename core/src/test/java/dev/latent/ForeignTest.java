package dev.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.internal.Names;
import dev.latent.task.SpawnedTask;
import dev.latent.task.TaskHome;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Errors of a program's code between polls: scopes, stages and executors made with the kit end as they would without them. */
class ForeignTest {
    private static final class Injected extends Error {
        private static final long serialVersionUID = 1L;

        Injected(String where) {
            super(where);
        }
    }

    /** Its words fail, and whatever else it is told to. */
    private static final class Unspeakable extends OwnedFuture<String> {
        boolean dropped;

        @Override
        protected Poll<String> pollOwned(Context cx) {
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {
            dropped = true;
            throw new Injected("drop");
        }

        @Override
        public String toString() {
            throw new Injected("toString");
        }
    }

    /** An executor made with the kit, which fails where it is told to. */
    private static final class Home implements TaskHome {
        final Deque<SpawnedTask<?>> queue = new ArrayDeque<>();
        final List<Throwable> reported = new ArrayList<>();
        final World world = World.empty().with(FailureHandler.class, (_, failure) -> reported.add(failure));
        boolean failSpawn;
        boolean failSchedule;
        boolean failWaits;
        boolean failEnded;
        boolean noMemory;

        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            if (failSpawn) {
                throw new Injected("spawn");
            }
            SpawnedTask<T> task = new SpawnedTask<>(this, future);
            queue.add(task);
            return task;
        }

        @Override
        public void schedule(SpawnedTask<?> task, boolean yielded) {
            if (failSchedule) {
                throw new Injected("schedule");
            }
            queue.add(task);
        }

        @Override
        public void waits(SpawnedTask<?> task) {
            if (noMemory) {
                throw new OutOfMemoryError("injected");
            }
            if (failWaits) {
                throw new Injected("waits");
            }
        }

        @Override
        public void ended(SpawnedTask<?> task) {
            if (failEnded) {
                throw new Injected("ended");
            }
        }

        @Override
        public World world() {
            return world;
        }

        void run() {
            for (int steps = 0; !queue.isEmpty() && steps < 1_000; steps++) {
                queue.remove().run(new Context(this));
            }
        }

        List<String> told() {
            return reported.stream().map(Throwable::getMessage).toList();
        }
    }

    private final Home home = new Home();

    // ---- what the kit promises

    @Test
    void anEndThatItsExecutorCannotTakeIsStillToldToWhoWaits() {
        home.failEnded = true;
        AtomicInteger woken = new AtomicInteger();
        JoinHandle<String> handle = home.spawn(new Probe("probe").after(1));
        Context cx = new Context(home);
        cx.begin(woken::getAndIncrement);
        assertFalse(pending(handle, cx).isReady());
        home.run();
        assertEquals(1, woken.get());
        assertTrue(handle.isFinished());
        assertEquals(List.of("ended"), home.told());
    }

    @Test
    void aWakeThatItsExecutorCannotTakeIsReportedAndTheNextOneStands() {
        Probe probe = new Probe("probe").waiting();
        JoinHandle<String> handle = home.spawn(probe);
        home.run();
        home.failSchedule = true;
        probe.fire();
        assertEquals(List.of("schedule"), home.told());
        home.failSchedule = false;
        probe.waker.wake();
        home.run();
        assertTrue(handle.isFinished());
    }

    @Test
    void aTaskThatThereIsNoMemoryToListIsPolledAgain() {
        home.noMemory = true;
        Probe probe = new Probe("probe").waiting();
        JoinHandle<String> handle = home.spawn(probe);
        home.queue.remove().run(new Context(home));
        assertEquals(1, home.queue.size(), "a queue holds it");
        home.noMemory = false;
        home.run();
        assertEquals(2, probe.polls);
        home.failWaits = true;
        Probe other = new Probe("other").waiting();
        JoinHandle<String> unlisted = home.spawn(other);
        home.run();
        assertEquals(List.of("waits"), home.told());
        probe.fire();
        other.fire();
        home.run();
        assertTrue(handle.isFinished() && unlisted.isFinished());
    }

    @Test
    void aRunThatNobodyOwesDoesNothing() {
        Probe probe = new Probe("probe").waiting();
        SpawnedTask<String> task = (SpawnedTask<String>) home.<String>spawn(probe);
        home.run();
        task.run(new Context(home));
        assertEquals(1, probe.polls);
        assertFalse(task.markCancelled());
        assertFalse(task.refuseUnbegun("refused it", new Injected("late")));
        probe.fire();
        home.run();
        assertTrue(task.isFinished());
    }

    // ---- scopes

    private static <R> Future<R> scope(java.util.function.Function<Scope, Future<R>> body) {
        return Async.<R>scope(Scope.OnFailure.CANCEL_SIBLINGS, Body.<Scope, R>of(body));
    }

    @Test
    void aScopeEndsThoughItsExecutorCannotSpawn() {
        Probe sibling = new Probe("sibling").waiting();
        JoinHandle<String> handle = home.spawn(scope(s -> {
            s.spawn(sibling);
            home.failSpawn = true;
            return Futures.lazy(() -> s.spawn(new Probe("child")));
        }));
        home.run();
        assertTrue(handle.isFinished());
        assertEquals(1, sibling.drops);
        assertEquals(
                "spawn",
                assertThrows(Injected.class, () -> handle.poll(new Context(home)))
                        .getMessage());
    }

    @Test
    void aScopeEndsThoughAChildsWordsAndItsDropFail() {
        Exception first = new Exception("first");
        Unspeakable child = new Unspeakable();
        JoinHandle<String> handle = home.spawn(scope(s -> {
            s.spawn(child);
            s.spawn(new Probe("fails").after(2).failing(first));
            return new Probe("body").waiting();
        }));
        home.run();
        assertTrue(handle.isFinished());
        assertTrue(child.dropped);
        assertSame(first, assertThrows(Exception.class, () -> handle.poll(new Context(home))));
        assertEquals("drop", first.getSuppressed()[0].getMessage());
    }

    // ---- stages

    @Test
    void aStageWhoseFailureCannotBeUnwrappedEndsItsFuture() {
        CompletableFuture<String> stage = new CompletableFuture<>();
        JoinHandle<String> handle = home.spawn(Futures.fromCompletionStage(() -> stage));
        home.run();
        stage.completeExceptionally(new CompletionException("failed", null) {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Throwable getCause() {
                throw new Injected("getCause");
            }
        });
        home.run();
        assertTrue(handle.isFinished());
    }

    // ---- failures that are hard to carry

    /** A failure whose own trace is not to be had. */
    private static final class Traceless extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new Injected("getStackTrace");
        }
    }

    @Test
    void aFailureWithoutATraceGoesToEveryAwaiterOfASharedFuture() {
        Traceless failure = new Traceless();
        Shared<String> shared = Futures.shared(new Probe("probe").after(1).failing(failure));
        JoinHandle<String> one = home.spawn(shared);
        JoinHandle<String> two = home.spawn(shared);
        home.run();
        assertTrue(one.isFinished() && two.isFinished());
    }

    // ---- calls and words

    @Test
    void aWakerThatThrowsIsReportedToTheExecutorThatIsKnown() {
        Foreign.wake(home, () -> {
            throw new Injected("waker");
        });
        Foreign.wake(home, null);
        Foreign.call(home, new Unspeakable(), ", called", () -> {
            throw new Injected("call");
        });
        assertEquals(List.of("waker", "call"), home.told());
    }

    @Test
    void reportingNeverThrows() {
        World throwing = World.empty().with(FailureHandler.class, (_, _) -> {
            throw new Injected("handler");
        });
        Spawner spawner = new Spawner() {
            @Override
            public <T> JoinHandle<T> spawn(Future<? extends T> future) {
                throw new UnsupportedOperationException();
            }

            @Override
            public World world() {
                return throwing;
            }
        };
        Owners.report(spawner, new Unspeakable(), ", told", new Injected("told"));
        assertEquals(
                Unspeakable.class.getName() + ", whose toString threw " + Injected.class.getName(),
                Names.of(new Unspeakable()));
    }

    private static Poll<?> pending(Future<?> future, Context cx) {
        try {
            return future.poll(cx);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
