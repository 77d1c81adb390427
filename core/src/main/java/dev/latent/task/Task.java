package dev.latent.task;

import dev.latent.AsyncCloseable;
import dev.latent.AsyncFrame;
import dev.latent.AwaitChain;
import dev.latent.Context;
import dev.latent.Future;
import dev.latent.JoinHandle;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.WaiterList;
import dev.latent.WaiterList.Waiter;
import dev.latent.Waker;
import dev.latent.internal.Failures;
import dev.latent.internal.Names;
import dev.latent.internal.Sneaky;
import dev.latent.world.Clock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A spawned future: its own waker, its own handle, its own entry in the queue of its executor. One object, because a
 * sleeping task should cost little more than what it waits with.
 *
 * <p>This class holds what a handle sees: the outcome, and who waits for it. How a task is scheduled is the business of the two
 * kinds: {@link SpawnedTask} on any threads; one on a single thread needs no atomic instruction.
 *
 * <p><b>The outcome</b>, in {@link #work}, where the future was:
 *
 * <pre>{@code
 *            1 end                        1  finish, by the executor; then ENDED is published
 *   future ────────▶ value or Failure     2  take, by the handle's awaiter
 *      │                │        │        3  discard: nobody will read it; the value is closed, the failure reported
 *      │ 4              │ 2      │ 3      4  finish after an honoured cancellation
 *      ▼                ▼        ▼
 *   CANCELLED         TAKEN   CANCELLED   awaiting the handle in either CANCELLED: CancellationException
 * }</pre>
 *
 * <p>Once cancellation has been asked for (by {@link #cancel}, {@link #close} or a drop of the handle), nobody gets the outcome
 * any more, however the task ends: what it would be must not depend on who was faster. An awaiter and a close on another
 * thread may meet in edges 2 and 3. For a value that needs closing or that its future wants back, and for a failure, both exchange atomically, so that it is
 * closed or delivered, never both; for any other value it does not matter, and edge 2 is a plain write.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code work}</td><td>the executor until the end, then the handle</td><td>the same</td><td>ENDED in the state word, release and acquire; then as above</td></tr>
 * <tr><td>{@code joiner}</td><td>local: the executor's thread; shared: any, by CAS</td><td>the end</td><td>see {@link Joiners}</td></tr>
 * <tr><td>the state word</td><td colspan="3">see {@code TaskState}, where its diagram is</td></tr>
 * </table>
 */
public abstract class Task<T extends @Nullable Object> extends TaskState<T> implements JoinHandle<T>, Waker {
    /** Why an executor refuses a task, in most cases. */
    public static final String CLOSED = "is closed";

    static final VarHandle JOINER;
    private static final VarHandle WORK;

    private static final Object TAKEN = new Object();
    private static final Object CANCELLED = new Object();

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            JOINER = lookup.findVarHandle(Task.class, "joiner", Object.class);
            WORK = lookup.findVarHandle(Task.class, "work", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final Object READER = new Object() {
        @Override
        public String toString() {
            return "whoever waits for its result";
        }
    };

    /** What a future gave that may have its own idea of an undelivered value. */
    private record Value(Object value, Future<?> future) {}

    /** A future that threw; kept to be named in a report. */
    private record Failure(Throwable cause, Object future) {}

    private static final Failure NOT_KEPT = new Failure(Failures.NO_MEMORY, "a task");

    /** As CANCELLED, of a task that was never taken. */
    private record Refused(String why) {}

    private static final Refused NOT_SAID = new Refused("an executor did not take a task");

    private @Nullable Object work;

    @Nullable
    Object joiner;

    /**
     * For a kind of task.
     *
     * @throws IllegalStateException when {@code future} has another owner
     */
    @SuppressWarnings("this-escape") // to whoever is told, in words, that it owns the future
    protected Task(Future<? extends T> future) {
        this.work = future; // first, for what the claim has to say
        Owners.claim(future, this);
    }

    /** {@return its executor} */
    public abstract Spawner home();

    /**
     * {@return what there is to tell}
     *
     * @param clock of the stamps; looked at now, that is, after {@code seen} was read
     * @param seen the state word; where it says RUNNING, the task can't be looked at
     */
    protected final TaskInfo info(Clock clock, int seen) {
        TaskInfo.State doing = doing(seen);
        Object held = work;
        Future<?> future = held instanceof Future<?> f ? f : this;
        return new TaskInfo(
                AwaitChain.name(future),
                doing,
                Duration.ofNanos(nanosSince(seen, clock.nanoTime())),
                doing == TaskInfo.State.RUNNING ? null : AwaitChain.of(future));
    }

    /** {@return whether it runs an async body, whose place is its name} */
    protected final boolean runsBody() {
        return work instanceof Future<?> future && Owners.place(future) != null;
    }

    /**
     * {@return whether this waits, and the calling thread has it to itself until it calls {@link #letGo}} Never blocks; false where it is not known.
     * For whoever looks what tasks wait for.
     */
    protected boolean holdStill() {
        return false;
    }

    /** The end of {@link #holdStill}. */
    protected void letGo() {}

    /** {@return what {@code look} says of the future, if this waits and can be looked at; else null} */
    final <R extends @Nullable Object> @Nullable R still(Function<Future<?>, R> look) {
        if (!holdStill()) {
            return null;
        }
        try {
            return work instanceof Future<?> future ? look.apply(future) : null;
        } finally {
            letGo();
        }
    }

    /** {@return what this waits for; null where that is not only what tasks hold, or can't be told now} */
    final @Nullable List<Wait> heldUpBy() {
        return still(Owners::waits);
    }

    /** As {@code TaskState} has it, where a poll that was pending has left no waker. Never throws. */
    protected final void strand() {
        plainStrand();
        if (!plainIsDue()) {
            Stranded.add(this);
        }
    }

    /** {@return where its body begins, for a person to read} */
    final String whose() {
        return work instanceof Future<?> future
                ? AwaitChain.name(future)
                : getClass().getSimpleName();
    }

    /** {@return the priority that the program has given it; see {@link dev.latent.Async#prioritized}} To whoever polls it; 0 after its end. */
    public final int priority() {
        return work instanceof Future<?> future ? Owners.priority(future) : 0;
    }

    /** Has cancellation honoured when the current poll returns pending, or soon. */
    protected abstract void requestCancel();

    /**
     * Leaves a waker for the end, in the place of the one that was left before.
     *
     * @param waiter who waits; null: the handle's awaiter
     * @return false when the end has come
     */
    protected abstract boolean awaitEnd(@Nullable Waiter waiter, Waker waker);

    /** {@code waiter} waits no more. */
    protected abstract void forget(Waiter waiter);

    /** As {@link #detach}, the handle's part being done. */
    protected abstract void requestDetach();

    // ---- for the executor, one thread at a time
    // ----------------------------------------------------------------------

    /**
     * Polls the future, or its drop where {@code cancelled}: edges 1 and 4.
     *
     * @return whether it has ended; then the state word is still to be told
     */
    protected final boolean advance(Context cx, boolean cancelled) {
        Future<?> future = (Future<?>) Objects.requireNonNull(work);
        try {
            if (!cancelled) {
                Object out = Owners.pollRaw(future, this, cx);
                if (out == Owners.PENDING) {
                    return false;
                }
                work = out != null && Owners.minds(future) ? kept(out, future) : out;
            } else if (Owners.pollDrop(future, this, cx).isReady()) {
                work = CANCELLED;
            } else {
                return false;
            }
        } catch (Throwable t) {
            if (cancelled) {
                work = CANCELLED;
                dropThrew(t);
            } else {
                work = failed(t, future);
            }
        }
        return true;
    }

    private void dropThrew(Throwable thrown) {
        try {
            Owners.report(home(), this, ", dropped", thrown);
        } catch (Throwable noMemory) {
            // Words take memory, the first time that they are used.
        }
    }

    private Object kept(Object value, Future<?> future) {
        try {
            return new Value(value, future);
        } catch (OutOfMemoryError e) {
            Owners.undelivered(home(), future, value);
            throw e;
        }
    }

    private static Object failed(Throwable cause, Future<?> future) {
        try {
            return new Failure(cause, future);
        } catch (OutOfMemoryError e) {
            return NOT_KEPT;
        }
    }

    /** Ends a task that will not be polled again: its future is dropped without waiting. */
    protected final void abandon() {
        Future<?> future = (Future<?>) Objects.requireNonNull(work);
        try {
            Owners.drop(future, this);
        } catch (Throwable t) {
            dropThrew(t);
        }
        work = CANCELLED;
    }

    /**
     * For a task that its executor does not take: as if it had been cancelled before its first poll.
     *
     * @param why what the executor has to say, for instance that it is closed
     */
    public final void refuse(String why) {
        refuse(why, null);
    }

    final void refuse(String why, @Nullable Throwable reason) {
        Refused refused = NOT_SAID;
        try {
            refused = new Refused(Names.of(home()) + " " + why + (reason == null ? "" : ": " + Names.of(reason))
                    + ", so " + Names.of(work) + " did not run");
        } catch (Throwable noMemory) {
            // said with fewer words
        }
        abandon();
        work = refused;
        endRefused();
    }

    /** Publishes the end of a task that was never started. */
    protected abstract void endRefused();

    /** Tells that a cleanup had no time to end. */
    protected final void reportAbandoned() {
        if (work instanceof AsyncFrame<?>) {
            return; // a frame's cleanup, dropped, reports itself
        }
        try {
            Owners.report(
                    home(),
                    this,
                    ", dropped: its executor closed before the cleanup had ended",
                    new CancellationException("cleanup abandoned"));
        } catch (Throwable noMemory) {
            // Not told, then; but it ends.
        }
    }

    /** Edge 3, from any thread, after the end. */
    protected final void discard() {
        Object outcome = work;
        if (outcome == TAKEN || outcome == CANCELLED || outcome instanceof Refused) {
            return;
        }
        outcome = WORK.getAndSet(this, CANCELLED);
        try {
            if (outcome instanceof Failure(var cause, var future)) {
                Owners.report(home(), future, ", whose outcome nobody reads", cause);
            } else if (outcome instanceof Value(var value, var future)) {
                Owners.undelivered(home(), future, value);
            } else if (outcome instanceof AsyncCloseable resource) {
                close(resource);
            }
        } catch (Throwable noMemory) {
            // As above.
        }
    }

    private void close(AsyncCloseable resource) {
        try {
            resource.close();
        } catch (Throwable t) {
            Owners.report(home(), this, ", its result, which nobody took, at its close", t);
        }
    }

    // ---- who waits for the end, where only the executor's thread asks
    // --------------------------------------------------------------------------------

    /** Adds who waits, or puts its latest waker in place; {@code waiter} as in {@link #awaitEnd}. */
    protected final void addJoiner(@Nullable Waiter waiter, Waker waker) {
        if (joiner instanceof Joiners joiners) {
            joiners.add(waiter, waker);
        } else if (waiter == null) {
            joiner = waker;
        } else {
            Joiners joiners = new Joiners(WaiterList.local(), joiner);
            joiners.add(waiter, waker);
            joiner = joiners;
        }
    }

    /** {@code waiter} waits no more. */
    protected final void removeJoiner(Waiter waiter) {
        if (joiner instanceof Joiners joiners) {
            joiners.remove(waiter);
        }
    }

    /** After the end. */
    protected final void wakeJoiners() {
        Object waiting = joiner;
        if (waiting != null) {
            joiner = null;
            Joiners.wake(waiting, this);
        }
    }

    // ---- the handle, on any thread
    // -------------------------------------------------------------------------------------

    @Override
    protected final Poll<T> pollOwned(Context cx) throws Exception {
        if (!isFinished() && awaitEnd(null, cx.waker()) || !cx.spend()) {
            return Poll.pending();
        }
        return take();
    }

    /** Edge 2. */
    @SuppressWarnings({"unchecked", "NullAway"}) // T itself may be nullable
    private Poll<T> take() throws Exception {
        Object outcome = work;
        if (outcome instanceof Refused refused) {
            throw new CancellationException(refused.why);
        }
        if (outcome instanceof Failure || outcome instanceof Value || outcome instanceof AsyncCloseable) {
            outcome = WORK.getAndSet(this, TAKEN);
        } else if (outcome != CANCELLED) {
            work = TAKEN;
        }
        if (outcome == CANCELLED || outcome == TAKEN) {
            throw new CancellationException("a task of " + home() + " was cancelled");
        }
        if (outcome instanceof Failure failed) {
            throw Sneaky.rethrow(failed.cause());
        }
        return Poll.ready((T) (outcome instanceof Value kept ? kept.value() : outcome));
    }

    /**
     * For who waits for the end outside any task, in place of the handle's awaiter: has {@code waker} woken then.
     *
     * @return false when the end has come
     */
    public final boolean onEnd(Waker waker) {
        return !isFinished() && awaitEnd(null, waker);
    }

    /**
     * For who has spawned it and waits outside any task: takes the outcome of a task that has ended.
     *
     * @throws IllegalStateException when it has not ended, or its handle has an owner
     * @throws Exception what the future threw
     */
    public final T result() throws Exception {
        Owners.claim(this, READER);
        try {
            if (Owners.poll(this, READER, new Context(home())) instanceof Poll.Ready<T>(T value)) {
                return value;
            }
        } catch (Throwable t) {
            throw Sneaky.rethrow(Owners.thrownToBlocked(t));
        }
        Owners.unclaim(this, READER);
        throw new IllegalStateException(this + " has not ended");
    }

    @Override
    protected final void dropOwned() {
        requestCancel();
    }

    @Override
    protected final Poll<Void> pollDropOwned(Context cx) {
        requestCancel();
        return isWaitedFor() && awaitEnd(null, cx.waker()) ? Poll.pending() : Poll.done();
    }

    /** {@return whether it has not ended, and is not detached} */
    final boolean isWaitedFor() {
        return !isNobodysConcern();
    }

    @Override
    public final void close() {
        requestCancel();
    }

    @Override
    public final Future<Void> cancel() {
        return new CancelTask(this);
    }

    @Override
    public final Future<Void> closeAsync() {
        return new CancelTask(this);
    }

    @Override
    public final void detach() {
        if (endUnclaimed("detached")) {
            requestDetach();
        }
    }

    @Override
    public final boolean isFinished() {
        return hasEnded();
    }

    @Override
    public final String toString() {
        Object now = work;
        return now instanceof Future<?> future ? "the task of " + Names.of(future) : "an ended task of " + home();
    }
}
