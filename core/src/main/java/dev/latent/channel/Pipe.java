package dev.latent.channel;

import dev.latent.Foreign;
import dev.latent.Spawner;
import dev.latent.WaiterList;
import dev.latent.Waker;
import dev.latent.channel.Receiving.WantsMessage;
import dev.latent.channel.Sending.WantsPlaces;
import dev.latent.internal.OneThread;
import dev.latent.internal.Undelivered;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What stands between senders and receivers: one machine for every kind of channel, which differ only in how many places there are.
 *
 * <p><b>A message always goes through the queue</b>, never into one who waits. Who waits is told that there is a place, or a message, <em>for
 * it</em>; that is kept until it comes, and goes on to the next if it is dropped before. So a send has its value until it is ready, a drop loses
 * nothing, and who waits is served in order, whoever comes by meanwhile.
 *
 * <pre>
 *   a sender    ── 1 waits ──▶ WAITING ── 2 granted ──▶ GRANTED ── 3 polled ──▶ its message is in the queue, or it has a permit
 *                                 │                        │
 *                                 └──── 4 dropped ─────────┴─▶ its places are free again, and granted to the next
 *
 *   a receiver  ── 5 waits ──▶ WAITING ── 6 told ─────▶ PROMISED ─ 7 polled ──▶ it has taken the oldest message
 *                                 │                        │
 *                                 └──── 8 dropped ─────────┴─▶ the message is free again, and promised to the next
 * </pre>
 *
 * <p><b>Places</b> are the ones free for a sender who comes now. A bounded channel begins with its capacity, one that is unbounded or drops
 * messages with more than there is memory for, a rendezvous with none: there each receiver that waits, until it is served or goes, is a place. A message
 * in the queue, a grant and a permit take one each. The number is below zero for a moment after a message has been put back.
 *
 * <p><b>What is always so</b>, whenever the lock is free: if a sender waits, the first of them wants more places than there are; if a receiver
 * waits, each message in the queue is promised to another. Whoever changes the numbers grants and tells under the same lock, at least the first, and goes
 * on with the next when it has woken that one.
 *
 * <p><b>The end</b>, which {@link Ends} brings about. A channel that is {@code closed} lets messages and permits through, and fails senders that wait, granted or not; it
 * has run out when no message and no permit is left. When it is {@code dropped} nothing gets through any more.
 *
 * <p>All fields are guarded by the lock of {@link #receivers}, which is taken once in each operation that need not wait. Wakes, and whatever else is foreign, are
 * called after it.
 */
abstract class Pipe<T> extends Messages<T> {
    final WaiterList receivers;

    /** The thread of a local channel, whose lock is only a check; else null. */
    private final @Nullable Object own;

    /** Under the same lock. Null until a sender has waited. */
    @Nullable
    WaiterList senders;

    private final @Nullable Consumer<? super T> onUndelivered;
    final Kind kind;
    final int capacity;
    private int places;

    /** Places of permits that are out. */
    private int permits;

    /** Receivers that were told and have not come. */
    private int promised;

    boolean closed;
    boolean dropped;

    Pipe(Kind kind, int capacity, @Nullable Consumer<? super T> onUndelivered) {
        boolean local = kind == Kind.LOCAL;
        this.own = local ? OneThread.now() : null;
        this.receivers = local ? WaiterList.local() : WaiterList.create();
        this.kind = kind;
        this.capacity = capacity;
        this.onUndelivered = onUndelivered;
        this.places = kind.isBounded() || kind == Kind.RENDEZVOUS ? capacity : Integer.MAX_VALUE;
    }

    final void lock() {
        if (own != null) {
            OneThread.check(own, this);
        }
        receivers.lock();
    }

    final void unlock() {
        receivers.unlock();
    }

    /** {@return whether this is for another thread alone} */
    final boolean isForeign() {
        return own != null && own != OneThread.now();
    }

    /** {@return places of permits that are out; under the lock} */
    final int permits() {
        return permits;
    }

    // ---- for who had better make a future: looks without the lock, and may be wrong
    // ----------------------------------

    final boolean seemsFull() {
        return places <= 0;
    }

    final boolean seemsEmpty() {
        return count() <= promised;
    }

    // ---- what needs no wait: the lock once, and whom it concerns is woken -------------------------------------------

    /** {@return SENT: the message is the channel's} */
    final Sent offer(T message) {
        Waker told;
        T overflow;
        lock();
        try {
            Sent sent = claimPlaces(null, 1);
            if (sent != Sent.SENT) {
                return sent;
            }
            try {
                overflow = enqueue(message);
            } catch (Throwable noMemory) {
                returnPlaces(1);
                throw noMemory;
            }
            told = tell();
        } finally {
            unlock();
        }
        sent(told, overflow);
        return Sent.SENT;
    }

    /** {@return the oldest message that is promised to nobody, or null} */
    final @Nullable T poll(Inbox<T> inbox) {
        T message;
        Waker granted;
        boolean over;
        lock();
        try {
            if (count() <= promised || inbox.closed) {
                return null;
            }
            message = dequeue();
            granted = grant();
            over = hasRunOut();
        } finally {
            unlock();
        }
        received(granted, over);
        return message;
    }

    /** Wakes who has a message now, and lets go of the one that had to make room. */
    final void sent(@Nullable Waker told, @Nullable T overflow) {
        if (told != null) {
            Foreign.wake(told);
        }
        if (overflow != null) {
            undelivered(overflow);
        }
    }

    /** Wakes who has a place now and, at the end, all who wait for a message. */
    final void received(@Nullable Waker granted, boolean over) {
        if (granted != null) {
            Foreign.wake(granted);
        }
        if (over) {
            receivers.wakeAll();
        }
    }

    /** Where more than one place may have become free: grants as long as there is one to whom it can. */
    final void grantAll() {
        while (true) {
            lock();
            Waker granted = grant();
            unlock();
            if (granted == null) {
                return;
            }
            Foreign.wake(granted);
        }
    }

    /**
     * A message that was taken, and reached nobody, stands where it stood, before all that were not taken; where it can't, it is undelivered. Never throws.
     */
    final void putBack(T message, long number) {
        Waker told = null;
        lock();
        boolean back = !dropped && !(kind == Kind.DROP_OLDEST && count() >= capacity);
        if (back) {
            try {
                addBack(message, number);
                places--;
                told = tell();
            } catch (Throwable noMemory) {
                back = false;
            }
        }
        unlock();
        sent(told, back ? null : message);
    }

    // ---- under the lock: senders ------------------------------------------------------------------------------------

    /** Edge 3, or none where nobody is in the way: {@return SENT: the caller has the places, to fill them or to keep} */
    final Sent claimPlaces(@Nullable WantsPlaces who, int wanted) {
        if (closed) {
            return Sent.CLOSED;
        }
        if (who != null && who.granted) {
            who.granted = false;
            return Sent.SENT;
        }
        if (places < wanted || senders != null && senders.first() != null) {
            return Sent.FULL;
        }
        places -= wanted;
        return Sent.SENT;
    }

    /** Edge 1. */
    final void waitForPlaces(WantsPlaces who, Waker waker) {
        if (senders == null) {
            senders = WaiterList.unlocked();
        }
        senders.add(who, waker);
    }

    /** Edge 2: {@return whom to wake, if anybody} */
    final @Nullable Waker grant() {
        if (senders == null || !(senders.first() instanceof WantsPlaces first) || places < first.wanted || closed) {
            return null;
        }
        places -= first.wanted;
        first.granted = true;
        return senders.take(first);
    }

    /** After the close: {@return who waits in vain, if anybody does} */
    final @Nullable Waker takeSender() {
        WaiterList list = senders;
        WaiterList.Waiter first = list == null ? null : list.first();
        return list == null || first == null ? null : list.take(first);
    }

    /** Places that were claimed, and can't be used, are free again. Where the caller has waited for them, to be followed by {@link #grantAll}. */
    final void returnPlaces(int claimed) {
        places += claimed;
    }

    /** Edge 4, to be followed by {@link #grantAll}. */
    final void leave(WantsPlaces who) {
        if (who.granted) {
            who.granted = false;
            places += who.wanted;
        } else if (senders != null) {
            senders.remove(who);
        }
    }

    /**
     * Fills a place that the caller has.
     *
     * @return the message that had to make room, or null
     * @throws OutOfMemoryError with nothing changed: the place is the caller's still
     */
    final @Nullable T enqueue(T message) {
        T overflow = null;
        if (kind.drops() && count() >= capacity) {
            if (kind == Kind.DROP_LATEST) {
                places++;
                return message;
            }
            overflow = dequeue();
        }
        addLast(message);
        return overflow;
    }

    // ---- under the lock: receivers ----------------------------------------------------------------------------------

    /** Edge 7, or none where nobody is in the way: {@return whether the oldest message is for the caller to take} */
    final boolean claimMessage(@Nullable WantsMessage who) {
        boolean mine = count() > promised || who != null && who.promised;
        if (mine && who != null) {
            leave(who);
        }
        return mine;
    }

    /** Edge 5. */
    final void waitForMessage(WantsMessage who, Waker waker) {
        receivers.add(who, waker);
        if (kind == Kind.RENDEZVOUS && !who.isPlace) {
            who.isPlace = true;
            places++;
        }
    }

    /** Edge 6: {@return whom to wake, if anybody} */
    final @Nullable Waker tell() {
        if (count() <= promised || !(receivers.first() instanceof WantsMessage first)) {
            return null;
        }
        promised++;
        first.promised = true;
        return receivers.take(first);
    }

    /** Edge 8, to be followed by {@link #tell}. */
    final void leave(WantsMessage who) {
        if (who.promised) {
            who.promised = false;
            promised--;
        } else {
            receivers.remove(who);
        }
        if (who.isPlace) {
            who.isPlace = false;
            places--;
        }
    }

    /** Takes a message that is the caller's. */
    final T dequeue() {
        places++;
        return removeFirst();
    }

    /** {@return how many more messages a receiver may take} */
    final int unpromised() {
        return count() - promised;
    }

    /** {@return whether nothing will ever be received any more} */
    final boolean hasRunOut() {
        return closed && count() == 0 && permits == 0;
    }

    // ---- permits ----------------------------------------------------------------------------------------------------

    /** Under the lock: the caller keeps places that it has. */
    final void lend(int count) {
        permits += count;
    }

    /** {@return whether the message is the channel's}; a place of the permit is used up in any case. */
    final boolean sendLent(T message) {
        Waker told;
        T overflow;
        lock();
        try {
            if (dropped) {
                permits--;
                return false;
            }
            overflow = enqueue(message);
            permits--;
            told = tell();
        } finally {
            unlock();
        }
        sent(told, overflow);
        return true;
    }

    /** {@return whether a place is lent now, without a wait} */
    final boolean borrow() {
        lock();
        try {
            boolean has = claimPlaces(null, 1) == Sent.SENT;
            if (has) {
                lend(1);
            }
            return has;
        } finally {
            unlock();
        }
    }

    final void giveBack(int count) {
        lock();
        permits -= count;
        places += count;
        boolean over = hasRunOut();
        unlock();
        received(null, over);
        grantAll();
    }

    /** Tells who polls for {@code spawner}, and waits, of handles of this that were lost before. */
    abstract void reportLost(Spawner spawner);

    /** {@return why nothing can be sent any more} */
    final ChannelClosedException refusal() {
        return dropped
                ? new ChannelClosedException("the last receiver of " + this + " has closed")
                : new ChannelClosedException(this);
    }

    /** A message that nobody receives. Never throws. */
    final void undelivered(T message) {
        Undelivered.give(onUndelivered, message, this);
    }

    @Override
    public final String toString() {
        return kind.name(capacity);
    }
}
