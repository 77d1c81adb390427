package dev.latent.runtime;

import dev.latent.world.Clock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which {@link Worker} is in the driver, and who sees to it that somebody is: <em>while a worker sleeps, no timer and no socket
 * waits longer than {@value #LATE_MILLIS} ms for another worker that polls, and this costs at most one wake in 10 ms.</em>
 *
 * <p>A worker that has nothing to do takes the slot, if it is free, and waits in the driver; else it sleeps plainly. When the one in
 * the driver leaves with work, the plain sleepers would sleep on, though nobody waits for timers and network any more. To hand the driver
 * over each time would cost a wake for each message. So one of the sleepers, the <em>watch</em>, sleeps for a round at a time and
 * looks whether the slot was free for long.
 *
 * <pre>{@code
 *           1 take                              4 first to sleep plainly
 *   FREE ───────────▶ HELD            NONE ────────────────────────────▶ ARMED(worker)
 *  (time) ◀───────────                 ▲ │                                ▲  │  │
 *           2 leave                    │ │ 8 another sleeps still    7 arm│  │  │ 5 held in all of ROUNDS rounds
 *    │  ▲                              │ └──────────────▶ DEEP ───────────┘  │  │
 *    └──┘ 3 looked                     │                   ▲─────────────────┼──┘
 *                                      └─────────────────────────────────────┘ 6 woken, or has taken the slot
 * }</pre>
 *
 * <dl>
 * <dt>1, 2, 3</dt><dd>CAS; a write by the holder; CAS by a worker that looked without the slot. A free slot keeps the time of the
 * last look: one that is older than {@code STALE} is taken by the watch, who waits in the driver from then on.</dd>
 * <dt>4, 6</dt><dd>By the sleeper itself, as it goes to sleep and however it comes out.</dd>
 * <dt>5</dt><dd>By the watch: somebody is in the driver whenever it looks, so the machine has little to do, and gets no more rounds.</dd>
 * <dt>7</dt><dd>By a worker that is about to poll while the slot is free: it wakes one sleeper, who starts its rounds.</dd>
 * <dt>8</dt><dd>By the one that makes edge 6, when others sleep.</dd>
 * </dl>
 *
 * <p><b>Nobody is left unwatched.</b> When the slot is free, a worker sleeps plainly, and another polls, then the watch is armed, or
 * somebody is on the way to arm it. Each side writes its own word before it reads the other's, in sequentially consistent order:
 *
 * <table>
 * <caption>Pairs of Dekker</caption>
 * <tr><th>who</th><th>writes</th><th>then reads</th><th>and</th></tr>
 * <tr><td>going to sleep</td><td>PARKED in its own state, 4</td><td>slot</td><td>free: does not sleep, but takes it</td></tr>
 * <tr><td>about to poll</td><td>2, if it was in the driver</td><td>watch</td><td>DEEP and the slot free: 7</td></tr>
 * <tr><td>the watch, tired</td><td>5</td><td>slot</td><td>free: 7 back to itself</td></tr>
 * <tr><td>the watch, woken</td><td>6</td><td>the others' states</td><td>one sleeps: 8, then the slot; free: 7</td></tr>
 * <tr><td>who arms</td><td>7</td><td>that sleeper's state</td><td>awake: back to DEEP, and the next one</td></tr>
 * </table>
 *
 * <p><b>What it costs.</b> A watch wakes once in a round. To be woken for edge 7 it must have gone through edge 5, which takes
 * {@code ROUNDS} rounds, or 8, which is rare since sleepers that do not watch are woken for work first.
 *
 * <table>
 * <caption>Shared fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code slot}</td><td>1: any worker; 2: the holder; 3: any worker</td><td>any</td><td>volatile, CAS</td></tr>
 * <tr><td>{@code watch}</td><td>as above</td><td>any worker</td><td>volatile, CAS</td></tr>
 * </table>
 */
final class DriverSlot {
    /** What a timer or a socket waits at most, by the arithmetic of a round and staleness, with time for the scheduler. */
    static final int LATE_MILLIS = 20;

    /** Of the watch's sleep. */
    static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(11);

    /** With the one more that arms, eleven wakes in 110 ms. */
    private static final int ROUNDS = 10;

    /** A worker that polls looks itself far more often, unless one poll takes long. */
    private static final long STALE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Of {@code slot}. A time is stored with this bit cleared. */
    private static final long HELD = 1;

