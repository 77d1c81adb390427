package dev.latent.sync;

import dev.latent.Waker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Permits, and who waits for some of them: what semaphores, mutexes and locks of readers and writers are made of.
 *
 * <p><b>Strictly first come, first served.</b> Who finds enough permits and nobody waiting takes them, with one atomic instruction. As long
 * as anybody waits, nobody else takes any: what is given goes to who is first, if it is enough for that one, else it is kept until it is.
 * So one that wants many is not overtaken for ever by others that want few. What has been handed over belongs to the waiter though it has
 * not been polled since; its drop gives it back, and that serves the next.
 *
 * <p><b>The word</b> says how many permits there are, and two things more:
 *
 * <pre>
 *                    2 wait                                     1 tryTake: CAS, permits - n     1' give: CAS, permits + n
 *    open ──────────────────────▶ QUEUED                        2 the first who waits
 *    1, 1'  ◀──────────────────── 3, 4                          3 give, leave: under the lock; hands to as many as it is enough for
 *     │        4 none is left       │                           5 close: everybody who waits is told
 *     │ 5                           │ 5
 *     └─────────▶ CLOSED ◀──────────┘   permits are still given back
 * </pre>
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>guard</th></tr>
 * <tr><td>{@code word}, not QUEUED</td><td>any</td><td>CAS</td></tr>
 * <tr><td>{@code word}, QUEUED</td><td>any</td><td>the line's lock; atomic all the same, for those who just look</td></tr>
 * </table>
 *
 * <p><em>Memory effects:</em> what happened before a give is visible to whoever gets those permits: by the word, or by the lock and the
 * wake.
 */
class Turnstile extends Line {
    private static final long QUEUED = 1;
    private static final long CLOSED = 2;
    private static final int SHIFT = 2;

    /** More than anybody has. */
    static final long MOST = Long.MAX_VALUE >> SHIFT;

    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Turnstile.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long word;

    Turnstile(long permits) {
        word = permits << SHIFT;
    }

    // ---- what is so now --------------------------------------------------------------------------------------------

    final long permits() {
        return word >>> SHIFT;
    }

    final boolean isClosed() {
        return (word & CLOSED) != 0;
    }

    final boolean hasQueue() {
        return (word & QUEUED) != 0;
    }

    // ---- taking ----------------------------------------------------------------------------------------------------

    /** Edge 1: {@return whether it has {@code n} permits now} */
    final boolean tryTake(long n) {
        long w = word;
        while ((w & (QUEUED | CLOSED)) == 0 && w >>> SHIFT >= n) {
            if (WORD.compareAndSet(this, w, w - (n << SHIFT))) {
                return true;
            }
            w = word;
        }
        return false;
    }

    /**
     * Edge 2: {@return whether {@code entry} waits now}; otherwise it has its permits, or has been told of the close
     *
     * @param first it comes before all who wait, and takes what is there though they do
     */
    final boolean waits(Entry entry, Waker waker, boolean first) {
        list.lock();
        long w = word;
        while (true) {
            if ((w & CLOSED) != 0) {
                entry.told = Entry.TOLD_ALL;
                break;
            }
            boolean takes = w >>> SHIFT >= entry.wants && (first || (w & QUEUED) == 0);
            long next = takes ? w - (entry.wants << SHIFT) : w | QUEUED;
            if (WORD.compareAndSet(this, w, next)) {
                if (takes) {
                    entry.told = Entry.TOLD;
                } else if (first) {
                    list.addFirst(entry, waker);
                } else {
                    list.add(entry, waker);
                }
                break;
            }
            w = word;
        }
        list.unlock();
        return entry.told == Entry.WAITS;
    }

    /** Edge 4: {@code entry} waits no more, or gives back what it was handed. */
    final void leave(Entry entry) {
        list.lock();
        if (!list.remove(entry)) {
            if (entry.told == Entry.TOLD) {
                WORD.getAndAdd(this, entry.wants << SHIFT);
                returned(entry);
            } else {
                list.unlock();
                return;
            }
        }
        Entry told = serve();
        list.unlock();
        wake(told);
    }

    // ---- giving ----------------------------------------------------------------------------------------------------

    /** Edges 1' and 3. */
    final void give(long n) {
        long w = word;
        while ((w & QUEUED) == 0) {
            if (WORD.compareAndSet(this, w, w + (n << SHIFT))) {
                return;
            }
            w = word;
        }
        list.lock();
        WORD.getAndAdd(this, n << SHIFT);
        Entry told = serve();
        list.unlock();
        wake(told);
    }

    /** Under the lock: hands out what there is, {@return to whom} */
    private @Nullable Entry serve() {
        Entry head = null;
        Entry tail = null;
        Entry entry = first();
        while (entry != null && permits() >= entry.wants) {
            WORD.getAndAdd(this, -(entry.wants << SHIFT));
            tell(entry, Entry.TOLD);
            handed(entry);
            if (tail == null) {
                head = entry;
            } else {
                tail.behind = entry;
            }
            tail = entry;
            entry = first();
        }
        if (entry == null) {
            WORD.getAndBitwiseAnd(this, ~QUEUED);
        }
        return head;
    }

    /** Edge 5. */
    final void close() {
        list.lock();
        WORD.getAndBitwiseOr(this, CLOSED);
        Entry told = tellAll(Entry.TOLD_ALL);
        WORD.getAndBitwiseAnd(this, ~QUEUED);
        list.unlock();
        wake(told);
    }

    /** Under the lock: {@code entry} has its permits, and has not been polled since. */
    void handed(Entry entry) {}

    /** Under the lock: {@code entry} has given back what it was handed. */
    void returned(Entry entry) {}
}
