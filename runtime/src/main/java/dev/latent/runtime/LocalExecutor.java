package dev.latent.runtime;

import dev.latent.AwaitChain;
import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.runtime.driver.LazyDriver;
import dev.latent.runtime.driver.OwnNet;
import dev.latent.runtime.driver.nio.NioDriver;
import dev.latent.runtime.inspect.TaskDump;
import dev.latent.runtime.inspect.Tasks;
import dev.latent.runtime.system.OwnPart;
import dev.latent.task.Task;
import dev.latent.task.TaskInfo;
import dev.latent.world.Clock;
import dev.latent.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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
 * <p><b>Nothing is missed while parking.</b> The owner finds the inbox empty, then parks; a sender fills the inbox, then unparks,
 * which the driver remembers.
 *
 * <p><b>A wake takes no memory.</b> The ring has room for every task that lives, and for each that has ended and still stands there: it grows
 * as a task is spawned, who can be told that it failed. A foreign thread without memory for its message leaves a flag, for which the
 * owner asks each task for its mail.
 *
 * <p><b>An interrupt is its caller's.</b> The thread is somebody else's, and so is its flag: a flag that stands before a poll, since
 * the call began, since the poll before, or since a park, is taken off for the tasks and kept in {@code interrupted}.
 * {@code blockOn} honours it; the others set it again as they return. So no task finds what another has left, and no park returns at
 * once again and again.
 *
 * <p><b>A pass</b> is as many polls as were ready when it began, {@value #BATCH} at least. Tasks run in the order in which they became
 * ready, or in that of the {@link ReadyOrder}, and new ones join the tail, so timers and network are looked at once in a pass: an earlier look would bring nobody
 * forward, and would only be told again of sockets whose tasks have been told and still stand in the ring. The inbox, which also
 * holds what is asked about the executor, is emptied after {@value #BATCH} polls at most.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code owner}</td><td>the thread that enters and leaves</td><td>any, asking whether it is itself</td><td>CAS to enter, release to leave; opaque reads suffice, since a thread knows its own write</td></tr>
 * <tr><td>{@code unread}</td><td>any</td><td>the owner, after an unpark</td><td>volatile</td></tr>
 * <tr><td>{@code ready}, {@code live}, {@code timers}, {@code cx}, {@code interrupted}, {@code stale}</td><td colspan="2">the owner</td><td>{@code owner}</td></tr>
 * <tr><td>{@code spawned}, {@code ended}</td><td>the owner</td><td>any, for {@link #liveTasks}</td><td>opaque</td></tr>
 * </table>
 */
public final class LocalExecutor implements Tasks.Shown, AutoCloseable {
    /** Polls between two looks into the inbox, and at least between two at clock and network. */
    private static final int BATCH = 64;

    /** An owner that is not back from a poll by then, after a second, is shown as it is. */
    private static final int ASKS = 1_000;

    /** 146 years; what is longer has no end. */
    private static final long LONGEST_WAIT_NANOS = Long.MAX_VALUE / 2;

    private static final long ASK_AGAIN_NANOS = 1_000_000;

    private static final VarHandle OWNER;
    private static final VarHandle SPAWNED;
    private static final VarHandle ENDED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OWNER = lookup.findVarHandle(LocalExecutor.class, "owner", Thread.class);
            SPAWNED = lookup.findVarHandle(LocalExecutor.class, "spawned", long.class);
            ENDED = lookup.findVarHandle(LocalExecutor.class, "ended", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What a foreign thread wants done on the owner's. */
    interface Message {
        void receive();
    }

    private final World world;
    private final @Nullable PollHook hook;
    private final Foreign.@Nullable Call onReady;
    private final @Nullable Consumer<OptionalLong> idle;
    private final @Nullable ReadyOrder order;
    private final String name;

    /** One object, so that to receive takes no memory. */
    private final Consumer<Message> receive = this::receive;

    /** Some task's mail is in no message, since there was no memory for one. */
    private volatile boolean unread;

    private final long closeTimeoutNanos;
    private final Context cx = new Context(this);
    private final Inbox<Message> inbox = new Inbox<>();
    private final AtomicInteger lookers = new AtomicInteger();
    private final AtomicInteger unadopted = new AtomicInteger();
    private final Loop loop = new Loop();
    private final CloseOnce closeOnce = new CloseOnce();
    private final LocalTimers timers;
    private final Clock clock;

    /** When it last looked at the clock. */
    private long now;

    /** The same, as tasks keep it. */
    int stamp;

    final LiveTasks live = new LiveTasks();

    private final ReadyRing ready = new ReadyRing();

    /** Tasks that have ended and still stand in the ring. */
    private int stale;

    private long spawned;
    private long ended;
    private @Nullable Thread owner;
    private boolean interrupted;

    /** Polls that are left in this pass; none: the next turn looks. */
    private int passLeft;

    private final LazyDriver driver = new LazyDriver(NioDriver::open);
    private volatile boolean closing;

    private volatile boolean closed;

    /** Over the system's world. */
    public LocalExecutor() {
        this(builder());
    }

    private LocalExecutor(Builder builder) {
        this.clock = builder.clock();
        this.timers = new LocalTimers(this, clock);
        this.world = OwnPart.brought(builder.world, timers, new OwnNet(driver::net));
        this.hook = builder.hook;
        this.onReady = builder.onReady == null ? null : builder.onReady::run;
        this.idle = builder.idle;
        this.order = builder.order;
        this.name = builder.name;
        this.closeTimeoutNanos = builder.closeTimeoutNanos;
        this.now = clock.nanoTime();
        this.stamp = Task.stamp(now);
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
         * <p>Over a {@link dev.latent.world.VirtualClock}: {@code idle(clock::skipTo)}.
         */
        public Builder idle(Consumer<OptionalLong> idle) {
            this.idle = Objects.requireNonNull(idle);
            return this;
        }

        /** Which of the ready tasks comes next; by default the one that has been ready for longest. */
        public Builder order(ReadyOrder order) {
            this.order = Objects.requireNonNull(order);
            return this;
        }

        /** {@return the executor} */
        public LocalExecutor build() {
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

    /** {@return tasks that have been spawned and have not ended; exact on the owner's thread and when it is idle} */
    public int liveTasks() {
        return unadopted.get() + (int) ((long) SPAWNED.getOpaque(this) - (long) ENDED.getOpaque(this));
    }

    boolean isClosing() {
        return closing;
    }

    boolean isHere() {
        return OWNER.getOpaque(this) == Thread.currentThread();
    }

    /** From a foreign thread: {@return false when the executor has closed} */
    boolean post(Message message) {
        switch (inbox.post(message)) {
            case CLOSED -> {
                return false;
            }
            case MORE -> {}
            case FIRST -> tellOwner();
        }
        return true;
    }

    private void tellOwner() {
        driver.unpark();
        if (onReady != null) {
            Foreign.call(this, this, ", its onReady", onReady);
        }
    }

    /** A task that is live has mail, and there was no memory to post it: {@return false when the executor has closed} */
    boolean leaveUnread() {
        unread = true;
        tellOwner();
        return !inbox.isClosed();
    }

    private void receive(Message message) {
        try {
            message.receive();
        } catch (Throwable t) { // the next ones are to be received, too
            messageThrew(t);
        }
    }

    private void messageThrew(Throwable thrown) {
        try {
            Owners.report(this, this, ", at a message to it", thrown);
        } catch (Throwable noMemory) {
            // Words take memory, the first time that they are used.
        }
    }

    private void takeMessages() {
        inbox.take(receive);
        if (unread) {
            unread = false;
            live.forEach(receive);
            ready.forEach(receive);
        }
    }

    private boolean hasMessages() {
        return !inbox.isEmpty() || unread;
    }

    void push(LocalTask<?> task) {
        ready.push(task);
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

    // ---- the loop
    // ------------------------------------------------------------------------------------------------------

    /**
     * Polls what is ready now, at most once each, and looks at timers and network without waiting.
     *
     * @return whether there is more to do at once
     * @throws IllegalStateException when another call is under way
     */
    public boolean tick() {
        RunLoop before = enter();
        try {
            look(0);
            for (int left = ready.size(); left > 0; left -= BATCH) {
                poll(Math.min(left, BATCH));
                takeMessages();
            }
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
            passLeft = 0;
            do {
                turn(0);
            } while (!ready.isEmpty() || hasMessages());
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
            boolean cancelled = false;
            passLeft = 0;
            try {
                while (!main.isFinished()) {
                    turn(Long.MAX_VALUE);
                    keepInterrupt(Thread.currentThread());
                    if (interrupted && !cancelled && !main.isFinished()) {
                        cancelled = true;
                        main.cancelHere();
                    }
                }
            } catch (Throwable t) {
                main.cancelHere(); // nobody will ask for its outcome
                throw t;
            }
            if (cancelled) {
                interrupted = false;
                throw new InterruptedException("blockOn was interrupted; its future has been dropped");
            }
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
            return nextDeadlineHere();
        }
        RunLoop before = enter();
        try {
            return nextDeadlineHere();
        } finally {
            leave(before);
        }
    }

    private OptionalLong nextDeadlineHere() {
        now = clock.nanoTime();
        return deadlineWithin(!ready.isEmpty() || hasMessages() ? 0 : Long.MAX_VALUE);
    }

    /** {@value #BATCH} polls at most; waits for at most {@code nanos} when nothing is ready. */
    private void turn(long nanos) {
        if (passLeft <= 0 || ready.isEmpty()) {
            look(nanos);
            passLeft = ready.size();
        } else {
            takeMessages();
        }
        passLeft -= BATCH;
        poll(BATCH);
    }

    /** Takes in what others, the clock and the network have; waits where {@code nanos} is positive and nothing is there. */
    private void look(long nanos) {
        takeIn();
        boolean wait = nanos > 0 && ready.isEmpty();
        boolean park = wait && idle == null;
        if (park || driver.hasNet()) {
            try {
                driver.park(park ? Math.min(nanos, timers.untilNext(now)) : 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            takeIn();
        }
        if (wait && idle != null && ready.isEmpty()) {
            idle.accept(deadlineWithin(nanos));
            takeIn();
        }
    }

    private OptionalLong deadlineWithin(long nanos) {
        long until = Math.min(nanos, timers.untilNext(now));
        return until > LONGEST_WAIT_NANOS ? OptionalLong.empty() : OptionalLong.of(now + until);
    }

    private void takeIn() {
        now = clock.nanoTime();
        stamp = Task.stamp(now);
        takeMessages();
        timers.fire(now);
    }

    private void poll(int most) {
        ReadyOrder o = order;
        if (o == null) {
            pollFirst(most);
            return;
        }
        for (int left = most; left > 0 && !ready.isEmpty(); left--) {
            ready.bringForward(o.pick(ready.size()));
            pollFirst(1);
        }
    }

    private void pollFirst(int most) {
        PollHook h = hook;
        Thread me = Thread.currentThread();
        while (most-- > 0 && !ready.isEmpty()) {
            keepInterrupt(me);
            LocalTask<?> task = ready.take();
            if (h == null || task.isFinished()) {
                task.run(cx);
            } else {
                Hooks.before(h, task, this);
                task.run(cx);
                Hooks.after(h, task, this);
            }
        }
    }

    /** Before a poll and after a park. */
    private void keepInterrupt(Thread me) {
        if (me.isInterrupted()) {
            interrupted = Thread.interrupted();
        }
    }

    private @Nullable RunLoop enter() {
        Thread me = Thread.currentThread();
        while (!OWNER.compareAndSet(this, null, me)) {
            if (lookers.get() > 0 && !isHere()) {
                Thread.yield(); // it may be one of them, who is gone at once
                continue;
            }
            throw new IllegalStateException(
                    this + " is being run by " + (isHere() ? "this thread already" : "another thread"));
        }
        try {
            return RunLoop.enter(loop);
        } catch (Throwable t) {
            OWNER.setRelease(this, null);
            throw t;
        }
    }

    private void leave(@Nullable RunLoop before) {
        boolean again = interrupted;
        interrupted = false;
        OWNER.setRelease(this, null);
        RunLoop.exit(before);
        if (again) {
            Thread.currentThread().interrupt();
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
        closeOnce.run(this::closeNow);
    }

    private void closeNow() {
        RunLoop before = enter();
        try {
            takeMessages();
            closing = true;
            takeMessages();
            cancelAll();
            try {
                long deadline = clock.nanoTime() + closeTimeoutNanos;
                for (long left = closeTimeoutNanos; liveTasks() > 0 && left > 0; left = deadline - clock.nanoTime()) {
                    turn(left);
                    keepInterrupt(Thread.currentThread());
                }
            } catch (Throwable t) { // the world's, or a hook's: then there is no waiting, and what is left ends at once
                Owners.report(this, "closing " + this, t);
            }
            closed = true;
            do { // whoever finds the inbox closed takes it that every task has ended
                takeMessages();
                endAllNow();
            } while (!inbox.close());
            driver.close();
            Tasks.closed(this);
        } finally {
            leave(before);
        }
    }

    private void cancelAll() {
        live.forEach(LocalTask::cancelHere);
        ready.forEach(task -> {
            if (!task.isFinished()) { // else its outcome is its handle's
                task.cancelHere();
            }
        });
    }

    private void endAllNow() {
        live.takeAll(LocalTask::endNow);
        while (!ready.isEmpty()) {
            ready.take().endNow();
        }
    }

    // ---- what there is to see
    // -------------------------------------------------------------------------------------------------------

    /** On the owner's thread, which is asked, or on this one where there is no owner now. */
    @Override
    public TaskDump look() {
        if (isHere()) {
            return lookHere();
        }
        CompletableFuture<TaskDump> answer = new CompletableFuture<>();
        boolean asked = post(() -> {
            try {
                answer.complete(lookHere());
            } catch (Throwable t) {
                answer.completeExceptionally(t);
            }
        });
        boolean wasInterrupted = Thread.interrupted(); // else a park would not wait
        lookers.getAndIncrement();
        try {
            for (int left = ASKS; asked && !answer.isDone() && left > 0; left--) {
                if (OWNER.compareAndSet(this, null, Thread.currentThread())) {
                    try {
                        stamp = Task.stamp(clock.nanoTime());
                        takeMessages();
                    } finally {
                        OWNER.setRelease(this, null);
                    }
                } else {
                    LockSupport.parkNanos(this, ASK_AGAIN_NANOS);
                }
            }
        } finally {
            lookers.getAndDecrement();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return answer.isDone() ? answer.join() : new TaskDump(toString(), liveTasks(), List.of(), polling());
    }

    private TaskDump lookHere() {
        List<TaskInfo> tasks = new ArrayList<>();
        live.forEach(task -> tasks.add(task.look(clock)));
        ready.forEach(task -> {
            if (task.slot < 0 && !task.isFinished()) { // else it is among those that wait
                tasks.add(task.look(clock));
            }
        });
        return new TaskDump(toString(), liveTasks(), tasks, polling());
    }

    private Map<String, List<StackTraceElement>> polling() {
        Thread thread = (Thread) OWNER.getOpaque(this);
        List<StackTraceElement> bodies = thread == null ? List.of() : AwaitChain.polling(thread);
        return thread == null || bodies.isEmpty()
                ? Collections.emptyMap()
                : Collections.singletonMap(thread.getName(), bodies);
    }

    // ---- capabilities
    // ---------------------------------------------------------------------------------------------------

    @Override
    public World world() {
        return world;
    }

    /** What only this package may see. */
    private final class Loop implements RunLoop {
        @Override
        public <R extends @Nullable Object> R blockInPlace(Callable<? extends R> work) throws Exception {
            return RunLoop.unmarked(work);
        }

        @Override
        public String toString() {
            return LocalExecutor.this.toString();
        }
    }

    /** For tests. */
    LazyDriver driver() {
        return driver;
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "LocalExecutor" : "LocalExecutor " + name;
    }
}
