package dev.latent;

import dev.latent.internal.Sneaky;
import dev.latent.world.BlockingPool;
import dev.latent.world.Clock;
import dev.latent.world.FailureHandler;
import dev.latent.world.Timers;
import dev.latent.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A deterministic executor on the thread that runs it: a run queue, virtual time, and counts of what happened. */
final class TestExecutor implements Spawner, Clock, Timers, FailureHandler, BlockingPool {
    final Context cx = new Context(this);
    final Deque<Task<?>> queue = new ArrayDeque<>();
    final List<Throwable> reported = new ArrayList<>();

    /** What select draws from; none to begin with. */
    @Nullable
    RandomGenerator random;

    boolean hasTimers = true;
    boolean closed;
    int polls;
    int wakes;
    int timersDropped;

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.<Timer>comparingLong(t -> t.deadline).thenComparingLong(t -> t.number));
    private long now = 1_000;
    private long timersMade;

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        Task<T> task = new Task<>(future);
        Owners.claim(future, task);
        if (closed) {
            Owners.drop(future, task);
            task.outcome = new Outcome.Failed<>(new CancellationException("closed"));
        } else {
            task.wake();
        }
        return task.handle;
    }

    @Override
    public World world() {
        World world = World.empty()
                .with(Clock.class, this)
                .with(FailureHandler.class, this)
                .with(BlockingPool.class, this);
        if (random != null) {
            world = world.with(RandomGenerator.class, random);
        }
        return hasTimers ? world.with(Timers.class, this) : world;
    }

    @Override
    public void unhandled(String where, Throwable failure) {
        reported.add(failure);
    }

    @Override
    public <T> Future<T> run(Callable<? extends T> work) {
        return Futures.pollFn(_ -> Poll.ready(work.call()));
    }

    /** Polls what is queued until nothing is. */
    void run() {
        for (int steps = 0; !queue.isEmpty(); steps++) {
            if (steps > 1_000_000) {
                throw new AssertionError("never stalls: " + queue.peek().future);
            }
            queue.remove().run();
        }
    }

    /** Runs the oldest of the queue only. */
    void step() {
        queue.remove().run();
    }

    void advance(Duration time) {
        run();
        long end = now + time.toNanos();
        while (!timers.isEmpty() && timers.peek().deadline <= end) {
            fireNext();
            run();
        }
        now = end;
    }

    /** Runs {@code future} to its end, time passing whenever nothing else is to be done. */
    <T> T blockOn(Future<? extends T> future) throws Exception {
        JoinHandle<T> handle = spawn(future);
        run();
        while (!handle.isFinished()) {
            if (timers.isEmpty()) {
                throw new AssertionError("stalled: " + future);
            }
            fireNext();
            run();
        }
        return ((Poll.Ready<T>) handle.poll(cx)).value();
    }

    /** Lets time go by, and runs nothing. */
    void pass(Duration time) {
        now += time.toNanos();
    }

    int pendingTimers() {
        return timers.size();
    }

    private void fireNext() {
        Timer timer = timers.remove();
        now = Math.max(now, timer.deadline);
        timer.waker.wake();
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(now);
    }

    @Override
    public OwnedFuture<Void> sleepUntil(long deadline) {
        return new Timer(deadline, timersMade++);
    }

    private final class Timer extends OwnedFuture<Void> {
        final long deadline;
        final long number;
        Waker waker = Waker.noop();

        Timer(long deadline, long number) {
            this.deadline = deadline;
            this.number = number;
        }

        @Override
        protected Poll<Void> pollOwned(Context cx) {
            timers.remove(this);
            if (now >= deadline) {
                return cx.spend() ? Poll.done() : Poll.pending();
            }
            waker = cx.waker();
            timers.add(this);
            return Poll.pending();
        }

        @Override
        protected void dropOwned() {
            timersDropped++;
            timers.remove(this);
        }
    }

    final class Task<T> implements Waker {
        final Future<? extends T> future;
        final Handle<T> handle = new Handle<>(this);

        @Nullable
        Outcome<T> outcome;

        boolean cancelled;
        private boolean queued;
        private boolean running;
        private final List<Waker> waiting = new ArrayList<>();

        Task(Future<? extends T> future) {
            this.future = future;
        }

        @Override
        public void wake() {
            wakes++;
            if (!queued && outcome == null) {
                queued = true;
                queue.add(this);
            }
        }

        @SuppressWarnings("unchecked")
        void run() {
            queued = false;
            if (outcome != null) {
                return;
            }
            polls++;
            cx.begin(this);
            try {
                if (cancelled) {
                    if (Owners.pollDrop(future, this, cx).isReady()) {
                        outcome = new Outcome.Failed<>(new CancellationException("cancelled"));
                    }
                } else if (Owners.poll((Future<T>) future, this, cx) instanceof Poll.Ready<T>(var value)) {
                    outcome = new Outcome.Ok<>(value);
                }
            } catch (Throwable t) {
                outcome = new Outcome.Failed<>(t);
            }
            if (outcome != null) {
                waiting.forEach(Waker::wake);
            }
        }

        void cancel() {
            if (outcome == null && !cancelled) {
                cancelled = true;
                wake();
            }
        }

        @Override
        public String toString() {
            return "task";
        }
    }

    static final class Handle<T> extends OwnedFuture<T> implements JoinHandle<T> {
        private final TestExecutor.Task<T> task;

        Handle(TestExecutor.Task<T> task) {
            this.task = task;
        }

        @Override
        protected Poll<T> pollOwned(Context cx) {
            return switch (task.outcome) {
                case null -> {
                    task.waiting.add(cx.waker());
                    yield Poll.pending();
                }
                case Outcome.Ok<T>(var value) -> Poll.ready(value);
                case Outcome.Failed<T>(var failure) -> throw Sneaky.rethrow(failure);
            };
        }

        @Override
        protected void dropOwned() {
            task.cancel();
        }

        @Override
        public Future<Void> cancel() {
            return Futures.pollFn(cx -> {
                task.cancel();
                if (task.outcome == null) {
                    task.waiting.add(cx.waker());
                    return Poll.pending();
                }
                return Poll.done();
            });
        }

        @Override
        public Future<Void> closeAsync() {
            return cancel();
        }

        @Override
        public void close() {
            task.cancel();
        }

        @Override
        public void detach() {}

        @Override
        public boolean isFinished() {
            return task.outcome != null;
        }
    }
}
