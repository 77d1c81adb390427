package dev.latent.task;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Spawner;
import dev.latent.WaiterList;
import dev.latent.WaiterList.Waiter;
import dev.latent.Waker;
import dev.latent.internal.combine.Then;
import dev.latent.world.Clock;
import org.jspecify.annotations.Nullable;

/**
 * A task that any thread may wake and several may take turns to poll. The changes of its state word are the atomic ones of
 * {@code TaskState}: one thread at a time polls, and what happened before a wake is visible to the poll after it.
 *
 * <p>It is in one queue at most, once: whoever makes it due while no poll is under way has it {@linkplain TaskHome#schedule scheduled},
 * and otherwise the thread that polls does, when the poll was pending.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>the state word</td><td colspan="2">any</td><td>atomic</td></tr>
 * <tr><td>{@code joiner}</td><td colspan="2">any</td><td>CAS; the end exchanges it for {@link Joiners#WOKEN}</td></tr>
 * <tr><td>{@code slot}</td><td colspan="2">who polls; any, while it is in a set</td><td>RUNNING; the lock of its shard of {@link LiveSet}. The shard's number never changes</td></tr>
 * </table>
 */
public final class SpawnedTask<T extends @Nullable Object> extends Task<T> implements Runnable {
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

    /** As {@link #SpawnedTask(TaskHome, Future)}, at a {@linkplain Task#stamp stamp} from which it has been ready. */
    public SpawnedTask(TaskHome home, Future<? extends T> future, int stamp) {
        super(future);
        this.home = home;
        atomicStart(stamp);
    }

    @Override
    public Spawner home() {
        return home;
    }

    /** One poll, or its drop where it was cancelled; nothing where it has ended. */
    public void run(Context cx) {
        run(cx, 0);
    }

    /**
     * As {@link #run(Context)}.
     *
     * @param stamp now, by {@link Task#stamp}, for {@link #look}; 0 where nobody looks
     */
    public void run(Context cx, int stamp) {
        Run run = atomicRun(stamp);
        if (run == Run.NOTHING) {
            return;
        }
        boolean cancelled = run == Run.DROP;
        if (!cancelled && home.isClosing()) {
            cancelled = true;
            atomicMarkCancelled();
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
        if (atomicPending()) {
            home.schedule(this, true);
        }
    }

    /**
     * {@return what there is to tell of it, or null after its end}
     *
     * @param clock of the stamps
     */
    public @Nullable TaskInfo look(Clock clock) {
        int s = atomicLook();
        if (hasEnded(s)) {
            return null;
        }
        if (doing(s) == TaskInfo.State.RUNNING) {
            return info(clock, s);
        }
        try {
            return info(clock, s);
        } finally {
            atomicLooked();
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
            s = atomicSeen();
            if (isUnwanted(s)) {
                discard(); // before anybody can take it
            }
        } while (!atomicEnd(s));
        home.ended(this);
        Object waiting = JOINER.getAndSet(this, Joiners.WOKEN);
        if (waiting != null) {
            Joiners.wake(waiting, this);
        }
    }

    /**
     * Ends it on the spot, its executor's time being up: its future is dropped without waiting, and a cleanup that waits is reported.
     *
     * @return false when a thread is polling it
     */
    public boolean endNow() {
        Seized seized = atomicSeize();
        if (seized == Seized.NOW) {
            if (slot != NEW) {
                reportAbandoned();
            }
            abandon();
            end();
        }
        return seized != Seized.RUNNING;
    }

    @Override
    protected void endRefused() {
        atomicRefuse();
        Joiners.wake((Object) JOINER.getAndSet(this, Joiners.WOKEN), this);
    }

    @Override
    public void wake() {
        if (atomicWake()) {
            home.schedule(this, false);
        }
    }

    @Override
    protected void requestCancel() {
        then(atomicCancel(true));
    }

    /** The executor's own cancellation: also a detached task ends. */
    public void cancelByExecutor() {
        then(atomicCancel(false));
    }

    /** Cancels a task that the caller is about to run, or to have run. */
    public void markCancelled() {
        atomicMarkCancelled();
    }

    @Override
    protected void requestDetach() {
        then(atomicDetach());
    }

    private void then(Then then) {
        switch (then) {
            case NOTHING -> {}
            case QUEUE -> home.schedule(this, false);
            case DISCARD -> discard();
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
