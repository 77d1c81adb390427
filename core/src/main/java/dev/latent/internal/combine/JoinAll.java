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
import dev.latent.internal.Sneaky;
import dev.latent.internal.Undelivered;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The join of any number of futures, which polls only those that were woken.
 *
 * <p>Each child has a {@link Slot}, which is its waker as well: while the child is polled, the slot stands in for the task's
 * waker. A wake pushes the slot on a stack, unless it is on it already, and wakes the task. The next poll takes the whole stack,
 * oldest first, into the private list {@link #resume}, and polls what is on that list; a child that wakes itself meanwhile
 * waits for the poll after. When the budget ends, the rest of the list is what the next poll begins with.
 *
 * <p>Every child is polled once to begin with, in order. When one fails, that walk starts again, dropping instead of polling;
 * a drop that has to wait is woken like a poll.
 *
 * <p>Who touches what: {@link #woken}, {@link #parent} and {@link Slot#queued} any thread; {@link Slot#next} its pusher until the
 * push is seen, and then the poll; all else the poll only. A waker reads {@link #parent} after its push, a poll writes it before it
 * takes the stack, both volatile: either the poll finds the slot, or the waker wakes that poll's task.
 */
public final class JoinAll<T> extends OwnedFuture<List<T>> {
    private static final VarHandle WOKEN;
    private static final VarHandle QUEUED;
    private static final Object NOT_YET = new Object();

    static {
        try {
            var lookup = MethodHandles.lookup();
            WOKEN = lookup.findVarHandle(JoinAll.class, "woken", Slot.class);
            QUEUED = lookup.findVarHandle(Slot.class, "queued", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Slot[] slots;
    private @Nullable Slot resume;
    private volatile @Nullable Slot woken;
    private volatile Waker parent = Waker.noop();
    private @Nullable Spawner home;
    private @Nullable Throwable failure;

    /** The slots before this one have been polled; or dropped, when that has begun. */
    private int started;

    private int live;
    private boolean dropping;

    public JoinAll(Collection<? extends Future<? extends T>> futures) {
        Future<?>[] children = futures.toArray(Future<?>[]::new);
        slots = new Slot[children.length];
        live = children.length;
        Several.claimAll(children, this);
        for (int i = 0; i < children.length; i++) {
            slots[i] = new Slot(this, children[i]);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Poll<List<T>> pollOwned(Context cx) {
        if (!run(cx)) {
            return Poll.pending();
        }
        if (failure != null) {
            discardValues();
            throw Sneaky.rethrow(failure);
        }
        return Poll.ready((List<T>) Collections.unmodifiableList(
                Arrays.asList(Arrays.stream(slots).map(s -> s.value).toArray())));
    }

    @Override
    protected List<? extends Future<?>> children() {
        return Arrays.stream(slots)
                .filter(s -> s.value == NOT_YET)
                .map(Slot::child)
                .toList();
    }

    @Override
    protected Poll<Void> pollDropOwned(Context cx) {
        beginDropping();
        if (!run(cx)) {
            return Poll.pending();
        }
        abandon();
        return Poll.done();
    }

    @Override
    protected void dropOwned() {
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
        if (home != cx.spawner()) {
            started = 0; // what waits with the old one's clock waits with this one's
            home = cx.spawner();
        }
        parent = own;
        boolean unseen;
        try {
            unseen = pollDue(cx);
        } finally {
            cx.swapWaker(own);
        }
        if (live > 0 && unseen && (woken != null || resume != null || started < slots.length)) {
            own.wake();
        }
        return live == 0;
    }

    /** {@return whether something may be due of which this poll's waker has not been told} */
    private boolean pollDue(Context cx) {
        // A child that wakes itself at its first poll has its second one in the next poll of this.
        boolean taken = started < slots.length;
        boolean unseen = taken;
        for (boolean first = true; live > 0; first = false) {
            if (started == slots.length && resume == null) {
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

    private Slot nextSlot() {
        if (started < slots.length) {
            return slots[started++];
        }
        Slot slot = java.util.Objects.requireNonNull(resume);
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
            }
        } catch (Throwable t) {
            end(slot, null);
            if (dropping) {
                cleanupFailed(child, t);
            } else {
                failure = t;
                beginDropping();
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

    private void beginDropping() {
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

    private void discardValues() {
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
    protected void undelivered(List<T> values) {
        discardValues();
    }

    @Override
    public String toString() {
        return "join of " + slots.length;
    }

    /** A child, and its waker. */
    private static final class Slot implements InnerWaker {
        private final JoinAll<?> join;

        /** Let go of when it has ended, where it does not mind what becomes of its value. */
        private @Nullable Future<?> future;

        private @Nullable Object value = NOT_YET;
        private @Nullable Slot next;

        /** 1 from being pushed to being taken off the list. */
        private volatile int queued;

        Slot(JoinAll<?> join, Future<?> future) {
            this.join = join;
            this.future = future;
        }

        Future<?> child() {
            return java.util.Objects.requireNonNull(future);
        }

        @Override
        public Waker outer() {
            return join.parent;
        }

        @Override
        public void wake() {
            if ((int) QUEUED.getAndSet(this, 1) != 0) {
                return;
            }
            Slot before;
            do {
                before = join.woken;
                next = before;
            } while (!WOKEN.compareAndSet(join, before, this));
            if (before == null) {
                join.parent.wake();
            }
        }
    }
}
