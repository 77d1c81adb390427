package dev.latent.runtime;

import dev.latent.Context;
import dev.latent.Foreign;
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
 * A task of a {@link LocalExecutor}. Its executor's thread changes the state word, by the plain transitions of {@code TaskState}; all
 * other threads leave requests in {@code mail}.
 *
 * <p>A wake during the poll queues it at once, behind the others. Where it is cancelled during its poll, and the poll is pending, the
 * future is dropped in the same run.
 *
 * <p><b>Mail.</b> A foreign thread sets its bit by an atomic exchange. Whoever finds {@code mail} empty puts the task into the
 * executor's {@link Inbox}; everybody else relies on that one. The executor takes all bits at once as it empties the inbox and
 * does what each asks for, so what happened before a bit was set happens before the poll that it causes. A cancel that comes after a
 * detach asks for nothing, and sets no bit; so where both stand, the cancel was first.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>the state word</td><td>the executor's thread; ENDED by release</td><td>the same; {@code isFinished} by acquire</td><td>the thread</td></tr>
 * <tr><td>{@code mail}</td><td>any</td><td>any</td><td>atomic exchange</td></tr>
 * <tr><td>{@code slot}, {@code joiner}</td><td colspan="2">the executor's thread</td><td>the thread</td></tr>
 * </table>
 */
final class LocalTask<T extends @Nullable Object> extends Task<T> implements LocalMail.Message {
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

    /** One poll, or its drop where it was cancelled; nothing where it has ended. */
    void run(Context cx) {
        if (plainHasEnded()) {
            home.leftStale();
            return;
        }
        plainRun();
        cx.begin(this);
        boolean cancelled = plainIsCancelled();
        boolean ended = advance(cx, cancelled);
        if (!ended && !cancelled && plainIsCancelled()) {
            ended = advance(cx, true);
        }
        if (ended) {
            end();
        } else {
            plainPending(home.stamp);
            if (!cx.isWakerTaken()) {
                strand();
            }
            if (slot < 0) {
                list();
            }
        }
    }

    /** Where there is no memory for that, the ring holds it until there is: so a close finds it. */
    private void list() {
        try {
            home.live.add(this);
        } catch (OutOfMemoryError e) {
            enqueue();
        }
    }

    private void end() {
        if (plainIsUnwanted()) {
            discard(); // before anybody can take it
        }
        if (plainIsDue()) {
            home.goesStale();
        }
        plainEnd();
        home.ended(this);
        wakeJoiners();
    }

    /** {@return what there is to tell of it, to its executor's thread} */
    TaskInfo look(Clock clock) {
        return info(clock, plainSeen());
    }

    /** {@return whether its name says nothing of the program} */
    boolean isNameless() {
        return !runsBody();
    }

    @Override
    protected boolean holdStill() {
        return home.isHere() && plainIsWaiting();
    }

    /** Ends it on the spot, its executor's time being up. */
    void endNow() {
        if (!plainHasEnded()) {
            if (slot >= 0) {
                reportAbandoned();
            }
            abandon();
            end();
        }
    }

    private void enqueue() {
        if (plainWake()) {
            home.ready.push(this);
        }
    }

    void start() {
        plainStart(home.stamp);
        home.ready.push(this);
    }

    /** The executor's own: also a detached task ends. */
    void cancelHere() {
        if (plainHasEnded()) {
            discard();
        } else if (plainCancel()) {
            home.ready.push(this);
        }
    }

    private void detachHere() {
        if (plainDetach()) {
            discard();
        }
    }

    @Override
    public void receive() {
        int m = (int) MAIL.getAndSet(this, 0);
        if ((m & MAIL_SPAWNED) != 0) {
            try {
                home.adopt();
            } catch (OutOfMemoryError e) {
                refuse("has no memory left");
                return;
            }
            start();
            if (home.closing) {
                cancelHere(); // the executor has been through its tasks already
            }
        }
        if ((m & MAIL_CANCEL) != 0 && !plainIsDetached()) {
            cancelHere();
        }
        if ((m & MAIL_DETACH) != 0) {
            detachHere();
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
        if ((int) MAIL.getAndBitwiseOr(this, bit) != 0) {
            return true;
        }
        try {
            return home.mail.post(this);
        } catch (OutOfMemoryError e) {
            return home.mail.leaveUnread();
        }
    }

    /**
     * {@return false when the executor has closed}
     *
     * @throws OutOfMemoryError then it was not spawned
     */
    boolean postSpawned() {
        MAIL.setVolatile(this, MAIL_SPAWNED);
        return home.mail.post(this);
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
        plainRefuse();
    }

    @Override
    protected void requestCancel() {
        if (home.isHere()) {
            if (!plainIsDetached()) {
                cancelHere();
            }
        } else if (isFinished()) {
            discard();
        } else if (((int) MAIL.getOpaque(this) & MAIL_DETACH) == 0 && !post(MAIL_CANCEL)) {
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
            return home.mail.post(new Join(this, waiter, waker));
        }
        if (plainHasEnded()) {
            return false;
        }
        addJoiner(waiter, waker);
        return true;
    }

    @Override
    protected void forget(Waiter waiter) {
        if (!home.isHere()) {
            home.mail.post(new Leave(this, waiter));
        } else {
            removeJoiner(waiter);
        }
    }

    /** A foreign awaiter. */
    private record Join(LocalTask<?> task, @Nullable Waiter waiter, Waker waker) implements LocalMail.Message {
        @Override
        public void receive() {
            if (!task.awaitEnd(waiter, waker)) {
                Foreign.wake(task.home, waker);
            }
        }
    }

    /** A foreign awaiter that has gone. */
    private record Leave(LocalTask<?> task, Waiter waiter) implements LocalMail.Message {
        @Override
        public void receive() {
            task.forget(waiter);
        }
    }
}
