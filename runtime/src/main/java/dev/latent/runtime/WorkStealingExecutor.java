package dev.latent.runtime;

import dev.latent.AwaitChain;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.runtime.driver.LazyDriver;
import dev.latent.runtime.driver.OwnNet;
import dev.latent.runtime.driver.nio.NioDriver;
import dev.latent.runtime.inspect.TaskDump;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.runtime.system.OwnPart;
import dev.latent.task.Deadlocks;
import dev.latent.task.LiveSet;
import dev.latent.task.SpawnedTask;
import dev.latent.task.Task;
import dev.latent.task.TaskHome;
import dev.latent.task.TaskInfo;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An executor with threads of its own, among which tasks move to wherever there is time for them. For a server on all cores.
 *
 * <p>Each {@link Worker} of the {@link Crew} has a {@link Ring} of its own; tasks woken on no worker's thread go to the injector. A worker without
 * work steals half of another's ring, and parks when nobody has any.
 *
 * <p><b>An interrupt has no addressee here,</b> where a thread belongs to no task for longer than a poll: a flag that stands after a
 * poll, whoever has set it, is cleared before the next poll or park.
 *
 * <p><b>The driver.</b> One of the parked workers waits in it, for the network and for the earliest timer of all; the others sleep
 * plainly, and one of them watches, see {@link DriverSlot}. While all work, each looks at timers and network now and then. A new
 * earliest deadline unparks whoever is in the driver.
 *
 * <pre>{@code
 *   OPEN ──1──▶ CLOSING ──2──▶ STOPPED     1 close: every task is cancelled, on the workers, with timers and network
 *                                          2 none is left, or the time is up: what is left is dropped and reported
 * }</pre>
 */
public final class WorkStealingExecutor implements Tasks.Shown, AutoCloseable {
    private enum Phase {
        OPEN,
        CLOSING,
        STOPPED
    }

    final @Nullable PollHook hook;
    final Injector injector = new Injector();
    final Crew crew;
    final DriverSlot slot;
    final SharedTimers timers;
    private final World world;
    final Clock clock;
    private final long closeTimeoutNanos;
    private final String name;
    private final LiveSet live;
    private final AtomicLong spawnedElsewhere = new AtomicLong();
    private final AtomicLong endedElsewhere = new AtomicLong();
    private final Home home = new Home();
    private final CloseOnce closeOnce = new CloseOnce();

    /** Of whoever is in the driver. */
    private final IdleCheck idleCheck = new IdleCheck(home);

    /** Who is in the driver, or about to be, would not look again by itself. */
    private volatile boolean waitsLong;

    private final LazyDriver driver = new LazyDriver(NioDriver::open);

    private volatile Phase phase = Phase.OPEN;

    /** Open for a test of a machine that is full. */
    Consumer<Thread> starter;

    private WorkStealingExecutor(Builder builder) {
        int n = builder.threads;
        clock = builder.clock();
        timers = new SharedTimers(this, n, clock, this::earlierTimer);
        world = OwnPart.brought(builder.world, timers, new OwnNet(driver::net));
        hook = builder.hook;
        closeTimeoutNanos = builder.closeTimeoutNanos;
        starter = builder.starter;
        name = builder.name;
        live = new LiveSet(n);
        crew = new Crew(n, i -> new Worker(this, i, name + "-" + i), injector, clock);
        slot = crew.slot;
    }

