package dev.latent.internal.combine;

import dev.latent.Context;
import dev.latent.Foreign;
import dev.latent.Future;
import dev.latent.Owners;
import dev.latent.Spawner;
import dev.latent.Waker;
import dev.latent.internal.InnerWaker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any number of children, of which only those are polled that were woken, or have something more to tell.
 *
 * <p>Each child is a {@link Slot}, which is its waker as well: while it is polled, the slot stands in for the task's waker. A wake
 * pushes the slot on a stack, unless it is on it already; who pushes on the empty stack wakes the task. Each {@link #next} first takes the whole
 * stack, oldest first, behind what is due already, and polls what is due until one has something to tell. What is woken meanwhile waits
 * for the next time, so a pass is as long as the set is large, and a child that always wakes itself keeps nobody from being polled.
 *
 * <pre>
 *            1 add                     3 next: pending            4 wake
 *   outside ───────▶ DUE ◀────────┐ ───────────────▶ WAITING ───────────▶ WOKEN, on the stack
 *                     │ 2 again   │                                          │
 *                     └───────────┘◀─────────────────────────────────────────┘ 5 next
 *   6 remove, from anywhere: it has ended, and a wake that comes later is not heard
 * </pre>
 *
 * <p>A child that is woken while it is due is on the stack too, and polled once more than it had to be.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code woken}</td><td>wakes: push; next: take all</td><td>both</td><td>CAS, getAndSet</td></tr>
 * <tr><td>{@code parent}</td><td>next, before it takes the stack</td><td>a wake, after it has pushed</td><td>volatile: so either the one finds the slot, or
 * the other wakes the task of the latest poll</td></tr>
 * <tr><td>{@code Slot.queued}</td><td>a wake: 0 to 1; next: 1 to 0</td><td>both</td><td>getAndSet, volatile</td></tr>
 * <tr><td>{@code Slot.next}</td><td>its pusher until the push is seen, then next</td><td>next</td><td>{@code woken}</td></tr>
 * <tr><td>{@code Slot.set}</td><td>add, remove</td><td>also a wake, and who looks for the task behind it</td><td>a waker is given away after the add; whether a wake sees the remove is all the same</td></tr>
 * <tr><td>all others</td><td colspan="2">the owner's poll</td><td>each poll happens-before the next</td></tr>
 * </table>
 *
 * @param <S> the children
 */
public final class WokenSet<S extends WokenSet.Slot> {
    private static final VarHandle WOKEN;
    private static final VarHandle QUEUED;

