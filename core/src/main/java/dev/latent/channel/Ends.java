package dev.latent.channel;

import dev.latent.Foreign;
import dev.latent.Spawner;
import dev.latent.WaiterList;
import dev.latent.Waker;
import dev.latent.channel.Receiving.WantsMessage;
import dev.latent.task.Deadlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The two ends of a channel: who is there to send and to receive, and what happens when they leave.
 *
 * <p>The last counted sender closes it, as {@code close} does. The last receiver drops it: it is closed, and what is in the queue goes to {@code onUndelivered}. All fields
 * are guarded by the lock of {@link Pipe}; it is a superclass of the channel so that it costs no object.
 */
abstract class Ends<T> extends Pipe<T> {
    private @Nullable Signal closing;

    /** Counted senders and receivers that are open. */
    private @Nullable Handle<T> handles;

    /** Whether one of them was lost when nobody waited for what it would have to do. */
    private boolean anyLost;

    private int openSenders;
    private int openReceivers;

    Ends(Kind kind, int capacity, @Nullable Consumer<? super T> onUndelivered) {
        super(kind, capacity, onUndelivered);
    }

    final void openSender(Handle<T> handle) {
        lock();
        try {
            if (closed) {
                throw refusal();
            }
            openSenders++;
            link(handle);
        } finally {
            unlock();
        }
    }

    /** The last of them closes the channel. */
    final void closeSender(Handle<T> handle) {
        lock();
        boolean closes = unlink(handle) && --openSenders == 0 && !closed;
        closed |= closes; // at once, so that nobody opens one for a channel that is about to close
        unlock();
        if (closes) {
            tellClosed();
        }
    }

    final void openReceiver(Handle<T> handle) {
        lock();
        try {
            if (dropped) {
                throw refusal();
            }
            openReceivers++;
            link(handle);
        } finally {
            unlock();
        }
    }

    /** Who waits for a message from it hears of its end; the last of them drops the channel. Takes no memory. */
    final void closeReceiver(Inbox<T> inbox) {
        boolean last;
        boolean closes = false;
        lock();
        if (!unlink(inbox.handle)) {
            unlock();
            return;
        }
        inbox.closed = true;
        last = --openReceivers == 0;
        if (last) {
            dropped = true;
            closes = !closed;
            closed = true;
        }
        unlock();
        for (Waker waits; (waits = takeReceiver(inbox)) != null; ) {
            Foreign.wake(waits);
        }
        if (closes) {
            tellClosed();
        }
        if (last) {
            for (T rest; (rest = takeRest()) != null; ) {
                undelivered(rest);
            }
        }
    }

    /** {@return who waits by {@code inbox}, which is closed, if anybody does} */
    private @Nullable Waker takeReceiver(Inbox<T> inbox) {
        Waker its = null;
        lock();
        WaiterList.Waiter each = receivers.first();
        while (each != null && ((WantsMessage) each).inbox != inbox) {
            each = receivers.after(each);
        }
        if (each != null) {
            its = receivers.take(each);
            leave((WantsMessage) each);
        }
        unlock();
        return its;
    }

    /** {@return a message that nobody will receive, since this is dropped, if there is one} */
    private @Nullable T takeRest() {
        lock();
        T rest = count() > 0 ? dequeue() : null;
        unlock();
        return rest;
    }

    final void closeSending() {
        lock();
        boolean closes = !closed;
        closed = true;
        unlock();
        if (closes) {
            tellClosed();
        }
    }

    /** Wakes those whose wait has come to nothing: senders, at the end receivers, and who waits for just this. */
    private void tellClosed() {
        while (true) {
            lock();
            Waker waker = takeSender();
            boolean over = hasRunOut();
            Signal signal = closing;
            unlock();
            if (waker == null) {
                if (signal != null) {
                    signal.fire();
                }
                received(null, over);
                return;
            }
            Foreign.wake(waker);
        }
    }

