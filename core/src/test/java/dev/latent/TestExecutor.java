package dev.latent;

import dev.latent.task.SpawnedTask;
import dev.latent.task.Task;
import dev.latent.task.TaskHome;
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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A deterministic executor on the thread that runs it: a run queue, virtual time, and counts of what happened. */
final class TestExecutor implements TaskHome, Clock, Timers, FailureHandler, BlockingPool {
    final Context cx = new Context(this);
    final Deque<SpawnedTask<?>> queue = new ArrayDeque<>();
    final List<Throwable> reported = new ArrayList<>();

    /** What select draws from; none to begin with. */
    @Nullable
    RandomGenerator random;

    /** What somebody has set the clock by. */
    Duration calendar = Duration.ZERO;

    boolean hasTimers = true;
    boolean closed;
    int polls;
    int timersDropped;

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.<Timer>comparingLong(t -> t.deadline).thenComparingLong(t -> t.number));
    private long now = 1_000;
    private long timersMade;

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        SpawnedTask<T> task = new SpawnedTask<>(this, future);
        if (closed) {
            task.refuse(Task.CLOSED);
        } else {
            queue.add(task);
        }
        return task;
    }

    @Override
    public void schedule(SpawnedTask<?> task, boolean yielded) {
        queue.add(task);
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
                throw new AssertionError("never stalls: " + queue.peek());
            }
            step();
        }
    }

    /** Runs the oldest of the queue only. */
    void step() {
        SpawnedTask<?> task = queue.remove();
        if (!task.isFinished()) {
            polls++;
        }
        task.run(cx);
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
        SpawnedTask<T> task = (SpawnedTask<T>) this.<T>spawn(future);
        run();
        while (!task.isFinished()) {
            if (timers.isEmpty()) {
                throw new AssertionError("stalled: " + future);
            }
            fireNext();
            run();
        }
        return task.result();
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
        return Instant.EPOCH.plusNanos(now).plus(calendar);
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
}
