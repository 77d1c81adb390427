package dev.latent.task;

import dev.latent.OwnedFuture;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The state word of a task, and every change of it there is. Each comes in two forms: <em>plain</em>, for a task whose word one
 * thread writes at a time (a foreign one leaves its wish elsewhere, as {@code LocalTask} has it), and <em>atomic</em>, for a task that
 * any thread may wake, a read-modify-write each.
 *
 * <pre>{@code
 *                  1 start
 *                     │
 *        2 wake, cancel   3 run
 *   waiting ─────────▶ DUE ─────▶ RUNNING ──2──▶ RUNNING, DUE      DUE: a run is owed, and a queue holds the task, or will:
 *      ▲               │  ▲        │    │              │           who sets it while no poll is under way puts it there
 *      │               │  └────────┼────┼──4 pending───┘
 *      └───────────────┼───────────┘    │
 *                      6 seize, refuse  5 end
 *                      └──────▶ ENDED ◀─┘
 * }</pre>
 *
 * CANCEL may come before the end at any time; a run that finds it drops the future in place of polling it. It comes once: the drop that
 * is under way has its own wakes. DETACHED may come at any time,
 * and from then on only the executor cancels. LOOKED_AT may come while no poll is under way: until it is gone again, no poll begins. A queue
 * may hold a task that has ended: edge 3 finds that out. STRANDED comes with edge 4, where the poll has left no waker, and goes with the next edge 3.
 *
 * <p><b>What is visible.</b> Edge 2 on an atomic task writes even where DUE stands already, and edge 3 reads that: what happened before any
 * wake happened before the poll. ENDED is published by release, with the outcome before it.
 *
 * <p>The flags of an ended task are ENDED, CANCEL and DETACHED; those are never cleared. Above the flags stands a stamp: when it was last
 * polled, or became ready for its first poll.
 */
abstract class TaskState<T extends @Nullable Object> extends OwnedFuture<T> {
    private static final int ENDED = 1;
    private static final int CANCEL = 2;
    private static final int DETACHED = 4;
    private static final int DUE = 8;
    private static final int RUNNING = 16;
    private static final int LOOKED_AT = 32;
    private static final int STRANDED = 64;

    private static final int STAMP_SHIFT = 7;
    private static final int FLAGS = (1 << STAMP_SHIFT) - 1;