    static {
        try {
            var lookup = MethodHandles.lookup();
            WOKEN = lookup.findVarHandle(WokenSet.class, "woken", Slot.class);
            QUEUED = lookup.findVarHandle(Slot.class, "queued", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A child, and its waker. */
    public abstract static class Slot implements InnerWaker {
        private @Nullable WokenSet<?> set;
        private @Nullable Slot next;
        private @Nullable Slot nextDue;
        private @Nullable Slot before;
        private @Nullable Slot after;
        private boolean due;

        /** 1 from being pushed to being taken off the stack. */
        private volatile int queued;

        /** For a child. */
        protected Slot() {}

        /** {@return whether there is something to tell, a failure perhaps} It is the subclass's to keep. */
        protected abstract boolean poll(Context cx);

        /** Nobody wants to be told at the moment: goes on all the same, if that makes sense. */
        protected void work(Context cx) {}

        /** {@return whether all cleanup has ended} As {@link Future#pollDrop}. */
        protected abstract boolean pollDrop(Context cx) throws Exception;

        /** As {@link Future#drop}. */
        protected abstract void drop();

        /** As {@code OwnedFuture.children}: adds what this waits for. */
        protected abstract void children(List<Future<?>> into);

        @Override
        public final Waker outer() {
            WokenSet<?> its = set;
            return its == null ? Waker.noop() : its.parent;
        }

        @Override
        public final void wake() {
            if ((int) QUEUED.getAndSet(this, 1) != 0) {
                return;
            }
            WokenSet<?> its = set;
            if (its != null) {
                its.push(this);
            }
        }
    }

    private volatile @Nullable Slot woken;
    private volatile Waker parent = Waker.noop();

    private @Nullable Slot firstDue;
    private @Nullable Slot lastDue;
    private @Nullable Slot first;
    private @Nullable Slot last;
    private int size;
    private @Nullable Spawner home;
    private boolean dropping;

    /** An empty one. */
    public WokenSet() {}

    private void push(Slot slot) {
        Slot top;
        do {
            top = woken;
            slot.next = top;
        } while (!WOKEN.compareAndSet(this, top, slot));
        if (top == null) {
            Foreign.wake(parent);
        }
    }

    // ---- members ----------------------------------------------------------------------------------------------------

    /** {@return how many children there are} */
    public int size() {
        return size;
    }

    /** {@return who polled last, if anybody has} */
    public @Nullable Spawner home() {
        return home;
    }

    /** Edge 1: takes a child that was in no set; it is polled next time. Nobody is woken for it. */
    public void add(S child) {
        Slot slot = child;
        slot.set = this;
        slot.before = last;
        if (last == null) {
            first = slot;
        } else {
            last.after = slot;
        }
        last = slot;
        size++;
        due(slot);
    }

    /** Edge 2: {@code child} was told of, and has perhaps more to tell. */
    public void again(S child) {
        due(child);
    }

    /** Edge 6. */
    public void remove(S child) {
        unlink(child);
    }

    private void unlink(Slot slot) {
        if (slot.set != this) {
            return;
        }
        slot.set = null;
        size--;
        if (slot.before == null) {
            first = slot.after;
        } else {
            slot.before.after = slot.after;
        }
        if (slot.after == null) {
            last = slot.before;
        } else {
            slot.after.before = slot.before;
        }
        slot.before = null;
        slot.after = null;
    }

    private void due(Slot slot) {
        if (slot.due) {
            return;
        }
        slot.due = true;
        if (lastDue == null) {
            firstDue = slot;
        } else {
            lastDue.nextDue = slot;
        }
        lastDue = slot;
    }

    private void allDue() {
        for (Slot slot = first; slot != null; slot = slot.after) {
            due(slot);
        }
    }

    /** As {@code OwnedFuture.children}: adds what the children wait for. */
    public void children(List<Future<?>> into) {
        for (Slot slot = first; slot != null; slot = slot.after) {
            slot.children(into);
        }
    }

    /** Wakes whoever polled last: something was added from outside a poll. */
    public void wakeParent() {
        Foreign.wake(parent);
    }

    // ---- polling ----------------------------------------------------------------------------------------------------

    /**
     * Polls what is due.
     *
     * @return a child with something to tell, which is a member still: to be {@linkplain #remove removed}, or told {@linkplain #again}; null when all are pending, or the
     *     budget is used up: the waker will be woken
     */
    @SuppressWarnings("unchecked")
    public @Nullable S next(Context cx) {
        Waker own = begin(cx);
        try {
            for (boolean isFirst = true; firstDue != null; isFirst = false) {
                if (!isFirst && cx.isSpent()) {
                    own.wake();
                    return null;
                }
                Slot slot = takeDue();
                if (slot.set == this) {
                    cx.swapWaker(slot);
                    if (slot.poll(cx)) {
                        return (S) slot;
                    }
                }
            }
            return null;
        } finally {
            cx.swapWaker(own);
        }
    }

    /** Lets all that is due {@linkplain Slot#work work}. It is due still. */
    public void work(Context cx) {
        Waker own = begin(cx);
        try {
            for (Slot slot = firstDue; slot != null; slot = slot.nextDue) {
                cx.swapWaker(slot);
                slot.work(cx);
            }
        } finally {
            cx.swapWaker(own);
        }
    }

    /** {@return whether all cleanup has ended} of the children, which are dropped, in order; called until then. */
    public boolean pollDrop(Context cx) {
        if (size == 0) {
            return true;
        }
        Waker own = begin(cx);
        if (!dropping) {
            dropping = true;
            while (firstDue != null) {
                takeDue();
            }
            allDue();
        }
        try {
            for (Slot slot; firstDue != null; ) {
                slot = takeDue();
                if (slot.set == this) {
                    cx.swapWaker(slot);
                    drop(slot, cx);
                }
            }
        } finally {
            cx.swapWaker(own);
        }
        dropping = size > 0;
        return size == 0;
    }

    private void drop(Slot slot, Context cx) {
        try {
            if (slot.pollDrop(cx)) {
                unlink(slot);
            }
        } catch (Throwable t) {
            unlink(slot);
            Owners.report(cx.spawner(), slot, ", dropped", t);
        }
    }

    /** Drops the children, in order. */
    public void drop() {
        while (first != null) {
            Slot slot = first;
            unlink(slot);
            try {
                slot.drop();
            } catch (Throwable t) {
                Owners.report(home, slot, ", dropped", t);
            }
        }
    }

    private Waker begin(Context cx) {
        Waker own = cx.waker();
        if (home != cx.executor()) {
            home = cx.executor();
            allDue(); // what waits with the old one's clock waits with this one's
        }
        if (parent != own) {
            parent = own;
        }
        if (woken != null) {
            takeWoken();
        }
        return own;
    }

    private void takeWoken() {
        Slot newest = (Slot) WOKEN.getAndSet(this, null);
        Slot oldest = null;
        while (newest != null) {
            Slot below = newest.next;
            newest.next = oldest;
            oldest = newest;
            newest = below;
        }
        while (oldest != null) {
            Slot slot = oldest;
            oldest = slot.next;
            slot.next = null;
            slot.queued = 0;
            due(slot);
        }
    }

    private Slot takeDue() {
        Slot slot = java.util.Objects.requireNonNull(firstDue);
        firstDue = slot.nextDue;
        if (firstDue == null) {
            lastDue = null;
        }
        slot.nextDue = null;
        slot.due = false;
        return slot;
    }
}
