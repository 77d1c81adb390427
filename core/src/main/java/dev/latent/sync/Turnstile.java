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
 * <tr><td>permits in {@code word}</td><td>any: to add; to take, if not QUEUED</td><td>atomic; to take while QUEUED, the line's lock</td></tr>
 * <tr><td>QUEUED, CLOSED</td><td>any</td><td>the line's lock, and atomic</td></tr>
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

    /** {@return whether there is a permit for whoever comes now}: what a give has added while somebody waits is theirs, and not yet in their hands */
    final boolean isOpen() {
        long w = word;
        return (w & QUEUED) == 0 && w >>> SHIFT != 0;
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
                entry.tell(Entry.TOLD_ALL);
                break;
            }
            if (w >>> SHIFT >= entry.wants && (first || (w & QUEUED) == 0)) {
                if (WORD.compareAndSet(this, w, w - (entry.wants << SHIFT))) {
                    entry.tell(Entry.TOLD);
                    break;
                }
            } else if ((w & QUEUED) != 0 || WORD.compareAndSet(this, w, w | QUEUED)) {
                if (first) {
                    list.addFirst(entry, waker);
                } else {
                    list.add(entry, waker);
                }
                break;
            }
            w = word;
        }
        boolean waits =
                entry.told() == Entry.WAITS; // under the lock: who is told from now on is woken, and polled again
        list.unlock();
        return waits;
    }

    /** Edge 4: {@code entry} waits no more, or gives back what it was handed. */
    @Override
    final void leave(Entry entry) {
        list.lock();
        long back = 0;
        if (!list.remove(entry) && entry.told() == Entry.TOLD) {
            back = entry.wants;
            returned(entry);
        }
        Entry told = serve(back);
        list.unlock();
        wake(told);
    }

    // ---- giving ----------------------------------------------------------------------------------------------------

    /** Edges 1' and 3. */
    final void give(long n) {
        long left = n;
        if ((word & QUEUED) == 0) {
            long before = (long) WORD.getAndAdd(this, n << SHIFT);
            if ((before & QUEUED) == 0) {
                return;
            }
            left = 0; // somebody began to wait in between, and has to be served
        }
        list.lock();
        Entry told = serve(left);
        list.unlock();
        wake(told);
    }

    /** Under the lock: hands out {@code n} and what there is, {@return to whom}; what goes from hand to hand is not written into the word. */
    private @Nullable Entry serve(long n) {
        long w = word;
        long left = (w >>> SHIFT) + n;
        long before = left;
        Entry head = null;
        Entry tail = null;
        Entry entry = first();
        while (entry != null && left >= entry.wants) {
            left -= entry.wants;
            tell(entry, Entry.TOLD);
            handed(entry, left == 0);
            if (tail == null) {
                head = entry;
            } else {
                tail.behind = entry;
            }
            tail = entry;
            entry = first();
        }
        long change = (n - (before - left) << SHIFT) - (entry == null ? w & QUEUED : 0);
        if (change != 0) {
            WORD.getAndAdd(this, change);
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

    /** Under the lock: {@code entry} has its permits, and has not been polled since; {@code last}: none are left. */
    void handed(Entry entry, boolean last) {}

    /** Under the lock: {@code entry} has given back what it was handed. */
    void returned(Entry entry) {}
}
