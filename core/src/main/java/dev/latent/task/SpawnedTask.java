package dev.latent.task;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Owners;
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
 * <tr><td>{@code next}</td><td colspan="2">any</td><td>the chain's lock</td></tr>
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

    /** Of a {@link TaskChain}, while this is in one. */
    @Nullable
    SpawnedTask<?> next;

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
            waits();
        }
        boolean strands = !cx.isWakerTaken();
        if (strands) {
            atomicStrand();
        }
        if (atomicPending()) {
            queue(true);
        } else if (strands) {
            Stranded.add(this);
        }
    }

    /** Its executor, which has to find it at its close, lists it. Where there is no memory for that, a queue holds it until there is. */
    private void waits() {
        slot = UNLISTED;
        try {
            home.waits(this);
        } catch (OutOfMemoryError e) {
            slot = NEW;
            atomicAgain();
        } catch (Throwable t) {
            homeThrew(t);
        }
    }

    /** Has it run. An executor that throws there, against its contract, owes no run: the next wake tries again. */
    private void queue(boolean yielded) {
        try {
            home.schedule(this, yielded);
        } catch (Throwable t) {
            atomicUnqueued();
            homeThrew(t);
        }
    }

    private void homeThrew(Throwable thrown) {
        try {
            Owners.report(home, this, ", which its executor was told of", thrown);
        } catch (Throwable noMemory) {
            // Words take memory, the first time that they are used.
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

    @Override
    protected boolean holdStill() {
        return atomicTryLook();
    }

    @Override
    protected void letGo() {
        atomicLooked();
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
        try {
            home.ended(this);
        } catch (Throwable t) {
            homeThrew(t);
        }
        wakeWhoWaits();
    }

    private void wakeWhoWaits() {
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
        wakeWhoWaits();
    }

    @Override
    public void wake() {
        if (atomicWake()) {
            queue(false);
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

    /** {@return whether it is owed a run, and nobody has begun it} Cancels a task that the caller is about to have run. */
    public boolean markCancelled() {
        return atomicCancelUnbegun();
    }

    /**
     * As {@link #refuse}, where its executor says that it has not taken it.
     *
     * @return false when it has begun all the same, and goes on
     */
    public boolean refuseUnbegun(String why, Throwable reason) {
        if (slot != NEW || atomicSeize() != Seized.NOW) {
            return false;
        }
        if (slot == NEW) {
            refuse(why, reason);
            return true;
        }
        if (atomicPending()) {
            queue(true);
        }
        return false;
    }

    @Override
    protected void requestDetach() {
        then(atomicDetach());
    }

    private void then(Then then) {
        switch (then) {
            case NOTHING -> {}
            case QUEUE -> queue(false);
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
