package dev.latent.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.Async;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.Poll;
import dev.latent.Waker;
import dev.latent.world.FailureHandler;
import dev.latent.world.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What the kit promises to an executor. */
final class SpawnedTaskTest implements TaskHome {
    private final Deque<SpawnedTask<?>> queue = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();
    private final Context cx = new Context(this);
    private Waker waker = Waker.noop();
    private boolean ready;

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        SpawnedTask<T> task = new SpawnedTask<>(this, future);
        queue.add(task);
        return task;
    }

    @Override
    public void schedule(SpawnedTask<?> task, boolean yielded) {
        assertFalse(queue.contains(task), "in the queue twice");
        told.add(yielded ? "yielded" : "scheduled");
        queue.add(task);
    }

    @Override
    public void waits(SpawnedTask<?> task) {
        told.add("waits");
    }

    @Override
    public void ended(SpawnedTask<?> task) {
        told.add("ended");
    }

    @Override
    public World world() {
        return World.empty().with(FailureHandler.class, (where, failure) -> reported.add(where));
    }

    /** Ready once {@link #ready}. */
    private Future<String> gate() {
        return Futures.pollFn(cx -> {
            waker = cx.waker();
            return ready ? Poll.ready("value") : Poll.pending();
        });
    }

    private SpawnedTask<String> running() {
        SpawnedTask<String> task = new SpawnedTask<>(this, gate());
        task.run(cx);
        return task;
    }

    private void runAll() {
        while (!queue.isEmpty()) {
            queue.remove().run(cx);
        }
    }

    @Test
    void itIsScheduledOnceHoweverOftenItIsWoken() {
        SpawnedTask<String> task = running();
        waker.wake();
        waker.wake();
        task.cancel();
        task.close();
        task.close();
        assertEquals(List.of("waits", "scheduled"), told);
        runAll();
        assertTrue(task.isFinished());
        assertEquals(List.of("waits", "scheduled", "ended"), told);
        waker.wake();
        assertTrue(queue.isEmpty());
    }

    @Test
    void wokenDuringItsPollItYields() throws Exception {
        SpawnedTask<Void> task = new SpawnedTask<>(this, Async.yieldNow());
        task.run(cx);
        assertEquals(List.of("waits", "yielded"), told);
        runAll();
        assertEquals(null, task.result());
    }

    @Test
    void itsResultIsTakenOnce() throws Exception {
        SpawnedTask<String> task = running();
        assertThrows(IllegalStateException.class, task::result);
        ready = true;
        waker.wake();
        runAll();
        assertEquals("value", task.result());
        assertThrows(IllegalStateException.class, task::result);
    }

    @Test
    void whoWaitsOutsideAnyTaskIsWokenAtTheEnd() {
        SpawnedTask<String> task = running();
        int[] woken = {0};
        assertTrue(task.onEnd(() -> woken[0]++));
        ready = true;
        waker.wake();
        runAll();
        assertEquals(1, woken[0]);
        assertFalse(task.onEnd(() -> woken[0]++));
    }

    @Test
    void theExecutorsCancelTakesNoOutcomeThatIsThere() throws Exception {
        ready = true;
        SpawnedTask<String> task = running();
        task.cancelByExecutor();
        assertEquals("value", task.result());
    }

    @Test
    void theExecutorsCancelEndsADetachedTaskAndTheHandlesDoesNot() {
        SpawnedTask<String> task = running();
        task.detach();
        task.close();
        assertTrue(queue.isEmpty());
        task.cancelByExecutor();
        runAll();
        assertTrue(task.isFinished());
        assertEquals(List.of(), reported);
    }

    @Test
    void refusedItSaysWhy() {
        boolean[] dropped = {false};
        SpawnedTask<String> task = new SpawnedTask<>(this, new Future<String>() {
            @Override
            public Poll<String> poll(Context cx) {
                throw new AssertionError();
            }

            @Override
            public void drop() {
                dropped[0] = true;
            }

            @Override
            public String toString() {
                return "work";
            }
        });
        task.refuse(Task.CLOSED);
        assertTrue(task.isFinished() && dropped[0]);
        var thrown = assertThrows(CancellationException.class, task::result);
        assertEquals(this + " is closed, so work did not run", thrown.getMessage());
        task.run(cx);
        task.wake();
        assertEquals(List.of(), told);
    }

    @Test
    void endedOnTheSpotItsWaitingCleanupIsReported() {
        SpawnedTask<String> task = running();
        assertTrue(task.endNow());
        assertTrue(task.endNow());
        assertTrue(task.isFinished());
        assertEquals(1, reported.size());
        task.run(cx);
        assertEquals(List.of("waits", "ended"), told);
        assertThrows(CancellationException.class, task::result);
    }

    @Test
    void whilePolledItIsNotEndedOnTheSpot() {
        List<Boolean> ended = new ArrayList<>();
        SpawnedTask<?>[] self = new SpawnedTask<?>[1];
        self[0] = new SpawnedTask<>(this, Futures.pollFn(cx -> {
            ended.add(self[0].endNow());
            self[0].run(cx); // nor polled within its poll
            return Poll.ready("value");
        }));
        self[0].run(cx);
        assertEquals(List.of(false), ended);
        assertTrue(self[0].isFinished());
    }

    @Test
    void aRunThatIsNotOwedPollsNothing() {
        int[] polls = {0};
        SpawnedTask<String> task = new SpawnedTask<>(this, Futures.pollFn(_ -> {
            polls[0]++;
            return Poll.pending();
        }));
        task.run(cx);
        task.run(cx);
        assertEquals(1, polls[0]);
        assertFalse(task.isFinished());
    }

    @Test
    void theSetOfTheLiveForgetsEachOnce() {
        LiveSet live = new LiveSet(3);
        List<SpawnedTask<String>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            tasks.add(running());
            live.add(tasks.get(i), i);
        }
        assertEquals(100, live.snapshot().size());
        for (int i = 99; i >= 0; i -= 2) {
            live.remove(tasks.get(i));
            live.remove(tasks.get(i));
        }
        assertEquals(50, live.snapshot().size());
        for (SpawnedTask<?> task : live.snapshot()) {
            live.remove(task);
        }
        assertTrue(live.isEmpty());
        live.remove(tasks.getFirst());
        assertSame(List.of(), List.copyOf(live.snapshot()));
    }

    @Override
    public String toString() {
        return "the executor";
    }

    @Test
    void anExecutorOfOnesOwnIsToldOfATaskThatHasLeftNoWaker() {
        SpawnedTask<Object> task = new SpawnedTask<>(this, Futures.pollFn(_ -> Poll.pending()));
        task.run(cx);
        assertSame(
                TaskInfo.State.STRANDED,
                task.look(new dev.latent.world.VirtualClock()).state());
        assertTrue(Deadlocks.mayBe());
        assertTrue(Deadlocks.check(this), "seen first");
        task.wake();
        queue.remove().run(cx);
        assertTrue(Deadlocks.check(this), "a poll in between: seen first again");
        assertEquals(List.of(), reported);
        assertFalse(Deadlocks.check(this));
        assertFalse(Deadlocks.check(this), "once");
        assertEquals(1, reported.size(), reported::toString);
        assertTrue(reported.getFirst().startsWith("no waker: task "), reported::toString);
        task.cancelByExecutor();
        queue.remove().run(cx);
        assertTrue(task.isFinished());
    }

    @Test
    void whoWasWokenInItsPollIsNotStranded() {
        Waker[] kept = {null};
        SpawnedTask<Object> task = new SpawnedTask<>(this, Futures.pollFn(cx -> {
            if (kept[0] == null) {
                kept[0] = cx.waker();
            } else {
                kept[0].wake();
            }
            return Poll.pending();
        }));
        task.run(cx);
        assertSame(
                TaskInfo.State.WAITING,
                task.look(new dev.latent.world.VirtualClock()).state());
        task.wake();
        queue.remove().run(cx);
        assertSame(
                TaskInfo.State.READY,
                task.look(new dev.latent.world.VirtualClock()).state());
        assertFalse(Deadlocks.check(this));
        task.cancelByExecutor();
        queue.remove().run(cx);
    }
}
