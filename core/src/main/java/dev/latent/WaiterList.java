package dev.latent;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for the same thing, in the order in which they came: what locks, channels and other meeting points are built on.
 *
 * <p><b>Entries are intrusive.</b> A waiter is its own place in the list, so it is added and removed in constant time and without
 * an allocation; whoever waits makes its {@link Waiter} when it is first pending, and removes it as it is dropped.
 *
 * <p><b>The lock</b> is the list's own, for a few instructions at a time: a primitive may keep its state under it, so that to find
 * nothing and to wait is one step. Nothing foreign is called under it. {@link #wakeFirst()} and {@link #wakeAll()} take waiters out under the
 * lock and wake them outside, one by one; so no waker can deadlock with the list, and a waker that throws keeps nobody from being
 * woken. In the order of locks it is the last: under it no other is taken. Two goals compete: to wait without burning a processor,
 * and to pay nothing where nobody is in the way. Sections are short, so whoever finds it taken pauses, longer each time, and then gives its time slice away. The pauses
 * let the other go on for a while with all that the lock guards in its own cache; to try at once, again and again, takes it from there each time.
 *
 * <pre>
 *            1 add                  2 take (by whoever wakes): it was told
 *   outside ───────▶ WAITING ──────▶ outside
 *      ▲                │
 *      └── 3 remove ────┘  false where 2 was faster: then the wake is this waiter's to use, or to hand on
 * </pre>
 *
 * <p><b>Fair.</b> Each add draws a ticket, and the list stands in the order of tickets. {@code wakeAll} tells those who had one when it
 * was called; who waits again meanwhile, perhaps in the very call of its waker, has a later one and is not told twice.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>written by</th><th>read by</th><th>guard</th></tr>
 * <tr><td>{@code held}</td><td colspan="2">any</td><td>CAS to take, release to leave; plain where {@link #local}</td></tr>
 * <tr><td>all others, those of the waiters too</td><td colspan="2">any</td><td>{@code held}</td></tr>
 * </table>
 */
public final class WaiterList {
    /** How long to pause before the next try, in spins: at first, about a section, and at most. */
    private static final int FIRST_PAUSE = 32;

    private static final int LONGEST_PAUSE = 256;

    /** Tries before the time slice is given away. */
    private static final int TRIES = 20;

    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(WaiterList.class, "held", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** One who waits. May be extended by what a primitive wants to know of it, under the list's lock. */
    public static class Waiter {
        @Nullable
        Waker waker;

        /** In the first, the last. Null outside a list. */
        @Nullable
        Waiter previous;

        @Nullable
        Waiter next;

        long ticket;

        /** For one that waits. */
        public Waiter() {}

        /** {@return whether it is in its list; under the list's lock} */
        public final boolean isWaiting() {
            return previous != null;
        }

        /** {@return what wakes it while it waits; under the list's lock} */
        public final @Nullable Waker waker() {
            return waker;
        }
    }

    private final boolean local;
    private @Nullable Waiter first;
    private long tickets;
    private boolean held;

    private WaiterList(boolean local, boolean held) {
        this.local = local;
        this.held = held;
    }

    /** {@return an empty list for any threads} */
    public static WaiterList create() {
        return new WaiterList(false, false);
    }

    /** {@return an empty list that is only ever used by one thread at a time: its lock costs nothing} */
    public static WaiterList local() {
        return new WaiterList(true, false);
    }

    /**
     * {@return an empty list that has no lock, but stands under that of another one} Whoever uses it holds that; what takes the lock itself can't
     * be called.
     */
    public static WaiterList unlocked() {
        return new WaiterList(true, true);
    }

    // ---- the lock ---------------------------------------------------------------------------------------------------

    /** Takes the lock, which is not reentrant. What follows is short, calls nothing foreign, and ends in {@link #unlock} whatever happens. */
    public void lock() {
        if (local) {
            assert !held : "a local list is in use already";
            held = true;
            return;
        }
        if (!HELD.compareAndSet(this, false, true)) {
            lockAfterOthers();
        }
    }

    private void lockAfterOthers() {
        int pause = FIRST_PAUSE;
        for (int tries = 0; ; tries++) {
            for (int i = 0; i < pause; i++) {
                Thread.onSpinWait();
            }
            if (tries >= TRIES) {
                Thread.yield();
            }
            if (!(boolean) HELD.getOpaque(this) && HELD.compareAndSet(this, false, true)) {
                return;
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
    }

    /** Leaves the lock. */
    public void unlock() {
        assert held : "unlocked without a lock";
        if (local) {
            held = false;
        } else {
            HELD.setRelease(this, false);
        }
    }

    // ---- under the lock ---------------------------------------------------------------------------------------------

    /** Edge 1: {@code waiter} waits at the end; one that waits already keeps its place, and has another waker. */
    public void add(Waiter waiter, Waker waker) {
        assert held;
        waiter.waker = waker;
        if (waiter.isWaiting()) {
            return;
        }
        waiter.ticket = ++tickets;
        Waiter head = first;
        if (head == null) {
            first = waiter;
            waiter.previous = waiter;
        } else {
            Waiter last = Objects.requireNonNull(head.previous);
            last.next = waiter;
            waiter.previous = last;
            head.previous = waiter;
        }
    }

    /** Edge 1, at the front: {@code waiter}, which does not wait yet, is before all others, and as old as the oldest of them. */
    public void addFirst(Waiter waiter, Waker waker) {
        Waiter head = first;
        if (head == null) {
            add(waiter, waker);
            return;
        }
        assert held && !waiter.isWaiting();
        waiter.waker = waker;
        waiter.ticket = head.ticket;
        waiter.previous = head.previous;
        waiter.next = head;
        head.previous = waiter;
        first = waiter;
    }

    /** {@return whether it was still waiting; otherwise it has been told, or was never there} Edge 3. */
    public boolean remove(Waiter waiter) {
        assert held;
        if (!waiter.isWaiting()) {
            return false;
        }
        unlink(waiter);
        return true;
    }

    /** {@return who has waited longest, or null} It stays where it is. */
    public @Nullable Waiter first() {
        assert held;
        return first;
    }

    /** {@return who came after {@code waiter}, which waits, or null} */
    public @Nullable Waiter after(Waiter waiter) {
        assert held && waiter.isWaiting();
        return waiter.next;
    }

    /** Shows those who wait, in order, to {@code look}, which changes nothing. */
    public void forEach(Consumer<? super Waiter> look) {
        assert held;
        for (Waiter waiter = first; waiter != null; waiter = waiter.next) {
            look.accept(waiter);
        }
    }

    /**
     * Edge 2: takes {@code waiter}, which waits, out of the list.
     *
     * @return its waker, to be woken after {@link #unlock}
     */
    public Waker take(Waiter waiter) {
        assert held && waiter.isWaiting();
        Waker waker = Objects.requireNonNull(waiter.waker);
        unlink(waiter);
        return waker;
    }

    private void unlink(Waiter waiter) {
        Waiter previous = Objects.requireNonNull(waiter.previous);
        Waiter next = waiter.next;
        if (waiter == first) {
            first = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        } else if (first != null) {
            first.previous = previous;
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.waker = null;
    }

    // ---- without it -------------------------------------------------------------------------------------------------

    /** {@return false when nobody waits} Tells who has waited longest. Never throws. */
    public boolean wakeFirst() {
        return wakeFirst(Long.MAX_VALUE);
    }

    /** Tells all who wait now, in order. Never throws. */
    public void wakeAll() {
        lock();
        long last = tickets;
        unlock();
        while (wakeFirst(last)) {}
    }

    private boolean wakeFirst(long lastTicket) {
        lock();
        Waiter waiter = first;
        if (waiter == null || waiter.ticket > lastTicket) {
            unlock();
            return false;
        }
        Waker waker = take(waiter);
        unlock();
        Foreign.wake(waker);
        return true;
    }
}
