package dev.latent.runtime;

import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.runtime.driver.Driver;
import dev.latent.runtime.driver.LazyDriver;
import dev.latent.runtime.driver.OwnNet;
import dev.latent.runtime.driver.nio.NioDriver;
import dev.latent.runtime.inspect.TaskDump;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.runtime.system.OwnPart;
import dev.latent.task.Task;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;
import dev.latent.world.World;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An executor without a thread of its own: tasks are polled by whoever calls {@link #tick}, {@link #runUntilStalled} or
 * {@link #blockOn}. At home inside somebody else's loop, a game's or a window system's, and the fastest executor there is: its
 * own path takes no lock and no atomic instruction.
 *
 * <p><b>It has an owner only inside a call</b> of those three. A call sets {@code owner} from null to its thread and clears it
 * as it leaves, so different threads may take turns. Whatever happens on the owner's thread meanwhile, wakes and spawns by its tasks
 * above all, is done at once: a few plain writes and a push on a ring buffer. Whatever happens elsewhere, or on the same thread
 * but outside such a call, goes through the {@link Inbox}.
 *
 * <pre>{@code
 *   owner's thread:  wake, spawn ───────────────▶ ring ──▶ poll
 *   other threads:   wake, spawn ──▶ inbox ──────▶ ring        the first message since the inbox was emptied
 *                                      └─ FIRST ──▶ unpark      wakes the owner, and calls onReady
 * }</pre>
 *
 * <p><b>A wake takes no memory.</b> The ring has room for every task that lives, and for each that has ended and still stands there: it grows
 * as a task is spawned, who can be told that it failed.
 *
 * <p>What happens inside a call is written at {@link LocalLoop}, what comes from elsewhere at {@link LocalMail}, the end at
 * {@link LocalClosing}.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code owner}</td><td>the thread that enters and leaves</td><td>any, asking whether it is itself</td><td>CAS to enter, release to leave; opaque reads suffice, since a thread knows its own write</td></tr>
 * <tr><td>{@code ready}, {@code live}, {@code loop}, {@code stamp}, {@code stale}</td><td colspan="2">the owner</td><td>{@code owner}</td></tr>
 * <tr><td>{@code polls}</td><td>the owner, before each poll</td><td>any, for {@link LocalDump}</td><td>release, and acquire</td></tr>
 * <tr><td>{@code spawned}, {@code ended}</td><td>the owner</td><td>any, for {@link #liveTasks}</td><td>opaque</td></tr>
 * <tr><td>{@code unadopted}</td><td colspan="2">any</td><td>atomic</td></tr>
 * <tr><td>{@code closing}, {@code closed}</td><td>{@link LocalClosing}, on the owner's thread</td><td>any</td><td>volatile</td></tr>
 * </table>
 */
public final class LocalExecutor implements Tasks.Shown, AutoCloseable {
    private static final VarHandle OWNER;
    private static final VarHandle POLLS;
    private static final VarHandle SPAWNED;
    private static final VarHandle ENDED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OWNER = lookup.findVarHandle(LocalExecutor.class, "owner", Thread.class);
            POLLS = lookup.findVarHandle(LocalExecutor.class, "polls", int.class);
            SPAWNED = lookup.findVarHandle(LocalExecutor.class, "spawned", long.class);
            ENDED = lookup.findVarHandle(LocalExecutor.class, "ended", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Clock clock;
    private final LazyDriver driver;
    final ReadyRing ready = new ReadyRing();
    final LiveTasks live = new LiveTasks();
    final LocalMail mail;

    /** When the loop last looked at the clock, as tasks keep it. */
    int stamp;

    volatile boolean closing;
    volatile boolean closed;
    private final World world;
    private final String name;
    private final LocalLoop loop;
    private final LocalClosing close;
    private final LocalDump dump = new LocalDump(this);
    private final AtomicInteger unadopted = new AtomicInteger();
    private @Nullable Thread owner;
    private long spawned;
    private long ended;

    /** A number for each poll, by which who looks from outside sees whether the owner has gone on. */
    private int polls;

    /** Tasks that have ended and still stand in the ring. */
    private int stale;

    /** Over the system's world. */
    public LocalExecutor() {
        this(builder());
    }

    private LocalExecutor(Builder builder) {
        LocalTimers timers = new LocalTimers(this, builder.clock());
        this.clock = builder.clock();
        this.driver = new LazyDriver(builder.opener);
        this.world = OwnPart.brought(builder.world, timers, new OwnNet(driver::net));
        this.name = builder.name;
        this.mail = new LocalMail(this, driver, builder.onReady);
        this.loop = new LocalLoop(this, timers, builder.hook, builder.idle, builder.order);
        this.close = new LocalClosing(this, loop, builder.closeTimeoutNanos);
        Tasks.opened(this);
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** What may be chosen. */
    public static final class Builder extends ExecutorBuilder<Builder> {
        private @Nullable Runnable onReady;
        private @Nullable Consumer<OptionalLong> idle;
        private @Nullable ReadyOrder order;

        /** For {@link ThreadPerCore}. */
        Supplier<Driver> opener = NioDriver::open;

        private Builder() {
            super("");
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Called on a foreign thread that leaves the first thing to do since the last tick, so that the surrounding loop ticks soon. Must
         * neither block nor throw; what it throws is reported.
         */
        public Builder onReady(Runnable onReady) {
            this.onReady = onReady;
            return this;
        }

        /**
         * What waiting means, for {@link #blockOn} and {@link #close}: called when no task is ready, in the place of parking the thread,
         * with the time of the world's {@link Clock} at which there is something to do again; none: not before somebody else wakes a
         * task. Whenever it returns, timers, network and other threads' wakes are looked at. What it throws, {@code blockOn} throws.
         *
         * <p>Over a {@link VirtualClock} it is {@code clock::skipTo} unless something else is given, since no wait would ever move that clock: time
         * passes whenever no task is ready, also while a thread of {@code spawnBlocking} works or a socket is silent, which have no part in it.
         */
        public Builder idle(Consumer<OptionalLong> idle) {
            this.idle = Objects.requireNonNull(idle);
            return this;
        }

        /**
         * Which of the ready tasks comes next; by default the one that has been ready for longest. {@link ReadyOrder#byPriority} is ready-made.
         */
        public Builder order(ReadyOrder order) {
            this.order = Objects.requireNonNull(order);
            return this;
        }

        /** {@return the executor} */
        public LocalExecutor build() {
            if (idle == null && world.clock() instanceof VirtualClock virtual) {
                idle = virtual::skipTo;
            }
            return new LocalExecutor(this);
        }
    }

    // ---- tasks
    // ---------------------------------------------------------------------------------------------------------

    @Override
    public <T> JoinHandle<T> spawn(Future<? extends T> future) {
        boolean here = isHere();
        if (here) {
            keepRoom();
        }
        LocalTask<T> task = new LocalTask<>(this, future);
        if (closing && (closed || !Owners.isCleanup(future))) {
            task.refuse(Task.CLOSED);
        } else if (here) {
            SPAWNED.setOpaque(this, spawned + 1);
            task.start();
        } else {
            try {
                spawnFromElsewhere(task);
            } catch (OutOfMemoryError e) {
                unadopted.getAndDecrement();
                Owners.unclaim(future, task);
                throw e;
            }
        }
        return task;
    }

    @Override
    public <T> JoinHandle<T> spawnLocal(Future<? extends T> future) {
        return spawn(future);
    }

    /** Open for a test that plays a race with {@link #close}. */
    void spawnFromElsewhere(LocalTask<?> task) {
        unadopted.getAndIncrement();
        if (!task.postSpawned()) {
            unadopted.getAndDecrement();
            task.refuse(Task.CLOSED);
        }
    }

    /**
     * A task spawned by a foreign thread has arrived.
     *
     * @throws OutOfMemoryError then it is to be refused
     */
    void adopt() {
        unadopted.getAndDecrement();
        keepRoom();
        SPAWNED.setOpaque(this, spawned + 1);
    }

    void ended(LocalTask<?> task) {
        ENDED.setOpaque(this, ended + 1);
        if (task.slot >= 0) {
            live.remove(task);
        }
    }

    boolean isMain(LocalTask<?> task) {
        return loop.isMain(task);
    }

    /** Before each poll: whoever sees anything of it sees the number, and whoever sees the number sees all of the polls before. */
    void pollBegins() {
        POLLS.setRelease(this, polls + 1);
        VarHandle.storeStoreFence();
    }

    /** {@return the number of the latest poll, to any thread} */
    int polls() {
        VarHandle.loadLoadFence();
        return (int) POLLS.getAcquire(this);
    }

    /** {@return tasks that have been spawned and have not ended; exact on the owner's thread and when it is idle} */
    public int liveTasks() {
        return unadopted.get() + (int) ((long) SPAWNED.getOpaque(this) - (long) ENDED.getOpaque(this));
    }

    /** A task ends that stands in the ring. */
    void goesStale() {
        stale++;
    }

    /** It came out. */
    void leftStale() {
        stale--;
    }

    /** Before a task comes: from then on the ring has room for every one that lives. */
    private void keepRoom() {
        ready.keepRoom((int) (spawned - ended) + stale);
    }

    // ---- calls that have an owner
    // ------------------------------------------------------------------------------------

    /**
     * Polls what is ready now, at most once each, and looks at timers and network without waiting.
     *
     * @return whether there is more to do at once
     * @throws IllegalStateException when another call is under way
     */
    public boolean tick() {
        RunLoop before = enter();
        try {
            loop.pass();
            return !ready.isEmpty();
        } finally {
            leave(before);
        }
    }

    /**
     * Polls until every task waits; timers that are due and what the network has are part of it.
     *
     * @throws IllegalStateException when another call is under way
     */
    public void runUntilStalled() {
        RunLoop before = enter();
        try {
            loop.untilStalled();
        } finally {
            leave(before);
        }
    }

    /**
     * Spawns {@code future} and polls tasks on this thread until it has ended; other tasks stay for the next call.
     *
     * @return its value
     * @throws InterruptedException when this thread is interrupted, by whomever, a task included: the future has then been dropped and
     *     its cleanup has run. A future that ends in the same moment gives its value, and the thread stays interrupted
     * @throws IllegalStateException inside a poll, or when another call is under way
     * @throws Exception what the future threw; or what the world, the network or a hook did in the place of a wait: then the future is
     *     cancelled, and dropped in the next call
     */
    public <T> T blockOn(Future<? extends T> future) throws Exception {
        RunLoop.checkMayBlock("blockOn");
        RunLoop before = enter();
        try {
            LocalTask<T> main = (LocalTask<T>) this.<T>spawn(future);
            loop.untilEnded(main);
            return main.result();
        } finally {
            leave(before);
        }
    }

    /**
     * {@return when {@link #tick} next has something to do, in the time of the world's {@link Clock}; now, if there is something; none: not
     * before another thread, or the network, brings something} For a surrounding loop, between two ticks.
     *
     * @throws IllegalStateException when another thread's call is under way
     */
    public OptionalLong nextDeadline() {
        if (isHere()) {
            return loop.nextDeadline();
        }
        RunLoop before = enter();
        try {
            return loop.nextDeadline();
        } finally {
            leave(before);
        }
    }

    /**
     * Cancels all tasks and runs their cleanup to its end, for {@link ExecutorBuilder#closeTimeout} at most; what is left then is dropped and
     * reported. From now on a spawn gives an already cancelled handle. A second close returns when the first has ended.
     *
     * @throws IllegalStateException inside a poll, or when another call is under way
     */
    @Override
    public void close() {
        RunLoop.checkMayBlock("LocalExecutor.close");
        close.close();
    }

    // ---- the owner
    // ---------------------------------------------------------------------------------------------------

    /** {@return what is to be given to {@link #leave}} */
    @Nullable
    RunLoop enter() {
        while (!tryOwn()) {
            if (dump.isUnderWay() && !isHere()) {
                Thread.yield();
                continue;
            }
            throw new IllegalStateException(
                    this + " is being run by " + (isHere() ? "this thread already" : "another thread"));
        }
        try {
            return RunLoop.enter(loop);
        } catch (Throwable t) {
            disown();
            throw t;
        }
    }

    void leave(@Nullable RunLoop before) {
        boolean again = loop.takeInterrupt();
        disown();
        RunLoop.exit(before);
        if (again) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isHere() {
        return OWNER.getOpaque(this) == Thread.currentThread();
    }

    boolean tryOwn() {
        return OWNER.compareAndSet(this, null, Thread.currentThread());
    }

    void disown() {
        OWNER.setRelease(this, null);
    }

    @Nullable
    Thread owner() {
        return (Thread) OWNER.getOpaque(this);
    }

    // ---- what there is to see
    // -------------------------------------------------------------------------------------------------------

    /** On the owner's thread, which is asked, or on this one where there is no owner now. */
    @Override
    public TaskDump look() {
        return dump.look();
    }

    // ---- capabilities
    // ---------------------------------------------------------------------------------------------------

    @Override
    public World world() {
        return world;
    }

    LazyDriver driver() {
        return driver;
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "LocalExecutor" : "LocalExecutor " + name;
    }
}