    private static final Object DEEP = new Object();
    private static final VarHandle SLOT;
    private static final VarHandle WATCH;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SLOT = lookup.findVarHandle(DriverSlot.class, "slot", long.class);
            WATCH = lookup.findVarHandle(DriverSlot.class, "watch", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Supplier<@Nullable Worker> plainSleeper;
    private final Clock clock;
    private final LongAdder wakes = new LongAdder();

    /** Polls, of all workers, that are left until one of them looks at the network. */
    private final AtomicInteger passLeft = new AtomicInteger();

    private volatile long slot;

    /** Null: NONE. A worker: ARMED. */
    private volatile @Nullable Object watch;

    /** @param plainSleeper finds some worker that sleeps, but not in the driver */
    DriverSlot(Supplier<@Nullable Worker> plainSleeper, Clock clock) {
        this.plainSleeper = plainSleeper;
        this.clock = clock;
        this.slot = clock.nanoTime() & ~HELD;
    }

    // ---- the slot
    // ------------------------------------------------------------------------------------------------------

    /** Edge 1. */
    boolean take() {
        long before = slot;
        return before != HELD && SLOT.compareAndSet(this, before, HELD);
    }

    /** Edge 2. */
    void leave() {
        assert slot == HELD : "left without having been taken";
        long now = 0;
        try {
            now = clock.nanoTime();
        } finally {
            slot = now & ~HELD;
        }
    }

    /** Edge 3: all there is to look at was looked at from outside. */
    void looked(long now) {
        long before = slot;
        if (before != HELD) {
            SLOT.compareAndSet(this, before, now & ~HELD);
        }
    }

    /** By the holder, after a look that has made {@code tasks} ready. */
    void beginPass(int tasks) {
        passLeft.set(tasks);
    }

    /**
     * After {@code polls} polls of one worker: {@return whether it is time for a look} One before the end of a pass would bring nobody forward,
     * and would be told again of those that still stand in the rings.
     */
    boolean endsPass(int polls) {
        return passLeft.getAndAdd(-polls) <= polls;
    }

    boolean isHeld() {
        return slot == HELD;
    }

    private boolean takeStale(long now) {
        long before = slot;
        return before != HELD && now - before >= STALE_NANOS && SLOT.compareAndSet(this, before, HELD);
    }

    // ---- the watch
    // -----------------------------------------------------------------------------------------------------

    /** Before a poll, while somebody sleeps. */
    void beforePoll() {
        if (watch == DEEP && !isHeld()) {
            arm();
        }
    }

    /** Edge 7. */
    private void arm() {
        for (Worker sleeper = plainSleeper.get();
                sleeper != null && WATCH.compareAndSet(this, DEEP, sleeper);
                sleeper = plainSleeper.get()) {
            if (sleeper.sleepsPlainly()) {
                wakes.increment();
                LockSupport.unpark(sleeper);
                return;
            }
            WATCH.compareAndSet(this, sleeper, DEEP);
        }
    }

    /**
     * Sleeps until {@code me} is woken, or until it has taken the slot for the driver to be watched. Then it {@link #retire}s.
     *
     * @param me who has told already that it sleeps
     * @return whether it has taken the slot
     */
    boolean sleep(Worker me) {
        WATCH.compareAndSet(this, null, me); // edge 4
        boolean took = false;
        if (isHeld()) {
            for (int held = 0; !took && me.mustSleep(); ) {
                if (watch != me) {
                    LockSupport.park(this);
                    held = 0;
                } else {
                    LockSupport.parkNanos(this, ROUND_NANOS);
                    if (!me.mustSleep()) {
                        break;
                    }
                    wakes.increment();
                    took = takeStale(clock.nanoTime());
                    held = isHeld() ? held + 1 : 0;
                    if (held == ROUNDS && !took) {
                        tire(me);
                    }
                }
                boolean _ = Thread.interrupted(); // else a park would not wait any more
            }
        }
        return took;
    }

    /** Edge 5. */
    void tire(Worker me) {
        WATCH.compareAndSet(this, me, DEEP);
        if (!isHeld()) {
            WATCH.compareAndSet(this, DEEP, me);
        }
    }

    /** Edges 6 and 8, where {@code me} is the watch; it has told already that it does not sleep, or that it sleeps in the driver. */
    void retire(Worker me) {
        if (watch == me
                && WATCH.compareAndSet(this, me, null)
                && plainSleeper.get() != null
                && WATCH.compareAndSet(this, null, DEEP)
                && !isHeld()) {
            arm();
        }
    }

    boolean isWatchedBy(Worker worker) {
        return watch == worker;
    }

    // ---- for tests
    // -----------------------------------------------------------------------------------------------------

    /** {@return how often a sleeper was awake for the watch's sake} */
    long wakes() {
        return wakes.sum();
    }

    boolean isDeep() {
        return watch == DEEP;
    }

    @Override
    public String toString() {
        Object w = watch;
        return (isHeld() ? "driver held" : "driver free") + ", "
                + (w == null ? "no watch" : w == DEEP ? "watch deep" : "watch " + ((Thread) w).getName());
    }
}
