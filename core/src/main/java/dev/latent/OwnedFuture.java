package dev.latent;

import dev.latent.internal.Names;
import dev.latent.internal.Undelivered;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A future that knows its owner and refuses everybody else. Extend it for a hand-written future that wants the ownership
 * rules checked; everything that Latent itself makes does.
 *
 * <p>Who takes a future ({@code await}, {@code join}, {@code select}, {@code spawn}, …) claims it with {@link #claim} and from
 * then on drives it through {@link #pollAs} and {@link #pollDropAs}. As long as nobody has claimed it, whoever polls it directly
 * is its holder.
 */
public abstract class OwnedFuture<T extends @Nullable Object> implements Future<T> {
    /** What {@link #owner} says once the future has ended: ready, thrown or dropped. */
    private static final Object ENDED = new Object() {
        @Override
        public String toString() {
            return "nobody: it has ended";
        }
    };

    private static final VarHandle OWNER;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(OwnedFuture.class, "owner", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Null: nobody has claimed it. */
    private @Nullable Object owner;

    /** For subclasses. */
    protected OwnedFuture() {}

    /** As {@link Future#poll}; called by the rightful owner only, and never again after ready or a throw. */
    protected abstract Poll<T> pollOwned(Context cx) throws Exception;

    /** As {@link Future#drop}; called at most once and never after the end. */
    protected abstract void dropOwned();

    /** As {@link Future#pollDrop}; called until it is ready. */
    protected Poll<Void> pollDropOwned(Context cx) {
        dropOwned();
        return Poll.done();
    }

    /** Told that nobody is left to receive the value that this future gave; a {@link Releasable} one is closed. */
    protected void undelivered(T value) {
        Undelivered.discard(value);
    }

    /** {@return the futures that this one is waiting for, to be shown to a person} Called between two polls. */
    protected List<? extends Future<?>> children() {
        return List.of();
    }

    /**
     * {@return what this future waits for beside its {@link #children()}, as far as it can be named; null: nothing, or it has none and
     * can't tell} Where that is {@link dev.latent.task.HeldByTasks}, as for the future of a lock, tasks that wait for each other are found by it.
     * Called between two polls.
     */
    protected @Nullable Object waitsFor() {
        return null;
    }

    /** {@return the future that a person is shown in the place of this one, which is only there for the machine} */
    protected Future<?> shown() {
        return this;
    }

    /**
     * {@return what binds this future to its thread, for a person to read; null where it may move between polls} By default what binds
     * one of its children. A woven body knows by the {@link NotSend} values that it holds.
     */
    protected @Nullable String notSend() {
        for (Future<?> child : children()) {
            if (child instanceof OwnedFuture<?> owned && owned.notSend() instanceof String bound) {
                return bound;
            }
        }
        return null;
    }

    /**
     * {@return whether another thread may claim this or drop it at the same moment, so that to be first takes an atomic instruction}
     * Asked of {@link JoinHandle}s; any other future belongs to one thread at a time.
     */
    protected boolean isContended() {
        return true;
    }

    @Override
    public final Poll<T> poll(Context cx) throws Exception {
        return pollAs(null, cx);
    }

    @Override
    public final void drop() {
        dropAs(null);
    }

    @Override
    public final Poll<Void> pollDrop(Context cx) {
        return pollDropAs(null, cx);
    }

    final void claim(Object newOwner) {
        if (owner != null && !(owner == ENDED && startsAgain()) || !take(newOwner)) {
            throw refused((owner == newOwner ? "claimed twice by " : "claimed by ") + Names.of(newOwner));
        }
    }

    /** {@return whether it may be claimed once more, though it has ended} */
    boolean startsAgain() {
        return false;
    }

    /** For the first who comes, where nobody has been seen: {@return whether that is so} */
    private boolean take(Object newOwner) {
        if (this instanceof JoinHandle<?> && isContended()) {
            return OWNER.compareAndSet(this, null, newOwner);
        }
        owner = newOwner;
        return true;
    }

    /** As {@link #claim}, from whoever holds it. */
    final void adopt(Object newOwner) {
        owner = newOwner;
    }

    final void unclaim() {
        owner = null;
    }

    final void end() {
        owner = ENDED;
    }

    final boolean isEnded() {
        return isEnded(owner);
    }

    private boolean isEnded(@Nullable Object now) {
        return now == ENDED || itself().owner == ENDED;
    }

    /** {@return the future that this one has turned into: almost always this} */
    OwnedFuture<?> itself() {
        return this;
    }

    /**
     * {@return whether this is in the middle of a poll}, so that a poll or drop from within is refused and changes nothing. To be
     * overridden where a body may be polled by this one's poll: {@link Owners#isBeingPolled} tells it of what it holds.
     */
    protected boolean isBeingPolled() {
        return false;
    }

    final @Nullable Object owner() {
        return owner;
    }

    final Poll<T> pollAs(@Nullable Object who, Context cx) throws Exception {
        if (owner != who) {
            throw refused("polled by " + (who == null ? "somebody else" : Names.of(who)));
        }
        Poll<T> poll;
        try {
            poll = pollOwned(cx);
        } catch (Throwable t) {
            if (!isBeingPolled()) {
                owner = ENDED;
            }
            throw t;
        }
        if (poll.isReady()) {
            owner = ENDED;
        }
        return poll;
    }

    final void dropAs(@Nullable Object who) {
        if (endAs(who, "dropped")) {
            dropOwned();
        }
    }

    /**
     * For another way to give this up than its drop: whoever holds it, and has not claimed it, ends it.
     *
     * @param how in one word, for who reads why it was refused
     * @return whether that is done now; else it had ended before
     * @throws IllegalStateException when it has an owner, or is in the middle of a poll
     */
    protected final boolean endUnclaimed(String how) {
        return endAs(null, how);
    }

    private boolean endAs(@Nullable Object who, String how) {
        Object now = owner; // once: another thread may drop a handle in between
        if (isEnded(now)) {
            return false;
        }
        if (now != who) {
            throw refused(how + " by " + (who == null ? "somebody else" : Names.of(who)));
        }
        if (isBeingPolled()) {
            throw new IllegalStateException(this + " is " + how + " from within its own poll");
        }
        if (who != null) {
            owner = ENDED;
        } else if (!take(ENDED)) {
            if (isEnded()) {
                return false;
            }
            throw refused(how + " by somebody else");
        }
        return true;
    }

    final Poll<Void> pollDropAs(@Nullable Object who, Context cx) {
        Object now = owner; // once: another thread may drop a handle in between
        if (isEnded(now)) {
            return Poll.done();
        }
        if (now != who) {
            throw refused("dropped by " + (who == null ? "somebody else" : Names.of(who)));
        }
        Poll<Void> poll;
        try {
            poll = pollDropOwned(cx);
        } catch (Throwable t) {
            if (!isBeingPolled()) {
                owner = ENDED;
            }
            throw t;
        }
        if (poll.isReady()) {
            owner = ENDED;
        }
        return poll;
    }

    private IllegalStateException refused(String what) {
        return new IllegalStateException(Names.of(this) + " was " + what
                + (isEnded()
                        ? ", but it has ended: it was awaited before, or dropped, as a select does with its losers. To keep a future"
                                + " across selects use pin(f), for many awaiters Futures.shared(f)"
                        : ", but it belongs to " + Names.of(itself().owner)
                                + ". A future has one owner; for many awaiters use Futures.shared(f)"));
    }
}
