package dev.latent.task;

import dev.latent.Foreign;
import dev.latent.WaiterList;
import dev.latent.WaiterList.Waiter;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for the end of a task where its handle's awaiter is not alone: a task has none of these, then one.
 *
 * <pre>{@code
 *   null ──▶ the waker of the handle's awaiter ──▶ Joiners       in Task.joiner: whatever is needed, and no more
 *     └───────────────┴──────────────────────────────┴──▶ WOKEN  the end
 * }</pre>
 */
final class Joiners {
    /** Stands where waking has begun: too late to join. */
    static final Object WOKEN = new Object();

    private final WaiterList list;
    private final Waiter handle = new Waiter();

    /** As {@link #WOKEN}, for who has found this before; under the list's lock. */
    private boolean woken;

    /** @param before what stood in its place: null, or the waker of the handle's awaiter */
    Joiners(WaiterList list, @Nullable Object before) {
        this.list = list;
        if (before instanceof Waker waker) {
            add(null, waker);
        }
    }

    /**
     * Adds who waits, or puts its latest waker in place.
     *
     * @param waiter null: the handle's awaiter
     * @return false when it is too late
     */
    boolean add(@Nullable Waiter waiter, Waker waker) {
        list.lock();
        try {
            if (!woken) {
                list.add(waiter == null ? handle : waiter, waker);
            }
            return !woken;
        } finally {
            list.unlock();
        }
    }

    void remove(Waiter waiter) {
        list.lock();
        try {
            list.remove(waiter);
        } finally {
            list.unlock();
        }
    }

    /** Wakes whoever was in {@code joiner}, with {@link #WOKEN} in its place now. */
    static void wake(@Nullable Object joiner, Task<?> task) {
        if (joiner instanceof Joiners all) {
            all.list.lock();
            all.woken = true;
            all.list.unlock();
            all.list.wakeAll();
        } else if (joiner instanceof Waker waker) {
            Foreign.wake(task.home(), waker);
        }
    }
}
