package dev.latent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.AsyncCloseable;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Futures;
import dev.latent.JoinHandle;
import dev.latent.OwnedFuture;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.Timers;
import dev.latent.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a program's code throws where the machine calls it, also an Error: no task, no message and no thread is lost, what was
 * thrown is told once, and the close ends.
 */
@Timeout(60)
final class ForeignFailuresTest {
    private static final int TASKS = 200;

    /** What is injected, everywhere. */
    static final class Injected extends Error {
        private static final long serialVersionUID = 1L;

        Injected(String where) {
            super(where);
        }
    }

    /** Words that fail. */
    private static final class Unspeakable extends OwnedFuture<Object> {
        private final Supplier<Poll<Object>> poll;
        private @Nullable Error inDrop;

        Unspeakable(Supplier<Poll<Object>> poll) {
            this.poll = poll;
        }

        Unspeakable failingInDrop() {
            inDrop = new Injected("drop");
            return this;
        }

        @Override
        protected Poll<Object> pollOwned(Context cx) {
            return poll.get();
        }

        @Override
        protected void dropOwned() {
            if (inDrop != null) {
                throw inDrop;
            }
        }

        @Override
        protected List<? extends Future<?>> children() {
            throw new Injected("children");
        }

        @Override
        protected Future<?> shown() {
            throw new Injected("shown");
        }

        @Override
        protected @Nullable String notSend() {
            return null;
        }

        @Override
        public String toString() {
            throw new Injected("toString");
        }
    }

    private final List<Throwable> reported = java.util.Collections.synchronizedList(new ArrayList<>());
    private final World world = Latent.system().with(FailureHandler.class, (_, failure) -> reported.add(failure));

    private int injected(String where) {
        synchronized (reported) {
            return (int) reported.stream()
                    .filter(t -> t instanceof Injected && where.equals(t.getMessage()))
                    .count();
        }
    }

    /** An executor, and what makes it go on until a task has ended. */
    private sealed interface Running extends AutoCloseable {
        Spawner spawner();

        void finish(List<? extends JoinHandle<?>> tasks);

        int live();

        @Override
        void close();
    }

    private record Ticked(LocalExecutor spawner) implements Running {
        @Override
        public void finish(List<? extends JoinHandle<?>> tasks) {
            Rig.await(() -> {
                spawner.runUntilStalled();
                return tasks.stream().allMatch(JoinHandle::isFinished);
            });
        }

        @Override
        public int live() {
            return spawner.liveTasks();
        }

        @Override
        public void close() {
            spawner.close();
        }
    }

    private record Threads(WorkStealingExecutor spawner) implements Running {
        @Override
        public void finish(List<? extends JoinHandle<?>> tasks) {
            Rig.await(() -> tasks.stream().allMatch(JoinHandle::isFinished));
        }

        @Override
        public int live() {
            return spawner.liveTasks();
        }

        @Override
        public void close() {
            spawner.close();
        }
    }

    private record On(OnExecutor spawner, java.util.concurrent.ExecutorService thread) implements Running {
        @Override
        public void finish(List<? extends JoinHandle<?>> tasks) {
            Rig.await(() -> tasks.stream().allMatch(JoinHandle::isFinished));
        }

        @Override
        public int live() {
            return spawner.liveTasks();
        }

        @Override
        public void close() {
            thread.close();
        }
    }

    private Running local(@Nullable PollHook hook) {
        LocalExecutor.Builder builder = LocalExecutor.builder().world(world).closeTimeout(Duration.ofSeconds(10));
        return new Ticked((hook == null ? builder : builder.pollHook(hook)).build());
    }

    private Running threads(int n, @Nullable PollHook hook) {
        WorkStealingExecutor.Builder builder =
                WorkStealingExecutor.builder().threads(n).world(world).closeTimeout(Duration.ofSeconds(10));
        return new Threads((hook == null ? builder : builder.pollHook(hook)).build());
    }

    private Running on() {
        var thread = Executors.newSingleThreadExecutor(work -> {
            Thread t = new Thread(work);
            t.setDaemon(true);
            return t;
        });
        return new On(new OnExecutor(thread, world, false), thread);
    }

    private List<Running> all() {
        return List.of(local(null), threads(1, null), threads(2, null), on());
    }