    /** {@return one with {@code threads} threads over the system's world} */
    public static WorkStealingExecutor create(int threads) {
        return builder().threads(threads).build();
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** What may be chosen. The clock of its world must go as real time goes, since that is how its threads wait. */
    public static final class Builder extends ExecutorBuilder<Builder> {
        private int threads = Runtime.getRuntime().availableProcessors();

        /** As in the executor. */
        Consumer<Thread> starter = Thread::start;

        private Builder() {
            super("latent");
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * {@inheritDoc}
         *
         * @throws IllegalArgumentException when there is no {@link Clock} in it; also when that is a {@link VirtualClock}: several threads have
         *     no single order for it to keep, and wait as real time goes, so it would stand for ever. {@link LocalExecutor} runs over one
         */
        @Override
        public Builder world(World world) {
            if (world.clock() instanceof VirtualClock) {
                throw new IllegalArgumentException(
                        "a WorkStealingExecutor over a VirtualClock: its threads wait as real time goes, which moves"
                                + " no such clock, and what several do at once has no order to repeat; take a LocalExecutor with idle(clock::skipTo)");
            }
            return super.world(world);
        }

        /** As many as there are processors by default. */
        public Builder threads(int threads) {
            if (threads < 1) {
                throw new IllegalArgumentException("an executor needs at least one thread, not " + threads);
            }
            this.threads = threads;
            return this;
        }

        /**
         * {@return the executor, running}
         *
         * @throws OutOfMemoryError when not all of its threads can be started; then none is left
         */
        public WorkStealingExecutor build() {
            WorkStealingExecutor executor = new WorkStealingExecutor(this);
            try {
                for (Worker worker : executor.crew.workers) {
                    starter.accept(worker);
                }
                Tasks.opened(executor);
            } catch (Throwable t) {
                executor.stop();
                throw t;
            }
            return executor;
        }
    }

    // ---- tasks
    // -----------------------------------------------------------------------------------------------------------

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        return start(future);
    }

    private <T> SpawnedTask<T> start(Future<? extends T> future) {
        Owners.requireSend(future, this);
        Worker here = here();
        SpawnedTask<T> task = new SpawnedTask<>(home, future, here != null ? here.stamp() : stamp());
        if (phase != Phase.OPEN && (phase == Phase.STOPPED || !Owners.isCleanup(future))) {
            task.refuse(Task.CLOSED);
            return task;
        }
        if (here != null && here.number < crew.workers.length) {
            here.countSpawned();
        } else {
            spawnedElsewhere.getAndIncrement();
        }
        home.begin(task);
        return task;
    }

    /**
     * Spawns {@code future} and waits for it on this thread.
     *
     * @return its value
     * @throws InterruptedException when this thread is interrupted: the future has then been dropped and its cleanup has run
     * @throws IllegalStateException inside a poll
     * @throws Exception what the future threw
     */
    public <T> T blockOn(Future<? extends T> future) throws Exception {
        RunLoop.checkMayBlock("blockOn");
        SpawnedTask<T> main = start(future);
        Blocking.await(main, "blockOn", () -> main.look(clock));
        return main.result();
    }

    /** {@return tasks that have been spawned and have not ended; exact when it is idle} */
    public int liveTasks() {
        long ended = endedElsewhere.get();
        for (Worker worker : crew.workers) {
            ended += worker.ended();
        }
        long spawned = spawnedElsewhere.get(); // in this order: what has ended was spawned, so zero is really zero
        for (Worker worker : crew.workers) {
            spawned += worker.spawned();
        }
        return (int) (spawned - ended);
    }

    @Nullable
    Worker here() {
        return Thread.currentThread() instanceof Worker worker && worker.home == this ? worker : null;
    }

    private final class Home implements TaskHome {
        @Override
        public void schedule(SpawnedTask<?> task, boolean yielded) {
            Worker here = here();
            if (here == null || !here.takes()) {
                inject(task);
            } else if (yielded) {
                here.pushYielded(task);
            } else {
                here.push(task);
            }
        }

        void begin(SpawnedTask<?> task) {
            Worker here = here();
            if (here == null || !here.takes()) {
                inject(task);
            } else {
                here.append(task);
            }
        }

        private void inject(SpawnedTask<?> task) {
            injector.add(task);
            crew.wakeOne();
            if (phase == Phase.STOPPED) {
                endQueued();
            }
        }

        @Override
        public void waits(SpawnedTask<?> task) {
            Worker here = here();
            live.add(task, here == null ? 0 : here.number);
            if (isClosing()) {
                task.cancelByExecutor();
            }
        }

        @Override
        public void ended(SpawnedTask<?> task) {
            live.remove(task);
            Worker here = here();
            if (here != null && here.number < crew.workers.length) {
                here.countEnded();
            } else {
                endedElsewhere.getAndIncrement();
            }
        }

        @Override
        public boolean isClosing() {
            return phase != Phase.OPEN;
        }

        @Override
        public <T> JoinHandle<T> spawn(Future<? extends T> future) {
            return WorkStealingExecutor.this.spawn(future);
        }

        @Override
        public World world() {
            return world;
        }

        @Override
        public String toString() {
            return WorkStealingExecutor.this.toString();
        }
    }

    // ---- workers
    // ---------------------------------------------------------------------------------------------------------

    /** @throws RejectedExecutionException when the machine has no room for another thread */
    Worker startStandIn() {
        Worker standIn = new Worker(this, crew.workers.length, name + "-stand-in");
        crew.join(standIn);
        try {
            starter.accept(standIn);
        } catch (OutOfMemoryError noThread) {
            crew.leave(standIn);
            throw new RejectedExecutionException(
                    "no thread could be started to stand in for one of " + this + ", which a task is about to block",
                    noThread);
        }
        return standIn;
    }

    /** The thread of {@code worker} is about to end. */
    void ended(Worker worker) {
        crew.leave(worker);
    }

    boolean isStopped() {
        return phase == Phase.STOPPED;
    }

    // ---- timers and network
    // -----------------------------------------------------------------------------------------------

    LazyDriver driver() {
        return driver;
    }

    /** By the holder. The driver remembers an unpark, so a deadline that is added while this computes is not missed. */
    void parkInDriver(long most) {
        long until = Math.min(most, timers.untilNext());
        park(crew.hasWork() || isStopped() ? 0 : until);
    }

    /** By the holder, who is about to wait: {@return for how long at most} Whoever is told of something may wake tasks. Never throws. */
    long idleCheck() {
        waitsLong = true; // before the look, as others tell after what they have done: one of them sees the other
        if (!Deadlocks.mayBe()) {
            return Long.MAX_VALUE;
        }
        long most;
        try {
            most = idleCheck.beforeWait(clock.nanoTime());
        } catch (
                Throwable
                        t) { // of the clock, which is asked again by who waits, and leaves the driver when that throws
            return Long.MAX_VALUE;
        }
        if (most <= Deadlocks.PERIOD_NANOS) {
            waitsLong = false;
        }
        return most;
    }

    /** By a worker that goes to sleep elsewhere: what its tasks wait for may have come after the holder's last look. */
    void tellIdleCheck() {
        if (waitsLong && Deadlocks.mayBe()) {
            waitsLong = false;
            driver.unpark();
        }
    }

    private void park(long nanos) {
        try {
            slot.beginPass(driver.park(nanos));
        } catch (IOException e) {
            throw new UncheckedIOException("waiting for the network", e);
        }
    }

    private void earlierTimer() {
        if (slot.isHeld()) {
            driver.unpark();
        }
    }

    /** By a worker that has work, after each {@code polls} of its polls. */
    void lookAround(int polls) {
        timers.fire();
        if (!driver.hasNet()) {
            if (crew.hasSleepers()) {
                slot.looked(clock.nanoTime());
            }
        } else if (slot.endsPass(polls) && slot.take()) {
            try {
                park(0);
            } finally {
                slot.leave();
            }
        }
    }

    @Override
    public World world() {
        return world;
    }

    // ---- what there is to see
    // -----------------------------------------------------------------------------------------------------------

    /** {@return now, as tasks keep it} */
    int stamp() {
        return Task.stamp(clock.nanoTime());
    }

    /** Each task is held off being polled while it is looked at. One that is being polled can't be; its thread shows where. */
    @Override
    public TaskDump look() {
        Set<SpawnedTask<?>> seen = new LinkedHashSet<>(live.snapshot());
        injector.addTo(seen);
        List<TaskInfo> tasks = new ArrayList<>();
        for (SpawnedTask<?> task : seen) {
            TaskInfo info = task.look(clock);
            if (info != null) {
                tasks.add(info);
            }
        }
        Map<String, List<StackTraceElement>> polling = new LinkedHashMap<>();
        for (Worker worker : crew.workers) {
            List<StackTraceElement> bodies = AwaitChain.polling(worker);
            if (!bodies.isEmpty()) {
                polling.put(worker.getName(), bodies);
            }
        }
        return new TaskDump(toString(), Math.max(liveTasks(), tasks.size()), tasks, polling);
    }

    // ---- the end
    // -----------------------------------------------------------------------------------------------------------

    /**
     * Cancels all tasks and waits until their cleanup has ended, for {@link ExecutorBuilder#closeTimeout} at most; what is left then is
     * dropped and reported. Workers, timers and network go on until then. From now on a spawn gives an already cancelled handle.
     * A second close returns when the first has ended.
     *
     * @throws IllegalStateException inside a poll; also where one of its own tasks has wrapped this in {@code blockInPlace}: it would
     *     wait for that task, which would wait for it
     */
    @Override
    public void close() {
        RunLoop.checkMayBlock("WorkStealingExecutor.close");
        if (here() != null) {
            throw new IllegalStateException("WorkStealingExecutor.close was called by a task of " + this
                    + " inside blockInPlace: it waits until every task has ended, this one too; close it from outside");
        }
        closeOnce.run(this::closeNow);
    }

    private void closeNow() {
        boolean interrupted = false;
        phase = Phase.CLOSING;
        live.forEach(SpawnedTask::cancelByExecutor);
        try {
            long deadline = clock.nanoTime() + closeTimeoutNanos;
            for (long pause = 50_000;
                    liveTasks() > 0 && deadline - clock.nanoTime() > 0;
                    pause = Math.min(pause * 2, 5_000_000)) {
                LockSupport.parkNanos(this, pause);
                interrupted |= Thread.interrupted();
            }
        } catch (Throwable t) { // the clock's: then there is no waiting, and what is left ends at once
            Owners.report(this, "closing " + this, t);
        }
        stop();
        for (Worker worker : crew.workers) {
            interrupted |= join(worker, liveTasks() > 0 ? 100 : 10_000);
        }
        live.forEach(this::endNow);
        endQueued();
        driver.close();
        Tasks.closed(this);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        phase = Phase.STOPPED;
        crew.wakeAll();
        driver.unpark();
    }

    private void endNow(SpawnedTask<?> task) {
        if (!task.endNow()) {
            Owners.report(
                    this,
                    task,
                    ", still in a poll when its executor's time to close was up",
                    new IllegalStateException("not stopped"));
        }
    }

    private static boolean join(Thread thread, long millis) {
        try {
            thread.join(millis);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void endQueued() {
        for (SpawnedTask<?> task = injector.poll(); task != null; task = injector.poll()) {
            task.endNow();
        }
    }

    /** {@return who sleeps and what waits, for a test that fails} */
    String diagnostics() {
        StringBuilder text = new StringBuilder(crew + ", " + injector + ", live " + liveTasks() + ", " + slot);
        for (Worker worker : crew.workers) {
            text.append("; ").append(worker.getName()).append(' ').append(worker.diagnostics());
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "WorkStealingExecutor " + name;
    }
}
