package dev.latent.task;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Spawner;
import dev.latent.WaiterList;
import dev.latent.WaiterList.Waiter;
import dev.latent.Waker;
import dev.latent.world.Clock;
import org.jspecify.annotations.Nullable;

/**
 * A task that any thread may wake and several may take turns to poll. Every change of {@code state} is an atomic
 * read-modify-write, so one thread at a time polls, and what happened before a wake is visible to the poll after it.
 *
 * <pre>{@code
 *                     WOKEN          in a queue
 *    3 wake        ┌────▲ │
 *    schedules     │    │ │ 1 run: WOKEN taken, RUNNING set
 *                  │    │ ▼
 *   (waiting) ─────┘  RUNNING ──4 wake──▶ RUNNING + WOKEN
 *       ▲               │ │ │               │ 5 the poll was pending: queued again, behind the others
 *       └── 2 pending ──┘ │ └───────────────┘
 *                         └── 6 the future, or its drop, has ended ──▶ ENDED
 * }</pre>
 *
 * <p>WOKEN means: a run is owed, and whoever set it while neither WOKEN nor RUNNING nor ENDED was set has queued the task. At
 * edge 5 the thread that ran it does. So a task is in one queue at most, once.
 *
 * <p>Edge 1 reads what every waker wrote, also that of a task queued already: its wake comes with the others' before the poll.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code state}</td><td colspan="2">any</td><td>atomic</td></tr>
 * <tr><td>{@code joiner}</td><td colspan="2">any</td><td>CAS; the end exchanges it for {@link Joiners#WOKEN}</td></tr>
 * <tr><td>{@code slot}</td><td colspan="2">any</td><td>the lock of its shard of {@link LiveSet}; the shard's number never changes</td></tr>
 * </table>
 */
public final class SpawnedTask<T extends @Nullable Object> extends Task<T> implements Runnable {
    private static final int WOKEN = 8;
    private static final int RUNNING = 16;

    /** Somebody looks at it: for the microseconds until that is over, nobody else does and no poll begins. */
    private static final int LOOKED_AT = 32;

    private final TaskHome home;

    /** Of {@link #slot}: no poll was pending yet. */
    private static final int NEW = -2;

    /** Of {@link #slot}: in no set. */
    static final int UNLISTED = -1;

    /** Where a {@link LiveSet} holds it. */
    int slot = NEW;

    /** A task that its executor is about to queue. */
    public SpawnedTask(TaskHome home, Future<? extends T> future) {
        this(home, future, 0);
    }

    /** As {@link #SpawnedTask(TaskHome, Future)}, at a {@linkplain Task#tick time} from which it has been ready. */
    public SpawnedTask(TaskHome home, Future<? extends T> future, int tick) {
        super(future);
        this.home = home;
        this.state = WOKEN | tick;
    }

    @Override
    public Spawner home() {
        return home;
    }

    /** Edges 1, 2, 5 and 6. */
    public void run(Context cx, int tick) {
        int s;
        do {
            s = (int) STATE.getVolatile(this);
            while ((s & (RUNNING | ENDED | LOOKED_AT)) != 0) {
                if ((s & LOOKED_AT) == 0) {
                    return; // endNow was faster, on an executor that has closed
                }
                Thread.yield();
                s = (int) STATE.getVolatile(this);
            }
        } while (!STATE.compareAndSet(this, s, (s & FLAGS) + RUNNING - WOKEN | tick));
        boolean cancelled = (s & CANCEL) != 0;
        if (!cancelled && home.isClosing()) {
            cancelled = true;
            STATE.getAndBitwiseOr(this, CANCEL);
        }
        cx.begin(this);
        if (advance(cx, cancelled)) {
            end();
            return;
        }
        if (slot == NEW) {
            slot = UNLISTED;
            home.waits(this);
        }
        s = (int) STATE.getAndBitwiseAnd(this, ~RUNNING);
        if ((s & WOKEN) != 0) {
            home.schedule(this, true);
        }
    }

