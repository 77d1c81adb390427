package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Owners;
import dev.latent.task.SpawnedTask;
import dev.latent.task.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a {@link WorkStealingExecutor} and what belongs to it.
 *
 * <p>It takes, in this order: the task woken last ({@code lifo}: its data is still in the cache, and a pair that talks to each
 * other stays on one core), its own ring, a batch from the executor's injector, half of another's ring. A task that another's end wakes
 * goes behind those in the ring, if there are any: whoever joins many would else come first after each of them, only to wait for the next. It looks at the injector, the timers
 * and the network every {@value #INTERVAL} polls too, so that none of them starves behind a full ring.
 *
 * <p><b>The lifo slot</b> is this thread's alone: nobody steals from it, and nobody is woken for what comes there, since it is polled as soon
 * as the poll that woke it is over. So a task that wakes another and computes on holds it up, though other workers are idle; whoever
 * does that wraps it in {@code blockInPlace}, which gives the slot away with the ring. The one that stands there goes to the ring, where it can
 * be stolen, when another comes, and after {@value #LIFO_LIMIT} polls from the slot in a row while others wait, there or in the injector. What yields goes there at once.
 *
 * <p><b>Who yields</b> has work and lets others go first, behind those in the ring. Where many do because a budget has ended their polls, as of all who have much to send, they stand in the injector: so whoever
 * is woken, of whom most have little to do, waits for some of them and not for all. They take turns there, and have those of the ring that are left, and at least one in {@value #INTERVAL}.
 */
final class Worker extends Thread implements RunLoop {
    /** Polls between two looks around; as in tokio and Go a prime, to fall out of step with patterns in the load. */
    private static final int INTERVAL = 61;

    /** What a poll that has used up its budget counts for beside itself: few of those take as long as {@link #INTERVAL} others. */
    static final int SPENT = 15;

    /** Tasks run from {@code lifo} in a row: two that keep waking each other must not starve the ring. */
    private static final int LIFO_LIMIT = 3;

    /** Tasks taken from the injector at once: few enough that others get theirs, and that who is woken meanwhile does not wait for many. */
    private static final int INJECTED = 16;

    /** So many in the ring, and what yields with its budget used up goes to the injector. */
    private static final int YIELDING = 64;

    /** After a failure: what keeps failing must not spin. */
    private static final long PAUSE_NANOS = 1_000_000;

    static final int AWAKE = 0;
    static final int PARKED = 1;

    final WorkStealingExecutor home;
    final int number;
    final Ring ring = new Ring();
    private final Context cx;
    private @Nullable SpawnedTask<?> lifo;
    private int lifoRuns;
    /** Polls since the last look around. */
    private int polls;

    /** When it last looked at the clock, by {@link Task#stamp}. */
    private int stamp;

    private int nextVictim;
    private boolean searching;

    /** The task that is being polled has ended; who is woken now is its joiner. */
    private boolean ending;

    /** {@link #AWAKE} or {@link #PARKED}; whoever changes it back to AWAKE takes the worker off the count of sleepers. */
    final AtomicInteger parkState = new AtomicInteger();

    /** It parks in the driver; read by who has just woken it. */
    volatile boolean inDriver;

    /** A task of this thread is in {@link #blockInPlace}. */
    private boolean blocked;

    /** Of a stand-in: the one it stands in for is back. */
    private volatile boolean dismissed;

    /** Counts for {@link WorkStealingExecutor#liveTasks}; written by this thread, by release. */
    private long spawned;

    private long ended;

    private static final VarHandle SPAWNED;
    private static final VarHandle ENDED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SPAWNED = lookup.findVarHandle(Worker.class, "spawned", long.class);
            ENDED = lookup.findVarHandle(Worker.class, "ended", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    Worker(WorkStealingExecutor home, int number, String name) {
        super(name);
        this.home = home;
        this.number = number;
        this.cx = new Context(home);
        this.nextVictim = number;
        this.stamp = home.stamp();
        setDaemon(true);
    }

    int stamp() {
        return stamp;
    }

    void countSpawned() {
        SPAWNED.setRelease(this, spawned + 1);
    }

    void countEnded() {
        ending = true;
        ENDED.setRelease(this, ended + 1);
    }

    long spawned() {
        return (long) SPAWNED.getAcquire(this);
    }

    long ended() {
        return (long) ENDED.getAcquire(this);
    }

    /** {@return whether tasks scheduled on this thread may wait in its own queue} */
    boolean takes() {
        return !blocked;
    }

    @Override
    public void run() {
        RunLoop.enter(this);
        while (!dismissed) {
            try {
                if (!turn()) {
                    break;
                }
            } catch (Throwable t) { // the world's, or the driver's: not a reason to lose a worker
                Owners.report(home, getName(), t);
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
        stopSearching(); // first: a wake that came here has to be passed on
        try {
            home.ended(this);
        } finally {
            spill();
        }
    }

    /** Polls one task or parks: {@return false when the executor has stopped} */
    private boolean turn() {
        if (isInterrupted()) {
            boolean _ = interrupted(); // the last task's: not the next one's, and a park would not wait any more
        }
        SpawnedTask<?> task = next();
        if (task == null) {
            task = search();
        }
        if (task != null) {
            try {
                foundWork();
            } finally {
                poll(task); // it is in no queue any more
            }
        } else if (home.isStopped()) {
            return false;
        } else {
            park();
        }
        return true;
    }

    private void poll(SpawnedTask<?> task) {
        if (home.isStopped()) {
            task.endNow(); // its time was up: a cleanup that wakes itself would go on for ever
            return;
        }
        ending = false;
        PollHook hook = home.hook;
        if (hook == null) {
            task.run(cx, stamp);
        } else {
            Hooks.before(hook, task, home);
            task.run(cx, stamp);
            Hooks.after(hook, task, home);
        }
        if (cx.isSpent()) {
            polls += SPENT;
        }
    }

    // ---- queues
    // ----------------------------------------------------------------------------------------------------------

    /** On this thread: what has been woken. */
    void push(SpawnedTask<?> task) {
        SpawnedTask<?> toRing = task;
        if (!ending || ring.isEmpty()) {
            toRing = lifo;
            lifo = task;
            if (toRing == null) {
                return;
            }
        }
        append(toRing);
    }

    /** On this thread: what has yielded. */
    void pushYielded(SpawnedTask<?> task) {
        if (!cx.isSpent() || ring.size() < YIELDING && home.injector.isEmpty()) {
            append(task);
        } else {
            home.injector.add(task);
            home.crew.wakeOne();
        }
    }

    /** On this thread: behind all others. */
    void append(SpawnedTask<?> task) {
        if (!ring.push(task)) {
            overflow(task);
        }
        home.crew.wakeOne();
    }

    private void overflow(SpawnedTask<?> task) {
        for (int i = Ring.CAPACITY / 2; i > 0; i--) {
            SpawnedTask<?> first = ring.pop();
            if (first == null) {
                break;
            }
            home.injector.add(first);
        }
        home.injector.add(task);
    }

    private @Nullable SpawnedTask<?> next() {
        if (++polls >= INTERVAL) {
            polls = 0;
            stamp = home.stamp();
            home.lookAround(INTERVAL);
            SpawnedTask<?> task = home.injector.poll();
            if (task != null) {
                return task;
            }
        }
        SpawnedTask<?> task = lifo;
        if (task != null) {
            lifo = null;
            if (lifoRuns++ < LIFO_LIMIT) {
                return task;
            }
            SpawnedTask<?> first = ring.pop();
            if (first == null) {
                first = home.injector.poll();
            }
            if (first == null) {
                return task;
            }
            lifoRuns = 0;
            if (!ring.push(task)) {
                overflow(task);
            }
            return first;
        }
        lifoRuns = 0;
        return ring.pop();
    }

    private @Nullable SpawnedTask<?> search() {
        SpawnedTask<?> task = fromInjector();
        if (task != null) {
            return task;
        }
        if (!searching) {
            home.crew.searching.getAndIncrement();
            searching = true;
        }
        Worker[] others = home.crew.workers;
        for (int i = 0; task == null && i < others.length; i++) {
            task = steal(others[++nextVictim % others.length]);
        }
        if (nextVictim > 1 << 20) {
            nextVictim = number;
        }
        for (Worker standIn : home.crew.standIns) {
            task = task != null ? task : steal(standIn);
        }
        return task != null ? task : fromInjector();
    }

    private @Nullable SpawnedTask<?> steal(Worker victim) {
        return victim == this ? null : victim.ring.stealInto(ring);
    }

    /** When its own ring is empty: {@return the first that waits there, the next ones being in the ring then} */
    private @Nullable SpawnedTask<?> fromInjector() {
        SpawnedTask<?> first = home.injector.poll();
        for (int i = 1; first != null && i < INJECTED; i++) {
            SpawnedTask<?> next = home.injector.poll();
            if (next == null) {
                break;
            }
            if (!ring.push(next)) {
                overflow(next);
            }
        }
        return first;
    }

    private void foundWork() {
        stopSearching();
        // As long as this one searched, whoever added work relied on it; also when it stopped searching, parked, and
        // found
        // the work in its last look.
        if (home.crew.hasSleepers()) {
            if (home.crew.hasWork()) {
                home.crew.wakeOne();
            }
            home.slot.beforePoll();
        }
    }

    private void stopSearching() {
        if (searching) {
            searching = false;
            home.crew.searching.getAndDecrement();
        }
    }

    /** Gives all that waits here to the others. */
    private void spill() {
        SpawnedTask<?> task = lifo;
        lifo = null;
        for (; task != null || !ring.isEmpty(); task = ring.pop()) {
            if (task != null) {
                home.injector.add(task);
            }
        }
        home.crew.wakeOne();
    }

    // ---- waiting
    // -----------------------------------------------------------------------------------------------------------

    private void park() {
        boolean driving = home.slot.take();
        long most = Long.MAX_VALUE;
        if (!driving) {
            home.tellIdleCheck();
        } else {
            most = home.idleCheck();
            if (lifo != null) {
                home.slot.leave();
                return;
            }
        }
        inDriver = driving;
        parkState.set(PARKED);
        home.crew.sleepers.getAndIncrement();
        stopSearching();
        // Whoever adds work does so before looking for sleepers.
        try {
            if (!home.crew.hasWork() && !dismissed && !home.isStopped()) {
                if (!driving && home.slot.sleep(this)) {
                    driving = true;
                    inDriver = true; // first: who wakes it from now on, does so in the driver
                    home.slot.retire(this);
                    most = home.idleCheck();
                }
                if (driving && mustSleep()) {
                    home.parkInDriver(most);
                }
            }
        } finally {
            wokeBySelf();
            home.slot.retire(this);
            if (driving) {
                home.slot.leave();
            }
        }
        stamp = home.stamp();
        if (driving) {
            home.timers.fire();
        }
    }

    /** {@return whether nothing has woken it yet} */
    boolean mustSleep() {
        return parkState.get() == PARKED && !dismissed;
    }

    boolean sleepsPlainly() {
        return parkState.get() == PARKED && !inDriver;
    }

    private void wokeBySelf() {
        if (parkState.compareAndSet(PARKED, AWAKE)) {
            home.crew.sleepers.getAndDecrement();
        } else {
            searching = true; // who woke it has counted it as searching
        }
    }

    /** Wakes it if it is parked, as a searching worker: {@return whether it was} */
    boolean unparkToSearch() {
        if (parkState.get() != PARKED || !parkState.compareAndSet(PARKED, AWAKE)) {
            return false;
        }
        home.crew.sleepers.getAndDecrement();
        if (inDriver) {
            home.driver().unpark();
        } else {
            LockSupport.unpark(this);
        }
        return true;
    }

    // ---- blocking
    // ------------------------------------------------------------------------------------------------------------

    /** Another thread stands in until {@code work} has returned. */
    @Override
    public <R extends @Nullable Object> R blockInPlace(Callable<? extends R> work) throws Exception {
        if (blocked) {
            return work.call();
        }
        Worker standIn = home.startStandIn();
        blocked = true;
        spill();
        try {
            return RunLoop.unmarked(work);
        } finally {
            blocked = false;
            standIn.dismissed = true;
            LockSupport.unpark(standIn);
            home.driver().unpark(); // where it may wait too
        }
    }

    String diagnostics() {
        return getState() + (parkState.get() == PARKED ? " parked" : " awake") + (inDriver ? " in driver" : "")
                + " ring " + ring.size() + (searching ? " searching" : "") + (lifo == null ? "" : " lifo");
    }

    @Override
    public String toString() {
        return home.toString();
    }
}