    /** It still does what an executor does, for tasks of this thread and of its own, and ends. */
    private static void stillRunsAndCloses(Running running) {
        List<JoinHandle<?>> tasks = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            tasks.add(running.spawner().spawn(Hand.yields(2)));
        }
        tasks.add(running.spawner().spawn(Hand.sleep(1_000_000)));
        running.finish(tasks);
        long start = System.nanoTime();
        running.close();
        assertTrue(System.nanoTime() - start < 5_000_000_000L, "the close took too long");
        assertEquals(0, running.live());
    }

    // ---- around a poll

    @Test
    void aHookThatThrowsLosesNoTaskAndIsReported() {
        PollHook throwing = new PollHook() {
            @Override
            public void before(JoinHandle<?> task) {
                throw new Injected("before");
            }

            @Override
            public void after(JoinHandle<?> task) {
                throw new Injected("after");
            }
        };
        for (Running running : List.of(local(throwing), threads(1, throwing), threads(2, throwing))) {
            reported.clear();
            List<JoinHandle<?>> tasks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                tasks.add(running.spawner().spawn(Hand.yields(1)));
            }
            running.finish(tasks);
            Rig.await(() -> injected("before") == 2 * TASKS && injected("after") == 2 * TASKS);
            stillRunsAndCloses(running);
        }
    }

    @Test
    void aStackOverflowInAPollEndsThatTaskAlone() {
        for (Running running : all()) {
            Future<Integer> deep = Hand.poll(_ -> Poll.ready(endless(1)));
            JoinHandle<Integer> handle = running.spawner().spawn(deep);
            running.finish(List.of(handle));
            Context cx = new Context(running.spawner());
            assertThrows(StackOverflowError.class, () -> handle.poll(cx));
            stillRunsAndCloses(running);
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int endless(int n) {
        return n + endless(n + 1);
    }

    // ---- wakers, messages, onReady

    @Test
    void aWakerThatThrowsKeepsNoOtherFromBeingWoken() throws Exception {
        for (Running running : all()) {
            reported.clear();
            List<Hand.Signal> signals = new ArrayList<>();
            List<JoinHandle<?>> handles = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                Hand.Signal signal = new Hand.Signal();
                signals.add(signal);
                handles.add(running.spawner().spawn(signal));
            }
            if (running instanceof Ticked ticked) {
                ticked.spawner().runUntilStalled();
            }
            for (Hand.Signal signal : signals) {
                signal.polled.await();
            }
            Context cx = new Context(running.spawner());
            for (int i = 0; i < TASKS; i++) { // each awaiter's message between two wakes, all of them one batch
                cx.begin(() -> {
                    throw new Injected("waker");
                });
                assertTrue(!handles.get(i).poll(cx).isReady());
                signals.get(i).set();
            }
            running.finish(handles);
            Rig.await(() -> injected("waker") == TASKS);
            stillRunsAndCloses(running);
        }
    }

    @Test
    void aTimersWakerThatThrowsKeepsNoOtherFromBeingWoken() {
        for (Running running : all()) {
            reported.clear();
            Context foreign = new Context(running.spawner());
            AtomicInteger thrown = new AtomicInteger();
            List<JoinHandle<?>> sleepers = new ArrayList<>();
            sleepers.add(running.spawner().spawn(Hand.poll(cx -> {
                Timers timers = cx.capability(Timers.class);
                long deadline = cx.capability(Clock.class).nanoTime() + 20_000_000;
                foreign.begin(() -> {
                    thrown.getAndIncrement();
                    throw new Injected("waker");
                });
                for (int i = 0; i < TASKS; i++) {
                    Poll<Void> _ = timers.sleepUntil(deadline + i).poll(foreign);
                    sleepers.add(cx.spawner().spawn(new Until(timers, deadline + i)));
                }
                return Poll.done();
            })));
            running.finish(List.of(sleepers.getFirst()));
            assertEquals(TASKS + 1, sleepers.size());
            running.finish(sleepers);
            Rig.await(() -> {
                running.finish(List.of(running.spawner().spawn(Hand.sleep(1))));
                return thrown.get() == TASKS;
            });
            stillRunsAndCloses(running);
        }
    }

    private static final class Until implements Future<Void> {
        private final Future<Void> sleep;

        Until(Timers timers, long deadline) {
            sleep = timers.sleepUntil(deadline);
        }

        @Override
        public Poll<Void> poll(Context cx) throws Exception {
            return sleep.poll(cx);
        }

        @Override
        public void drop() {
            sleep.drop();
        }
    }

    @Test
    void anOnReadyThatThrowsIsReportedAndTheWakeStands() throws Exception {
        LocalExecutor executor = LocalExecutor.builder()
                .world(world)
                .onReady(() -> {
                    throw new Injected("onReady");
                })
                .build();
        Hand.Signal signal = new Hand.Signal();
        JoinHandle<Void> handle = executor.spawn(signal);
        executor.runUntilStalled();
        signal.set();
        executor.runUntilStalled();
        assertTrue(handle.isFinished());
        assertEquals(2, injected("onReady")); // the spawn, and the wake
        stillRunsAndCloses(new Ticked(executor));
    }

    // ---- a dump

    @Test
    void wordsThatFailCostADumpNothingButThemselves() throws Exception {
        for (Running running : List.of(local(null), threads(1, null), threads(2, null))) {
            CountDownLatch polled = new CountDownLatch(2);
            Supplier<Poll<Object>> waits = () -> {
                polled.countDown();
                return Poll.pending();
            };
            running.spawner().spawn(new Unspeakable(waits)).detach();
            running.spawner()
                    .spawn(new Lists(Arrays.asList(null, new Unspeakable(waits)), waits))
                    .detach();
            if (running instanceof Ticked ticked) {
                ticked.spawner().runUntilStalled();
            }
            polled.await();
            Rig.await(() -> {
                String dump = Tasks.dump(running.spawner());
                return dump.contains(Unspeakable.class.getName())
                        && dump.contains("2 live tasks")
                        && !dump.contains("could not be looked at");
            });
            JoinHandle<String> within = running.spawner().spawn(Hand.poll(cx -> Poll.ready(Tasks.dump(cx.spawner()))));
            running.finish(List.of(within));
            stillRunsAndCloses(running);
        }
    }

    /** Has children of which some are nothing. */
    @SuppressWarnings("latent:field-not-dropped")
    private static class Lists extends OwnedFuture<Object> {
        private final List<Future<?>> children;
        private final Supplier<Poll<Object>> poll;

        Lists(List<Future<?>> children, Supplier<Poll<Object>> poll) {
            this.children = children;
            this.poll = poll;
        }

        @Override
        protected Poll<Object> pollOwned(Context cx) {
            return poll.get();
        }

        @Override
        protected void dropOwned() {}

        @Override
        protected List<? extends Future<?>> children() {
            return children;
        }

        @Override
        protected @Nullable String notSend() {
            return null;
        }
    }

    @Test
    void whatShowsItselfForEverIsNamedByItsClass() {
        LocalExecutor executor = LocalExecutor.builder().world(world).build();
        executor.spawn(new OwnedFuture<Object>() {
                    @Override
                    protected Poll<Object> pollOwned(Context cx) {
                        return Poll.pending();
                    }

                    @Override
                    protected void dropOwned() {}

                    @Override
                    protected Future<?> shown() {
                        return new Lists(List.of(), Poll::pending) {};
                    }
                })
                .detach();
        executor.runUntilStalled();
        assertTrue(Tasks.dump(executor).contains("1 live task"));
        stillRunsAndCloses(new Ticked(executor));
    }

    // ---- words in reports and refusals

    @Test
    void aFailedTaskThatNobodyReadsEndsWhateverItsWords() {
        for (Running running : all()) {
            reported.clear();
            JoinHandle<Object> handle = running.spawner().spawn(new Unspeakable(() -> {
                throw new Injected("poll");
            }));
            handle.detach();
            running.finish(List.of(handle));
            Rig.await(() -> injected("poll") == 1);
            stillRunsAndCloses(running);
        }
    }

    @Test
    void aDropThatThrowsEndsTheTaskWhateverItsWords() {
        for (Running running : all()) {
            reported.clear();
            JoinHandle<Object> handle = running.spawner().spawn(new Unspeakable(Poll::pending).failingInDrop());
            handle.close();
            running.finish(List.of(handle));
            Rig.await(() -> injected("drop") == 1);
            stillRunsAndCloses(running);
        }
    }

    @Test
    void aRefusedTaskEndsWhateverItsWords() {
        for (Running running : all()) {
            running.close();
            JoinHandle<Object> handle = running.spawner().spawn(new Unspeakable(Poll::pending).failingInDrop());
            assertTrue(handle.isFinished());
            assertEquals(0, running.live());
        }
    }

    @Test
    void whatItsExecutorHasNoTimeForIsReportedWhateverItsWords() {
        LocalExecutor local =
                LocalExecutor.builder().world(world).closeTimeout(Duration.ZERO).build();
        WorkStealingExecutor workers = WorkStealingExecutor.builder()
                .threads(1)
                .world(world)
                .closeTimeout(Duration.ZERO)
                .build();
        for (Running running : List.of(new Ticked(local), new Threads(workers))) {
            CountDownLatch polled = new CountDownLatch(1);
            JoinHandle<Object> handle = running.spawner().spawn(new Unspeakable(() -> {
                polled.countDown();
                return Poll.pending();
            }));
            if (running instanceof Ticked ticked) {
                ticked.spawner().runUntilStalled();
            }
            Rig.await(() -> polled.getCount() == 0);
            running.close();
            assertTrue(handle.isFinished());
            assertEquals(0, running.live());
        }
    }

    @Test
    void aSecondOwnerIsRefusedWhateverTheWords() {
        Unspeakable future = new Unspeakable(Poll::pending);
        LocalExecutor executor = new LocalExecutor();
        executor.spawn(future).detach();
        assertThrows(IllegalStateException.class, () -> executor.spawn(future));
        executor.close();
    }

    // ---- who is told, and who takes back

    @Test
    void aFailureHandlerThatThrowsLosesNothing() {
        World throwing = Latent.system().with(FailureHandler.class, (_, _) -> {
            throw new Injected("handler");
        });
        LocalExecutor local = LocalExecutor.builder().world(throwing).build();
        WorkStealingExecutor workers =
                WorkStealingExecutor.builder().threads(2).world(throwing).build();
        for (Running running : List.of(new Ticked(local), new Threads(workers))) {
            JoinHandle<Object> handle = running.spawner().spawn(Hand.poll(_ -> {
                throw new Injected("poll");
            }));
            handle.detach();
            running.finish(List.of(handle));
            stillRunsAndCloses(running);
        }
    }

    @Test
    void anUndeliveredValueThatCannotBeLetGoOfIsReported() {
        for (Running running : all()) {
            reported.clear();
            AsyncCloseable resource = new AsyncCloseable() {
                @Override
                public Future<Void> closeAsync() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void close() {
                    throw new Injected("close");
                }

                @Override
                public String toString() {
                    throw new Injected("toString");
                }
            };
            JoinHandle<AsyncCloseable> closes = running.spawner().spawn(Hand.value(resource));
            closes.detach();
            JoinHandle<String> returned = running.spawner().spawn(Futures.onUndelivered(Hand.value("value"), _ -> {
                throw new Injected("onUndelivered");
            }));
            returned.detach();
            running.finish(List.of(closes, returned));
            Rig.await(() -> injected("close") == 1 && injected("onUndelivered") == 1);
            stillRunsAndCloses(running);
        }
    }

    @Test
    void callbacksOfACompletableFutureThatThrowChangeNothing() {
        for (Running running : all()) {
            AtomicInteger ran = new AtomicInteger();
            var completable = running.spawner().toCompletableFuture(Hand.yields(1));
            var failing = completable.whenComplete((_, _) -> {
                ran.getAndIncrement();
                throw new Injected("callback");
            });
            if (running instanceof Ticked ticked) {
                ticked.spawner().runUntilStalled();
            }
            Rig.await(() -> ran.get() == 1 && failing.isCompletedExceptionally());
            stillRunsAndCloses(running);
        }
    }

    // ---- somebody else's executor

    @Test
    void anExecutorThatRunsAndThenThrowsRunsATaskOnce() {
        ConcurrentLinkedQueue<Runnable> later = new ConcurrentLinkedQueue<>();
        Executor runsAndThrows = work -> {
            work.run();
            throw new Injected("execute");
        };
        Executor keepsAndThrows = work -> {
            later.add(work);
            throw new Injected("execute");
        };
        OnExecutor at = new OnExecutor(runsAndThrows, world, false);
        AtomicInteger polls = new AtomicInteger();
        JoinHandle<String> ended = at.spawn(Hand.poll(_ -> {
            polls.getAndIncrement();
            return Poll.ready("value");
        }));
        assertTrue(ended.isFinished());
        assertEquals(1, polls.get());
        assertEquals(0, at.liveTasks());
        assertEquals("value", assertReady(ended));

        Hand.Signal signal = new Hand.Signal();
        JoinHandle<Void> waits = at.spawn(signal);
        assertEquals(1, at.liveTasks());
        signal.set();
        assertTrue(waits.isFinished());
        assertEquals(0, at.liveTasks());

        OnExecutor kept = new OnExecutor(keepsAndThrows, world, false);
        Hand.Signal dropped = new Hand.Signal();
        JoinHandle<Void> refused = kept.spawn(dropped);
        later.remove().run();
        assertTrue(refused.isFinished());
        assertEquals(0, dropped.dropped.getCount());
        assertEquals(1, dropped.polled.getCount());
        assertEquals(0, kept.liveTasks());
    }

    private static <T> T assertReady(JoinHandle<T> handle) {
        try {
            return Latent.blockOn(handle);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anErrorInTheThreadOfAllTimersDoesNotEndIt() throws Exception {
        Running running = on();
        CountDownLatch thrown = new CountDownLatch(1);
        JoinHandle<Void> first = running.spawner().spawn(Hand.poll(cx -> {
            Context foreign = new Context(cx.spawner());
            foreign.begin(() -> {
                thrown.countDown();
                throw new Injected("waker");
            });
            Poll<Void> _ = cx.capability(Timers.class)
                    .sleepUntil(cx.capability(Clock.class).nanoTime() + 1_000_000)
                    .poll(foreign);
            return Poll.done();
        }));
        running.finish(List.of(first));
        thrown.await();
        stillRunsAndCloses(running);
    }

    // ---- threads

    @Test
    void anExecutorWhoseThreadsCannotBeStartedLeavesNoneBehind() {
        AtomicInteger left = new AtomicInteger(1);
        List<Thread> started = new ArrayList<>();
        WorkStealingExecutor.Builder builder =
                WorkStealingExecutor.builder().threads(3).world(world);
        builder.starter = thread -> {
            if (left.getAndDecrement() == 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            started.add(thread);
            thread.start();
        };
        assertThrows(OutOfMemoryError.class, builder::build);
        assertEquals(1, started.size());
        Rig.await(() -> !started.getFirst().isAlive());
    }

    // ---- closing meanwhile

    @Test
    void whileEverythingThrowsTwoClosesEndInTime() throws Exception {
        PollHook throwing = new PollHook() {
            @Override
            public void before(JoinHandle<?> task) {
                throw new Injected("before");
            }

            @Override
            public void after(JoinHandle<?> task) {
                throw new Injected("after");
            }
        };
        for (int i = 0; i < 10; i++) {
            Running running = threads(2, throwing);
            List<JoinHandle<?>> handles = new ArrayList<>();
            for (int t = 0; t < TASKS; t++) {
                handles.add(running.spawner().spawn(Hand.yields(1_000_000)));
                handles.add(running.spawner().spawn(new Unspeakable(Poll::pending).failingInDrop()));
            }
            Thread other = new Thread(running::close);
            other.start();
            running.close();
            other.join();
            assertEquals(0, running.live());
            handles.forEach(h -> assertTrue(h.isFinished()));
        }
    }

    /** For {@link Waker}s that are called by the test alone. */
    @Test
    void aNoopWakerIsNotReported() {
        LocalExecutor executor = LocalExecutor.builder().world(world).build();
        JoinHandle<Integer> handle = executor.spawn(Hand.yields(1));
        Context cx = new Context(executor);
        cx.begin(Waker.noop());
        assertTrue(!pending(handle, cx));
        executor.runUntilStalled();
        assertTrue(reported.isEmpty());
        executor.close();
    }

    private static boolean pending(JoinHandle<?> handle, Context cx) {
        try {
            return handle.poll(cx).isReady();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