    /** Nanoseconds of a stamp's unit, as a power of two: 34 ms. Short for a person, and the bits that are left last for 13 days. */
    private static final int STAMP_NANOS_SHIFT = 25;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(TaskState.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private int state;

    /** Loaded early: a class that is first needed when there is no memory can't be used ever after. */
    private static final Seized LOADED = Seized.NOW;

    TaskState() {}

    // ---- what is so -------------------------------------------------------------------------------------------------

    /** {@return a time, as the word keeps it} */
    public static int stamp(long nanos) {
        return (int) (nanos >> STAMP_NANOS_SHIFT) << STAMP_SHIFT;
    }

    /** {@return nanoseconds from the stamp in {@code seen} to {@code now}, a time of the same clock} */
    static long nanosSince(int seen, long now) {
        int units = stamp(now) - (seen & ~FLAGS) >>> STAMP_SHIFT;
        return (long) units << STAMP_NANOS_SHIFT;
    }

    /** {@return whether the outcome is there, and visible} */
    final boolean hasEnded() {
        return ((int) STATE.getAcquire(this) & ENDED) != 0;
    }

    /** {@return whether it waits, and has left no waker} */
    final boolean isStranded() {
        return doing((int) STATE.getOpaque(this)) == TaskInfo.State.STRANDED;
    }

    /** {@return whether it has ended or was detached} */
    final boolean isNobodysConcern() {
        return ((int) STATE.getAcquire(this) & (ENDED | DETACHED)) != 0;
    }

    static TaskInfo.State doing(int seen) {
        if ((seen & RUNNING) != 0) {
            return TaskInfo.State.RUNNING;
        }
        if ((seen & CANCEL) != 0) {
            return TaskInfo.State.CANCELLED;
        }
        if ((seen & DUE) != 0) {
            return TaskInfo.State.READY;
        }
        return (seen & STRANDED) != 0 ? TaskInfo.State.STRANDED : TaskInfo.State.WAITING;
    }

    // ---- plain ------------------------------------------------------------------------------------------------------

    /** {@return the word, which no other thread writes} */
    protected final int plainSeen() {
        return state;
    }

    /** {@return whether it has ended} */
    protected final boolean plainHasEnded() {
        return (state & ENDED) != 0;
    }

    /** {@return whether a run is owed} */
    protected final boolean plainIsDue() {
        return (state & DUE) != 0;
    }

    /** {@return whether nobody has woken or cancelled it, and nobody polls it} */
    protected final boolean plainIsWaiting() {
        return (state & (RUNNING | ENDED | DUE | CANCEL)) == 0;
    }

    /** {@return whether its cancellation was asked for} */
    protected final boolean plainIsCancelled() {
        return (state & CANCEL) != 0;
    }

    /** {@return whether its handle has given it up} */
    protected final boolean plainIsDetached() {
        return (state & DETACHED) != 0;
    }

    /** Edge 1. */
    protected final void plainStart(int stamp) {
        assert state == 0 : this;
        state = DUE | stamp;
    }

    /** {@return whether the caller is to queue it} Edge 2. */
    protected final boolean plainWake() {
        int s = state;
        if ((s & (DUE | ENDED)) != 0) {
            return false;
        }
        state = s | DUE;
        return true;
    }

    /** {@return whether the caller is to queue it} Edge 2, with CANCEL, on a task that has not ended. */
    protected final boolean plainCancel() {
        int s = state;
        assert (s & ENDED) == 0 : this;
        if ((s & CANCEL) != 0) {
            return false;
        }
        boolean idle = (s & (DUE | RUNNING)) == 0;
        state = s | (idle ? CANCEL | DUE : CANCEL);
        return idle;
    }

    /** {@return whether it had ended} */
    protected final boolean plainDetach() {
        int s = state;
        state = s | DETACHED;
        return (s & ENDED) != 0;
    }

    /** Edge 3, on a task that has not ended. */
    protected final void plainRun() {
        int s = state;
        assert (s & (DUE | RUNNING | ENDED)) == DUE : this;
        state = s & ~(DUE | STRANDED) | RUNNING;
    }

    /** Edge 4. */
    protected final void plainPending(int stamp) {
        int s = state;
        assert (s & (RUNNING | ENDED)) == RUNNING : this;
        state = s & FLAGS & ~RUNNING | stamp;
    }

    /** STRANDED, after edge 4. */
    protected final void plainStrand() {
        state |= STRANDED;
    }

    /** {@return whether nobody wants the outcome} Before {@link #plainEnd}. */
    protected final boolean plainIsUnwanted() {
        return (state & (CANCEL | DETACHED)) != 0;
    }

    /** Edges 5 and 6. */
    protected final void plainEnd() {
        int s = state;
        assert (s & ENDED) == 0 : this;
        STATE.setRelease(this, s & (CANCEL | DETACHED) | ENDED);
    }

    /** Edge 6, before it was started. */
    protected final void plainRefuse() {
        assert state == 0 : this;
        STATE.setRelease(this, CANCEL | ENDED);
    }

    // ---- atomic -----------------------------------------------------------------------------------------------------

    /** What a run is to do. */
    enum Run {
        NOTHING,
        POLL,
        DROP
    }

    /** What a request is to do next. */
    enum Then {
        NOTHING,
        QUEUE,
        DISCARD
    }

    /** What {@link #atomicSeize} found. */
    enum Seized {
        NOW,
        RUNNING,
        ENDED
    }

    /** The one place of it: where it is called first takes memory, and transitions for want of memory are to need none. */
    private boolean change(int seen, int next) {
        return STATE.compareAndSet(this, seen, next);
    }

    /** Edge 1, by the thread that has made it. */
    final void atomicStart(int stamp) {
        plainStart(stamp);
    }

    /** Edge 2: {@return whether the caller is to queue it} */
    final boolean atomicWake() {
        int s = (int) STATE.getAndBitwiseOr(this, DUE);
        return (s & (DUE | RUNNING | ENDED)) == 0;
    }

    /**
     * Edge 2, with CANCEL.
     *
     * @param byHandle a detached task minds only its executor
     */
    final Then atomicCancel(boolean byHandle) {
        while (true) {
            int s = atomicSeen();
            if (byHandle && (s & DETACHED) != 0) {
                return Then.NOTHING;
            }
            if ((s & ENDED) != 0) {
                return byHandle ? Then.DISCARD : Then.NOTHING; // the executor itself takes no outcome away
            }
            if ((s & CANCEL) != 0) {
                return Then.NOTHING;
            }
            if (change(s, s | CANCEL | DUE)) {
                return (s & (DUE | RUNNING)) == 0 ? Then.QUEUE : Then.NOTHING;
            }
        }
    }

    /** CANCEL, for a task that is to run anyway. */
    final void atomicMarkCancelled() {
        STATE.getAndBitwiseOr(this, CANCEL);
    }

    /** CANCEL, for a run that is owed and that nobody has begun: {@return whether that is so} */
    final boolean atomicCancelUnbegun() {
        while (true) {
            int s = atomicSeen();
            if ((s & (DUE | RUNNING | ENDED)) != DUE) {
                return false;
            }
            if (change(s, s | CANCEL)) {
                return true;
            }
        }
    }

    /** Edge 2, by the thread that polls. */
    final void atomicAgain() {
        int s;
        do {
            s = atomicSeen();
        } while (!change(s, s | DUE));
    }

    /** Edge 2 back: no queue holds it after all. */
    final void atomicUnqueued() {
        int s;
        do {
            s = atomicSeen();
        } while (!change(s, s & ~DUE));
    }

    final Then atomicDetach() {
        return ((int) STATE.getAndBitwiseOr(this, DETACHED) & ENDED) != 0 ? Then.DISCARD : Then.NOTHING;
    }

    /**
     * Edge 3; waits for who looks at it. NOTHING where it was ended by {@link #atomicSeize} meanwhile, or where no run is owed: somebody
     * else's executor may run twice what it was given once.
     */
    final Run atomicRun(int stamp) {
        while (true) {
            int s = atomicSeen();
            if ((s & (DUE | RUNNING | ENDED)) != DUE) {
                return Run.NOTHING;
            }
            if ((s & LOOKED_AT) != 0) {
                Thread.yield();
            } else if (change(s, s & FLAGS & ~(DUE | STRANDED) | RUNNING | stamp)) {
                return (s & CANCEL) != 0 ? Run.DROP : Run.POLL;
            }
        }
    }

    /** STRANDED, before edge 4. */
    final void atomicStrand() {
        STATE.getAndBitwiseOr(this, STRANDED);
    }

    /** Edge 4: {@return whether a run is owed, for which the caller is to queue it} */
    final boolean atomicPending() {
        int s = (int) STATE.getAndBitwiseAnd(this, ~RUNNING);
        assert (s & (RUNNING | ENDED)) == RUNNING : this;
        return (s & DUE) != 0;
    }

    final int atomicSeen() {
        return (int) STATE.getVolatile(this);
    }

    static boolean isUnwanted(int seen) {
        return (seen & (CANCEL | DETACHED)) != 0;
    }

    /** Edge 5: {@return false when the word is no longer {@code seen}} */
    final boolean atomicEnd(int seen) {
        assert (seen & (RUNNING | ENDED)) == RUNNING : this;
        return change(seen, seen | ENDED);
    }

    /** Edge 6, before it was queued. */
    final void atomicRefuse() {
        int s;
        do {
            s = atomicSeen();
        } while (!change(s, s | CANCEL | ENDED));
    }

    /** The first half of edge 6: as a run that is going to end it. */
    final Seized atomicSeize() {
        while (true) {
            int s = atomicSeen();
            if ((s & ENDED) != 0) {
                return Seized.ENDED;
            }
            if ((s & RUNNING) != 0) {
                return Seized.RUNNING;
            }
            if ((s & LOOKED_AT) == 0 && change(s, s & ~STRANDED | RUNNING | DUE)) {
                return Seized.NOW;
            }
        }
    }

    /** {@return the word as it was}: LOOKED_AT is set, and to be cleared by {@link #atomicLooked}, where neither RUNNING nor ENDED was. */
    final int atomicLook() {
        while (true) {
            int s = atomicSeen();
            if ((s & (RUNNING | ENDED)) != 0 || (s & LOOKED_AT) == 0 && change(s, s | LOOKED_AT)) {
                return s;
            }
        }
    }

    /** {@return whether it waits, and LOOKED_AT is set, which nobody else had set} */
    final boolean atomicTryLook() {
        int s = atomicSeen();
        return (s & (RUNNING | ENDED | DUE | CANCEL | LOOKED_AT)) == 0 && change(s, s | LOOKED_AT);
    }

    final void atomicLooked() {
        STATE.getAndBitwiseAnd(this, ~LOOKED_AT);
    }

    static boolean hasEnded(int seen) {
        return (seen & ENDED) != 0;
    }
}