    /** {@return what there is to tell of it, or null after its end} */
    public @Nullable TaskInfo look(Clock clock) {
        int s;
        do {
            s = (int) STATE.getVolatile(this);
            if ((s & ENDED) != 0) {
                return null;
            }
            if ((s & RUNNING) != 0) {
                return info(clock, s, TaskInfo.State.RUNNING);
            }
        } while ((s & LOOKED_AT) != 0 || !STATE.compareAndSet(this, s, s | LOOKED_AT));
        try {
            return info(clock, s, (s & WOKEN) != 0 ? TaskInfo.State.READY : TaskInfo.State.WAITING);
        } finally {
            STATE.getAndBitwiseAnd(this, ~LOOKED_AT);
        }
    }

    /** {@link TaskHome#run}. */
    @Override
    public void run() {
        home.run(this);
    }

    private void end() {
        int s;
        do {
            s = (int) STATE.getVolatile(this);
            if ((s & (CANCEL | DETACHED)) != 0) {
                discard(); // before anybody can take it
            }
        } while (!STATE.compareAndSet(this, s, s | ENDED));
        home.ended(this);
        Object waiting = JOINER.getAndSet(this, Joiners.WOKEN);
        if (waiting != null) {
            Joiners.wake(waiting, this);
        }
    }

    /**
     * Ends it on the spot, its executor's time being up.
     *
     * @return false when a thread is polling it
     */
    public boolean endNow() {
        while (true) {
            int s = (int) STATE.getVolatile(this);
            if ((s & ENDED) != 0) {
                return true;
            }
            if ((s & RUNNING) != 0) {
                return false;
            }
            if ((s & LOOKED_AT) == 0 && STATE.compareAndSet(this, s, s | RUNNING | WOKEN)) {
                if (slot != NEW) {
                    reportAbandoned();
                }
                abandon();
                end();
                return true;
            }
        }
    }

    @Override
    protected void endRefused() {
        STATE.getAndBitwiseOr(this, CANCEL | ENDED);
        Joiners.wake((Object) JOINER.getAndSet(this, Joiners.WOKEN), this);
    }

    /** Edges 3 and 4. */
    @Override
    public void wake() {
        int s = (int) STATE.getAndBitwiseOr(this, WOKEN);
        if ((s & (WOKEN | RUNNING | ENDED)) == 0) {
            home.schedule(this, false);
        }
    }

    @Override
    protected void requestCancel() {
        cancel(DETACHED);
    }

    /** The executor's own: also a detached task ends. */
    public void cancelByExecutor() {
        cancel(0);
    }

    /** Marks a task that is owed a run. */
    public void markCancelled() {
        STATE.getAndBitwiseOr(this, CANCEL);
    }

    private void cancel(int unless) {
        while (true) {
            int s = (int) STATE.getVolatile(this);
            if ((s & unless) != 0) {
                return;
            }
            if ((s & ENDED) != 0) {
                if (unless != 0) {
                    discard(); // the executor itself takes no outcome away
                }
                return;
            }
            if ((s & CANCEL) != 0) {
                return; // its drop is under way, and has its own wakes
            }
            if (STATE.compareAndSet(this, s, s | CANCEL | WOKEN)) {
                if ((s & (WOKEN | RUNNING)) == 0) {
                    home.schedule(this, false);
                }
                return;
            }
        }
    }

    @Override
    protected void requestDetach() {
        if (((int) STATE.getAndBitwiseOr(this, DETACHED) & ENDED) != 0) {
            discard();
        }
    }

    @Override
    protected boolean awaitEnd(@Nullable Waiter waiter, Waker waker) {
        while (true) {
            Object before = JOINER.getVolatile(this);
            if (before == Joiners.WOKEN) {
                return false;
            }
            if (before instanceof Joiners joiners) {
                return joiners.add(waiter, waker);
            }
            if (waiter == null) {
                if (JOINER.compareAndSet(this, before, waker)) {
                    return true;
                }
            } else {
                JOINER.compareAndSet(this, before, new Joiners(WaiterList.create(), before));
            }
        }
    }

    @Override
    protected void forget(Waiter waiter) {
        if (JOINER.getVolatile(this) instanceof Joiners joiners) {
            joiners.remove(waiter);
        }
    }
}
