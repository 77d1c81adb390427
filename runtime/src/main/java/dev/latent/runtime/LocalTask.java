package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.Spawner;
import dev.latent.WaiterList.Waiter;
import dev.latent.Waker;
import dev.latent.task.Task;
import dev.latent.task.TaskInfo;
import dev.latent.world.Clock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A task of a {@link LocalExecutor}. Its executor's thread reads and writes {@code state} as plainly as any other int; all
 * other threads leave requests in {@code mail}.
 *
 * <pre>{@code
 *   QUEUED ──1──▶ RUNNING ──2──▶ (waiting) ──3──▶ QUEUED    1 run    2 the poll was pending    3 wake, requestCancel
 *                    │  ▲                                   4 wake during the poll: RUNNING and QUEUED at once
 *                    │  └──4                                5 the future, or its drop, has ended
 *                    └──5──▶ ENDED
 * }</pre>
 *
 * {@link #CANCEL} may come in any state but ENDED; from the next run on, the future is dropped instead of polled, and at edge 2
 * at once. A queue may still hold a task that has ended; running it does nothing.
 *
 * <p><b>Mail.</b> A foreign thread sets its bit by an atomic exchange. Whoever finds {@code mail} empty puts the task into the
 * executor's {@link Inbox}; everybody else relies on that one. The executor takes all bits at once as it empties the inbox and
 * does what each asks for, so what happened before a bit was set happens before the poll that it causes.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code state}</td><td>the executor's thread; ENDED by release</td><td>the same; {@code isFinished} by acquire</td><td>the thread</td></tr>
 * <tr><td>{@code mail}</td><td>any</td><td>any</td><td>atomic exchange</td></tr>
 * <tr><td>{@code slot}, {@code joiner}</td><td colspan="2">the executor's thread</td><td>the thread</td></tr>
 * </table>
 */
final class LocalTask<T extends @Nullable Object> extends Task<T> implements LocalExecutor.Message {
    private static final int QUEUED = 8;
    private static final int RUNNING = 16;

    private static final int MAIL_WAKE = 1;
    private static final int MAIL_CANCEL = 2;
    private static final int MAIL_DETACH = 4;

    /** It was spawned by a foreign thread, and the executor hasn't counted it yet. */
    private static final int MAIL_SPAWNED = 8;

    private static final VarHandle MAIL;

