package dev.latent.runtime;

import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for the end of a task: nothing, one waker (the handle's), or a list in which every waiting future has one place,
 * under its key. Immutable, so that a shared task exchanges it by CAS.
 *
 * @param key the future that waits
 * @param waker of its latest poll
 */
record Joiners(Object key, Waker waker, @Nullable Joiners next) {
    /** Stands where waking has begun: too late to join. */
    static final Object WOKEN = new Object();

    /** {@return {@code before} with {@code waker} in the place of {@code key}} */
    static Object with(@Nullable Object before, Task<?> task, Object key, Waker waker) {
        if (key == task && (before == null || before instanceof Waker)) {
            return waker;
        }
        Joiners list = before instanceof Waker w ? new Joiners(task, w, null) : (Joiners) before;
        return new Joiners(key, waker, without(list, key));
    }

    private static @Nullable Joiners without(@Nullable Joiners list, Object key) {
        if (list == null) {
            return null;
        }
        return list.key == key ? list.next : new Joiners(list.key, list.waker, without(list.next, key));
    }

    static void wake(@Nullable Object joiner, Task<?> task) {
        try {
            if (joiner instanceof Waker waker) {
                waker.wake();
            } else {
                for (Joiners j = (Joiners) joiner; j != null; j = j.next) {
                    j.waker.wake();
                }
            }
        } catch (Throwable t) { // against its contract
            task.report("waking who waits for " + task, t);
        }
    }
}
