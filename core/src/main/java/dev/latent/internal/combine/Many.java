package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Future;
import dev.latent.OwnedFuture;
import dev.latent.Owners;
import dev.latent.Poll;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.internal.Failures;
import dev.latent.internal.InnerWaker;
import dev.latent.internal.Undelivered;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A future over any number of others, which polls only those that were woken.
 *
 * <p>Each child has a {@link Slot}, which is its waker as well: while the child is polled, the slot stands in for the task's
 * waker. A wake pushes the slot on a stack, unless it is on it already, and wakes the task. The next poll takes the whole stack,
 * oldest first, into the private list {@link #resume}, and polls what is on that list; a child that wakes itself meanwhile
 * waits for the poll after. When the budget ends, the rest of the list is what the next poll begins with.
 *
 * <p>Every child is polled once to begin with, in order, as soon as no more than {@link #atOnce} others are under way. When it is decided what
 * becomes of this, that walk starts again, dropping instead of polling; a drop that has to wait is woken like a poll.
 *
 * <p>Who touches what: {@link #woken}, {@link #parent} and {@link Slot#queued} any thread; {@link Slot#next} its pusher until the
 * push is seen, and then the poll; all else the poll only. A waker reads {@link #parent} after its push, a poll writes it before it
 * takes the stack, both volatile: either the poll finds the slot, or the waker wakes that poll's task.
 */
abstract class Many<T> extends OwnedFuture<T> {
    private static final VarHandle WOKEN;
    private static final VarHandle QUEUED;
    static final Object NOT_YET = new Object();

    static {
        try {
            var lookup = MethodHandles.lookup();
            WOKEN = lookup.findVarHandle(Many.class, "woken", Slot.class);
            QUEUED = lookup.findVarHandle(Slot.class, "queued", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Slot[] slots;
    private final int atOnce;
    private @Nullable Slot resume;
    private volatile @Nullable Slot woken;
    private volatile Waker parent = Waker.noop();
    private @Nullable Spawner home;

    /** What this future fails with as soon as no child is live. */
    @Nullable
    Throwable failure;

    /** The slots before this one have been polled; or dropped, when that has begun. */
    private int started;

    /** The slots before this one have been polled or dropped ever. */
    private int begun;

    private int live;
    private boolean dropping;

    Many(int atOnce, Future<?>[] children) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at most " + atOnce + " at once: none would ever begin");
        }
        this.atOnce = atOnce;
        slots = new Slot[children.length];
        live = children.length;
        for (int i = 0; i < children.length; i++) {
            slots[i] = new Slot(this, children[i]);
        }
    }

    /** Takes the children; the subclass's constructor calls it last, when its {@code toString} works. */
    final void claimAll() {
        Several.claimAll(Arrays.stream(slots).map(s -> s.future).toArray(Future<?>[]::new), this);
    }

    /** A child was ready, or, where {@code thrown} is not null, has failed. */
    abstract void childEnded(Slot slot, @Nullable Throwable thrown);

    /** {@return what this becomes}, once no child is live. Where it throws, the values that were obtained go. */
    abstract T outcome();

    @Override
    protected final Poll<T> pollOwned(Context cx) {
        if (!run(cx)) {
            return Poll.pending();
        }
        try {
            return Poll.ready(outcome());
        } catch (Throwable t) {
            discardValues();
            throw t;
        }
    }

    @Override
    protected final List<? extends Future<?>> children() {
        return Arrays.stream(slots)
                .filter(s -> s.value == NOT_YET)
                .map(Slot::child)
                .toList();
    }

    @Override
    protected final boolean isBeingPolled() {
        return Arrays.stream(slots).anyMatch(s -> s.value == NOT_YET && Owners.isBeingPolled(s.child()));
    }

    @Override
    protected final Poll<Void> pollDropOwned(Context cx) {
        beginDropping();
        if (!run(cx)) {
            return Poll.pending();
        }
        abandon();
        return Poll.done();
    }

    @Override
    protected final void dropOwned() {
        for (Slot slot : slots) {
            if (slot.value == NOT_YET) {
                Future<?> child = slot.child();
                end(slot, null);
                try {
                    Owners.drop(child, this);
                } catch (Throwable t) {
                    cleanupFailed(child, t);
                }
            }
        }
        abandon();
    }

    /** {@return whether no child is left}, having taken each as far as it can go now. */
    private boolean run(Context cx) {
        Waker own = cx.waker();
        if (home != cx.executor()) {
            started = 0; // what waits with the old one's clock waits with this one's
            home = cx.executor();
        }
        parent = own;
        boolean unseen;
        try {
            unseen = pollDue(cx);
        } finally {
            cx.swapWaker(own);
        }
        if (live > 0 && unseen && (woken != null || resume != null || walks())) {
            own.wake();
        }
        return live == 0;
    }

    /** {@return whether something may be due of which this poll's waker has not been told} */
    private boolean pollDue(Context cx) {
        // A child that wakes itself at its first poll has its second one in the next poll of this.
        boolean taken = walks();
        boolean unseen = taken;
        for (boolean first = true; live > 0; first = false) {
            if (!walks() && resume == null) {
                if (taken) {
                    break;
                }
                taken = true;
                unseen = false;
                resume = takeWoken();
                if (resume == null) {
                    break;
                }
            }
            if (!first && cx.isSpent()) {
                return true;
            }
            Slot slot = nextSlot();
            if (slot.value == NOT_YET) {
                cx.swapWaker(slot);
                step(slot, cx);
            }
        }
        return unseen;
    }

    /** {@return whether the next slot's turn has come} */
    private boolean walks() {
        if (started == slots.length) {
            return false;
        }
        int ended = slots.length - live;
        return started < begun || dropping || begun - ended < atOnce;
    }

    private Slot nextSlot() {
        if (walks()) {
            Slot slot = slots[started++];
            begun = Math.max(begun, started);
            return slot;
        }
        Slot slot = Objects.requireNonNull(resume);
        resume = slot.next;
        slot.next = null;
        slot.queued = 0;
        return slot;
    }

    private void step(Slot slot, Context cx) {
        Future<?> child = slot.child();
        try {
            if (dropping) {
                if (Owners.pollDrop(child, this, cx).isReady()) {
                    end(slot, null);
                }
            } else if (Owners.poll(child, this, cx) instanceof Poll.Ready<?>(var value)) {
                end(slot, value);
                childEnded(slot, null);
            }
        } catch (Throwable t) {
            end(slot, null);
            if (dropping) {
                cleanupFailed(child, t);
            } else {
                childEnded(slot, t);
            }
        }
    }

    private void end(Slot slot, @Nullable Object value) {
        live--;
        slot.value = value;
        if (!Owners.minds(slot.child())) {
            slot.future = null;
        }
    }

    /** It is decided: those that live are dropped. */
    final void beginDropping() {
        if (!dropping) {
            dropping = true;
            started = 0;
        }
    }

    private @Nullable Slot takeWoken() {
        Slot newest = (Slot) WOKEN.getAndSet(this, null);
        Slot oldest = null;
        while (newest != null) {
            Slot next = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = next;
        }
        return oldest;
    }

    private void cleanupFailed(Future<?> child, Throwable thrown) {
        if (failure != null) {
            Failures.add(failure, thrown);
        } else {
            Owners.report(home, child, ", dropped by " + this, thrown);
        }
    }

    private void abandon() {
        discardValues();
        if (failure != null) {
            Owners.report(home, this, ", dropped", failure);
        }
    }

    /** Lets go of the values that this future has obtained and will not tell. */
    final void discardValues() {
        for (Slot slot : slots) {
            Object value = slot.value;
            if (value != null && value != NOT_YET) {
                slot.value = null;
                if (slot.future != null) {
                    Owners.undelivered(slot.future, value);
                } else {
                    Undelivered.discard(value);
                }
            }
        }
    }

    @Override
    protected final void undelivered(T told) {
        discardValues();
    }

    /** A child, and its waker. */
    static final class Slot implements InnerWaker {
        private final Many<?> home;

        /** Let go of when it has ended, where it does not mind what becomes of its value. */
        private @Nullable Future<?> future;

        @Nullable
        Object value = NOT_YET;

        private @Nullable Slot next;

        /** 1 from being pushed to being taken off the list. */
        private volatile int queued;

        Slot(Many<?> home, Future<?> future) {
            this.home = home;
            this.future = future;
        }

        Future<?> child() {
            return Objects.requireNonNull(future);
        }

        @Override
        public Waker outer() {
            return home.parent;
        }

        @Override
        public void wake() {
            if ((int) QUEUED.getAndSet(this, 1) != 0) {
                return;
            }
            Slot before;
            do {
                before = home.woken;
                next = before;
            } while (!WOKEN.compareAndSet(home, before, this));
            if (before == null) {
                home.parent.wake();
            }
        }
    }
}