    private void link(Handle<T> handle) {
        handle.next = handles;
        if (handles != null) {
            handles.previous = handle;
        }
        handles = handle;
        handle.open = true;
    }

    private boolean unlink(Handle<T> handle) {
        if (!handle.open) {
            return false;
        }
        handle.open = false;
        if (handle.next != null) {
            handle.next.previous = handle.previous;
        }
        if (handle.previous != null) {
            handle.previous.next = handle.next;
        } else {
            handles = handle.next;
        }
        handle.clear();
        return true;
    }

    /** {@return whether somebody waits for what the holder of {@code handle}, who is gone, would have to do} If not, it is asked again as somebody does. */
    final boolean isMissed(Handle<T> handle) {
        lock();
        try {
            boolean waits = handle.sends ? receivers.first() != null : senders != null && senders.first() != null;
            if (handle.open && !waits) {
                handle.lost = true;
                anyLost = true;
            }
            return handle.open && waits;
        } finally {
            unlock();
        }
    }

    @Override
    final void reportLost(Spawner spawner) {
        if (!anyLost) { // without the lock: who waits since before it was lost is seen by who finds it
            return;
        }
        List<Handle<T>> told = new ArrayList<>();
        lock();
        try {
            for (Handle<T> each = handles; each != null; each = each.next) {
                if (each.lost) {
                    told.add(each);
                }
            }
            told.forEach(each -> each.lost = false);
            anyLost = false;
        } finally {
            unlock();
        }
        told.forEach(each -> each.report(spawner));
    }

    // ---- in words --------------------------------------------------------------------------------------------------

    /** {@return what a receiver that waits has to wait for} */
    final String forReceiver() {
        if (isForeign()) {
            return "";
        }
        int count;
        int counted;
        List<Waker> waiting;
        lock();
        try {
            count = count();
            counted = openSenders;
            waiting = waiting(senders);
        } finally {
            unlock();
        }
        return (count == 0 ? ", which is empty" : ", which has " + count + " for others")
                + (counted == 0 ? "" : "; counted senders: " + counted)
                + (waiting.isEmpty() ? "" : "; waiting to send: " + Deadlocks.named(waiting));
    }

    /** {@return what a sender that waits has to wait for} */
    final String forSender() {
        if (isForeign()) {
            return "";
        }
        int count;
        int lent;
        int counted;
        List<Waker> received = new ArrayList<>();
        lock();
        try {
            count = count();
            lent = permits();
            counted = openReceivers;
            for (Handle<T> each = handles; each != null; each = each.next) {
                if (each.lastToWait != null) {
                    received.add(each.lastToWait);
                }
            }
        } finally {
            unlock();
        }
        return ", which has " + count + (lent == 0 ? "" : ", and " + lent + " permits out") + "; receivers: " + counted
                + (received.isEmpty() ? "" : ", last waited for by " + Deadlocks.named(received));
    }

    private static List<Waker> waiting(@Nullable WaiterList list) {
        List<Waker> wakers = new ArrayList<>();
        if (list != null) {
            list.forEach(waiter -> wakers.add(waiter.waker()));
        }
        return wakers;
    }

    /** {@return what fires as nothing can be sent any more; null: that is so already} */
    final @Nullable Signal closing() {
        lock();
        try {
            if (closing == null && !closed) {
                closing = new Signal();
            }
            return closed ? null : closing;
        } finally {
            unlock();
        }
    }

    /** {@return whether {@code inbox} will never give a message any more} */
    final boolean hasEnded(Inbox<T> inbox) {
        lock();
        boolean now = inbox.closed || hasRunOut();
        unlock();
        return now;
    }

    /** {@return whether nothing can be sent any more} */
    public final boolean isClosed() {
        lock();
        boolean now = closed;
        unlock();
        return now;
    }

    /** {@return how many messages are there to be received} */
    final int size() {
        lock();
        int now = count();
        unlock();
        return now;
    }
}