    static {
        try {
            MAIL = MethodHandles.lookup().findVarHandle(LocalTask.class, "mail", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final LocalExecutor home;

    @SuppressWarnings("unused") // by MAIL
    private int mail;

    /** Where {@link LiveTasks} holds it; -1: nowhere, as until the first poll that was pending. */
    int slot = -1;

    LocalTask(LocalExecutor home, Future<? extends T> future) {
        super(future);
        this.home = home;
    }

    @Override
    public Spawner home() {
        return home;
    }

    // ---- on the executor's thread
    // ------------------------------------------------------------------------------------

    /** Edges 1, 2 and 5. */
    void run(Context cx) {
        int s = state;
        if ((s & ENDED) != 0) {
            return;
        }
        state = s & ~QUEUED | RUNNING;
        cx.begin(this);
        boolean cancelled = (s & CANCEL) != 0;
        boolean ended = advance(cx, cancelled);
        if (!ended && !cancelled && (state & CANCEL) != 0) {
            ended = advance(cx, true);
        }
        if (ended) {
            end();
        } else {
            state = state & FLAGS & ~RUNNING | home.tick;
            if (slot < 0) {
                home.live.add(this);
            }
        }
    }

    private void end() {
        int s = state;
        if ((s & (CANCEL | DETACHED)) != 0) {
            discard(); // before anybody can take it
        }
        STATE.setRelease(this, s & (CANCEL | DETACHED) | ENDED);
        home.ended(this);
        wakeJoiners();
    }

    /** {@return what there is to tell of it, to its executor's thread} */
    TaskInfo look(Clock clock) {
        int s = state;
        return info(
                clock,
                s,
                (s & RUNNING) != 0
                        ? TaskInfo.State.RUNNING
                        : (s & QUEUED) != 0 ? TaskInfo.State.READY : TaskInfo.State.WAITING);
    }

    /** Ends it on the spot, its executor's time being up. */
    void endNow() {
        if ((state & ENDED) == 0) {
            boolean started = slot >= 0;
            if (started) {
                reportAbandoned();
            }
            abandon();
            end();
        }
    }

    /** Edge 3. */
    private void enqueue() {
        if ((state & (QUEUED | ENDED)) == 0) {
            state |= QUEUED;
            home.push(this);
        }
    }

    void start() {
        state = QUEUED | home.tick;
        home.push(this);
    }

    /** The executor's own: also a detached task ends. */
    void cancelHere() {
        int s = state;
        if ((s & ENDED) != 0) {
            discard();
        } else if ((s & CANCEL) == 0) { // else its drop is under way, and has its own wakes
            state = s | CANCEL;
            if ((s & RUNNING) == 0) {
                enqueue();
            }
        }
    }

    private void detachHere() {
        state |= DETACHED;
        if ((state & ENDED) != 0) {
            discard();
        }
    }

    @Override
    public void receive() {
        int m = (int) MAIL.getAndSet(this, 0);
        if ((m & MAIL_SPAWNED) != 0) {
            home.adopted();
            start();
            if (home.isClosing()) {
                state |= CANCEL; // the executor has been through its tasks already
            }
        }
        if ((m & MAIL_DETACH) != 0) {
            detachHere();
        }
        if ((m & MAIL_CANCEL) != 0 && (state & DETACHED) == 0) {
            cancelHere();
        }
        if ((m & MAIL_WAKE) != 0) {
            enqueue();
        }
    }

    // ---- on any thread
    // -----------------------------------------------------------------------------------------------

    @Override
    public void wake() {
        if (home.isHere()) {
            enqueue();
        } else if (!isFinished()) {
            post(MAIL_WAKE);
        }
    }

    /** {@return false when the executor has closed, and so the task has ended} */
    private boolean post(int bit) {
        return (int) MAIL.getAndBitwiseOr(this, bit) != 0 || home.post(this);
    }

    /** {@return false when the executor has closed} */
    boolean postSpawned() {
        return post(MAIL_SPAWNED);
    }

    /**
     * On the executor's thread no claim costs an atomic instruction. A foreign thread's at the same moment may then pass, too: the
     * later one stands, and the other is refused as it polls.
     */
    @Override
    protected boolean isContended() {
        return !home.isHere();
    }

    @Override
    protected void endRefused() {
        STATE.setRelease(this, CANCEL | ENDED);
    }

    @Override
    protected void requestCancel() {
        if (home.isHere()) {
            if ((state & DETACHED) == 0) {
                cancelHere();
            }
        } else if (isFinished() || !post(MAIL_CANCEL)) {
            discard();
        }
    }

    @Override
    protected void requestDetach() {
        if (home.isHere()) {
            detachHere();
        } else if (isFinished() || !post(MAIL_DETACH)) {
            discard();
        }
    }

    @Override
    protected boolean awaitEnd(@Nullable Waiter waiter, Waker waker) {
        if (!home.isHere()) {
            return home.post(new Join(this, waiter, waker));
        }
        if ((state & ENDED) != 0) {
            return false;
        }
        addJoiner(waiter, waker);
        return true;
    }

    @Override
    protected void forget(Waiter waiter) {
        if (!home.isHere()) {
            home.post(new Leave(this, waiter));
        } else {
            removeJoiner(waiter);
        }
    }

    /** A foreign awaiter. */
    private record Join(LocalTask<?> task, @Nullable Waiter waiter, Waker waker) implements LocalExecutor.Message {
        @Override
        public void receive() {
            if (!task.awaitEnd(waiter, waker)) {
                waker.wake();
            }
        }
    }

    /** A foreign awaiter that has gone. */
    private record Leave(LocalTask<?> task, Waiter waiter) implements LocalExecutor.Message {
        @Override
        public void receive() {
            task.forget(waiter);
        }
    }
}
