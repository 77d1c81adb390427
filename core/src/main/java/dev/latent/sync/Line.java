package dev.latent.sync;

import dev.latent.Foreign;
import dev.latent.WaiterList;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/**
 * A queue of those who wait, at whose lock a primitive of this package decides who goes on.
 *
 * <p>Whoever decides <em>tells</em> entries, one or many, under the lock, in one step, and wakes them when it has left it. Told entries
 * hang together by {@link Entry#behind}, so that to tell takes no memory; nobody changes that link afterwards.
 *
 * <pre>
 *           1 enter                      2 tell                        3 the future's next poll
 *   (none) ─────────▶ WAITS, in the list ──────▶ TOLD or TOLD_ALL, out ─────────▶ ready, or it throws
 *                          │                            │
 *                          │ 4 leave                    │ 4 leave: what it was told is given back
 *                          ▼                            ▼
 *                        gone                         gone
 * </pre>
 */
class Line {
    /** Nobody {@linkplain Entry#wants wants} so many. */
    private static final long NO_MARK = -1;

    final WaiterList list = WaiterList.create();

    /**
     * {@return whether {@code entry} still waits, now with {@code waker}} Decided under the lock, so that of those who are told in one step
     * none is seen without the others.
     */
    final boolean stays(Entry entry, Waker waker) {
        list.lock();
        boolean waits = entry.told() == Entry.WAITS;
        if (waits) {
            list.add(entry, waker);
        }
        list.unlock();
        return waits;
    }

    /** Edge 4, where nothing is given. */
    void leave(Entry entry) {
        list.lock();
        list.remove(entry);
        list.unlock();
    }

    /** {@return who waits first, or null; under the lock} */
    final @Nullable Entry first() {
        return (Entry) list.first();
    }

    /** Edge 2, under the lock. */
    final void tell(Entry entry, int what) {
        entry.wakes = list.take(entry);
        entry.tell(what);
    }

    /** Edge 2 for all, under the lock: {@return them, for {@link #wake}} */
    final @Nullable Entry tellAll(int what) {
        return tellUntil(NO_MARK, what);
    }

    /** As {@link #tellAll}, of those that stand before the first whose {@link Entry#wants} is {@code mark}. */
    final @Nullable Entry tellUntil(long mark, int what) {
        Entry head = firstUntil(mark);
        for (Entry entry = head; entry != null; entry = entry.behind) {
            tell(entry, what);
            entry.behind = firstUntil(mark);
        }
        return head;
    }

    private @Nullable Entry firstUntil(long mark) {
        Entry entry = first();
        return entry == null || entry.wants == mark ? null : entry;
    }

    /** Wakes those who were told, without the lock. Never throws. */
    static void wake(@Nullable Entry told) {
        for (Entry entry = told; entry != null; entry = entry.behind) {
            Foreign.wake(entry.wakes);
        }
    }
}
