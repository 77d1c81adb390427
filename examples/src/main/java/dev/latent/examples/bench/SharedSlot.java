package dev.latent.examples.bench;

import dev.latent.Context;
import dev.latent.Waker;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A slot between two tasks that may run at the same time: one sender, one receiver.
 *
 * <p>Who finds nothing to do first leaves its waker, then looks once more; the other first changes {@link #value}, then takes the waker.
 * All four are volatile, so that at least one of the two sees what the other did. A wake too many only makes a task look again.
 *
 * <pre>{@code
 *   field      written by                                  read by
 *   value      put: null → value; take: value → null       both
 *   closed     close, after which the sender is silent      take, after value
 *   sender     put: its waker; take: to null, and wakes     take
 *   receiver   take: its waker; put and close: to null      put, close
 * }</pre>
 */
final class SharedSlot<T> extends Slot<T> {
    private final AtomicReference<@Nullable T> value = new AtomicReference<>();
    private final AtomicReference<@Nullable Waker> sender = new AtomicReference<>();
    private final AtomicReference<@Nullable Waker> receiver = new AtomicReference<>();
    private volatile boolean closed;

    @Override
    void close() {
        closed = true;
        wake(receiver);
    }

    @Override
    boolean put(T sent, Context cx) {
        if (value.get() != null) {
            sender.set(cx.waker());
            if (value.get() != null) {
                return false;
            }
        }
        value.set(sent);
        wake(receiver);
        return true;
    }

    @Override
    @Nullable
    T take(Context cx) {
        T received = value.get();
        if (received == null) {
            receiver.set(cx.waker());
            received = value.get();
            if (received == null) {
                return null;
            }
        }
        value.set(null);
        wake(sender);
        return received;
    }

    private static void wake(AtomicReference<@Nullable Waker> waiting) {
        // Most often nobody waits, and a read costs less than an exchange.
        Waker waker = waiting.get() == null ? null : waiting.getAndSet(null);
        if (waker != null) {
            waker.wake();
        }
    }

    /** Asked after {@link #take} found nothing and left its waker, which is why a close is not missed. */
    @Override
    boolean isClosed() {
        return closed && value.get() == null;
    }

    @Override
    void forgetSender() {
        sender.set(null);
    }

    @Override
    void forgetReceiver() {
        receiver.set(null);
    }
}
